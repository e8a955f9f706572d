/**
 * What the visitor looks at, and what the page says to them: no server knows of it. The session is one of these; it
 * adds the run.
 */

/** @import {Lab, Shown, View} from "../types/page.d.ts" */
/** @typedef {{name: string, label: string, click: () => void}} Action a button beside what is told */

/** How the page shows things, as long as nobody wishes otherwise. */
export const VIEW = {
  discretize: false,
  showCv: true,
  showTest: true,
  across: 0,
  up: 1,
  show: "maps",
  spread: "layer",
};

export class Selection extends EventTarget {
  constructor() {
    super();
    /** @type {View} */ this.view = { ...VIEW };
    /** @type {{text: string, kind: "error" | "info", action?: Action} | null} */ this.notice = null;
    /** @type {{layer: string, unit: number} | {from: string, i: number, layer: string, unit: number} | null} */
    this.picked = null;
    this.pinned = false;
    this.example = 0;
    /** The part of the data that `example` counts in. */ this.part = "train";
    /** @type {Record<string, number>} examples of each part, as far as it is known */ this.counts = {};
    /** @type {Lab | null} the lab that is open */ this.lab = null;
    /** @type {Set<string>} things done by hand, which challenges may ask for */ this.deeds = new Set();
    /** @type {Uint8Array | null} pixels of the visitor's own picture */ this.picture = null;
    const parameters = new URLSearchParams(location.search);
    /** @type {Set<string>} controls a teacher hides or locks */
    this.hidden = new Set((parameters.get("hide") ?? "").split(",").filter(Boolean));
    this.locked = new Set((parameters.get("lock") ?? "").split(",").filter(Boolean));
    this.watching = parameters.get("run");
    /** Whether the page stands inside a teacher's page, where room is dear. */ this.embedded =
      parameters.get("embed") === "1";
    if (this.embedded)
      for (const control of ["course", "presets", "panels", "timeline", "language"]) this.hidden.add(control);
  }

  /** Which example goes through the network, as views ask for it; −1 is the visitor's own picture. */
  get looked() {
    return { index: this.example, part: this.example < 0 ? "train" : this.part };
  }

  emit(/** @type {string} */ name) {
    this.dispatchEvent(new Event(name));
  }

  /** @param {Lab | null} lab the one that is open from now on */
  enter(lab) {
    this.lab = lab;
    if (lab) this.deeds.clear();
  }

  /** Things are shown as a lab wishes, or as ever. @param {Lab | null} lab */
  seeAsIn(lab) {
    this.view = { ...VIEW, ...(lab && { hero: lab.hero }), ...lab?.view };
    if (!lab) return;
    this.part = "train";
    this.example = 0;
  }

  /** @param {Shown | undefined} change of how things are shown */
  seeAs(change) {
    this.view = { ...this.view, ...change };
  }

  /** Something a challenge may ask for has been done. @param {string} deed */
  did(deed) {
    if (this.deeds.has(deed)) return;
    this.deeds.add(deed);
    this.emit("deed");
  }

  /**
   * A unit, a map or an edge; one that is held stays when the pointer goes elsewhere.
   * @param {Selection["picked"]} what @param {boolean} [held]
   */
  pick(what, held = this.pinned) {
    this.pinned = held;
    this.picked = what;
    this.emit("picked");
  }

  /** @param {boolean} held whether what is picked stays */
  hold(held) {
    this.pinned = held;
  }

  /** An example of the data goes through the network. @param {number} example @param {string} [part] */
  look(example, part = this.part) {
    this.part = part;
    this.example = Math.max(0, example);
    this.stayWithin();
    this.emit("change");
  }

  /** Examples go round about: past the last of a part is its first. @param {Record<string, number>} [counts] */
  stayWithin(counts = this.counts) {
    this.counts = counts;
    const count = counts[this.part];
    if (count && this.example >= count) this.example %= count;
  }

  /**
   * A picture of the visitor's goes through the network, or an example again; whether that is another one.
   * @param {Uint8Array | null} picture
   */
  lookAt(picture) {
    const before = this.example;
    this.picture = picture;
    this.example = picture ? -1 : Math.max(0, before);
    return before !== this.example;
  }

  /** The visitor's own picture was for another run. */
  forgetPicture() {
    this.picture = null;
    this.example = Math.max(0, this.example);
  }

  /** From this probability on the answer is class 1, in numbers, pictures and lists of mistakes. */
  get threshold() {
    return this.view.threshold ?? 0.5;
  }

  /** Where a probability becomes a yes. @param {number} threshold */
  decideAt(threshold) {
    this.view.threshold = threshold;
    this.did("threshold");
    this.emit("change");
    this.emit("frame");
  }

  /** Other data have other inputs: the plane is over the first two again. */
  resetAxes() {
    this.view = { ...this.view, across: 0, up: 1 };
  }

  // -- words ------------------------------------------------------------------------------------------------------
  /** @param {string} text @param {"error" | "info"} kind @param {Action} [action] what can be done about it */
  tell(text, kind, action) {
    this.notice = { text, kind, ...(action && { action }) };
    this.emit("change");
  }

  /** What was told has been read. */
  dismiss() {
    this.notice = null;
    this.emit("change");
  }

  /** What was refused is past: something else went well. */
  forgive() {
    if (this.notice?.kind === "error") this.notice = null;
  }

  /** @param {unknown} error */
  fail(error) {
    this.tell(error instanceof Error ? error.message : String(error), "error");
  }
}
