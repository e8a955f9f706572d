/** Elements that open and close: cards with a clock of their own, and dialogs. */

import { Element } from "./element.js";

/**
 * Moves the page as far as a panel's head is seen: not at all if it is, and as a movement that the eye can follow.
 * @param {HTMLElement} panel
 */
export function showPanel(panel) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const head = panel.querySelector("header, h2") ?? panel;
  head.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
}

/** A card that is closed at first. Its clock stops when it closes. */
export class Panel extends Element {
  constructor() {
    super();
    this.opened = false;
    this.clock = 0;
  }

  get showing() {
    return this.opened;
  }

  disconnectedCallback() {
    this.rest();
    super.disconnectedCallback();
  }

  /** @param {boolean} [jump] scrolls to it */
  open(jump = false) {
    this.opened = true;
    this.requestUpdate();
    if (jump) this.updateComplete.then(() => showPanel(this));
  }

  close() {
    const was = this.opened;
    this.opened = false;
    this.rest();
    this.requestUpdate();
    if (was) this.dispatchEvent(new Event("descent-closed", { bubbles: true }));
  }

  /**
   * Does something every so many milliseconds, in the place of what it did.
   * @param {number} ms
   * @param {() => void} work
   */
  every(ms, work) {
    this.rest();
    this.clock = window.setInterval(work, ms);
  }

  rest() {
    clearInterval(this.clock);
    this.clock = 0;
  }
}

/** An element around a modal dialog. */
export class Dialog extends Element {
  open() {
    const dialog = /** @type {HTMLDialogElement} */ (this.find("dialog"));
    if (!dialog.open) dialog.showModal();
  }

  close() {
    /** @type {HTMLDialogElement} */ (this.find("dialog")).close();
  }
}
