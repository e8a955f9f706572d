/** The base of all elements: light DOM, redrawn on the session's changes; `onFrame` for what moves. */

import { LitElement } from "lit";
import { words } from "./moment.js";
import { session } from "./session.js";

export class Element extends LitElement {
  constructor() {
    super();
    this.session = session;
    this.changed = () => {
      this.standAt();
      this.requestUpdate();
    };
    this.framed = () => {
      this.onFrame(); // what it shows from now on
      this.standAt();
    };
  }

  /** Views that it shows beside those that it asks for: others ask for them. @type {string[]} */
  static shows = [];

  /** Whether it shows anything. */
  get showing() {
    return true;
  }

  /** The views whose numbers and pictures it shows. @returns {string[]} */
  get reads() {
    if (!this.showing) return [];
    return [...session.wants.of(this), .../** @type {typeof Element} */ (this.constructor).shows];
  }

  /** Of what it shows and no frame has brought: of which moment that is. @type {import("./moment.js").Said[]} */
  get fetched() {
    return [];
  }

  /** It says of which moment it is, if that is not the one on show (core/moment.js). */
  standAt() {
    const { standing, step } = session.standing(this.reads, this.fetched);
    if (standing === "same") {
      delete this.dataset.moment;
      delete this.dataset.momentNote;
      return;
    }
    this.dataset.moment = standing;
    this.dataset.momentNote = words(standing, step);
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    session.addEventListener("change", this.changed);
    session.addEventListener("frame", this.framed);
    addEventListener("languagechange", this.changed);
    addEventListener("themechange", this.changed);
    addEventListener("sharpnesschange", this.framed);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    session.removeEventListener("change", this.changed);
    session.removeEventListener("frame", this.framed);
    removeEventListener("languagechange", this.changed);
    removeEventListener("themechange", this.changed);
    removeEventListener("sharpnesschange", this.framed);
    session.want(this, null);
  }

  /** Writes a number that moves into its place. @param {string} name @param {string} text */
  put(name, text) {
    const slot = this.querySelector(`[data-slot="${name}"]`);
    if (slot) slot.textContent = text;
  }

  /** A frame has come; draw, do not rebuild. */
  onFrame() {}

  /** @template {HTMLElement} T @param {string} selector @returns {T} */
  find(selector) {
    return /** @type {T} */ (this.querySelector(selector));
  }
}
