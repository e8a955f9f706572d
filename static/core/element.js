/** The base of all elements: light DOM, redrawn on the session's changes; `onFrame` for what moves. */

import { LitElement } from "lit";
import { session } from "./session.js";

export class Element extends LitElement {
  constructor() {
    super();
    this.session = session;
    this.changed = () => this.requestUpdate();
    this.framed = () => this.onFrame();
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
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    session.removeEventListener("change", this.changed);
    session.removeEventListener("frame", this.framed);
    removeEventListener("languagechange", this.changed);
    removeEventListener("themechange", this.changed);
    session.want(this, null);
  }

  /** A frame has come; draw, do not rebuild. */
  onFrame() {}

  /** @template {HTMLElement} T @param {string} selector @returns {T} */
  find(selector) {
    return /** @type {T} */ (this.querySelector(selector));
  }
}

/** A canvas made as sharp as the screen; returns its context in CSS pixels. @param {HTMLCanvasElement} canvas @param {number} width @param {number} height */
export function sharp(canvas, width, height) {
  const ratio = Math.min(2, devicePixelRatio || 1);
  const w = Math.round(width * ratio);
  const h = Math.round(height * ratio);
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
