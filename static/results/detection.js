/**
 * What the panels of a detector share: thresholds, which pictures, which cell; and the pictures themselves, fetched
 * once.
 */

import { request } from "../core/api.js";
import { Element } from "../core/element.js";
import { decode } from "../core/safetensors.js";
import { session } from "../core/session.js";
import { putPixels } from "../draw/pixels.js";

/** @import {Changes} from "../types/page.d.ts" */

export const COUNT = 4;

class DetectionState extends EventTarget {
  constructor() {
    super();
    this.confidence = 0.4;
    this.iou = 0.45;
    this.byClass = true;
    this.truth = true;
    this.heat = false;
    this.first = 0;
    this.picture = 0;
    this.row = -1;
    this.column = -1;
    /** Which part of the laboratory is asked for. */ this.tab = "";
    /** @type {import("../core/safetensors.js").Tensor | null} */ this.pictures = null;
    this.key = "";
  }

  /** @param {Changes} change */
  set(change) {
    Object.assign(this, change);
    this.dispatchEvent(new Event("change"));
  }

  /** The pixels of the pictures on show, when they are others than before. */
  async fetch() {
    const { run, dataOnShow } = session;
    const key = JSON.stringify([run, dataOnShow, this.first]);
    if (!run || key === this.key) return;
    this.key = key;
    try {
      const views = JSON.stringify({ pictures: { part: "cv", first: this.first, count: COUNT } });
      const frame = decode(
        await (await request(`/runs/${run}/frame?views=${encodeURIComponent(views)}`)).arrayBuffer(),
      );
      if (key !== this.key) return;
      this.pictures = frame.tensors["pictures/pictures"] ?? null;
      this.dispatchEvent(new Event("change"));
    } catch (error) {
      this.key = "";
      session.fail(error);
    }
  }

  /** Parameters of the views that look at all pictures. */
  get shown() {
    return {
      part: "cv",
      first: this.first,
      count: COUNT,
      confidence: this.confidence,
      iou: this.iou,
      by_class: this.byClass,
    };
  }

  /** Which picture of the part the chosen one is; the visitor's own stands in the first one's place. */
  get place() {
    return session.picture && this.picture === 0 ? -1 : this.first + this.picture;
  }
}

export const detection = new DetectionState();

/** The base of the elements that show it. */
export class DetectionElement extends Element {
  constructor() {
    super();
    this.moved = () => this.onDetection();
  }

  connectedCallback() {
    super.connectedCallback();
    detection.addEventListener("change", this.moved);
  }

  disconnectedCallback() {
    detection.removeEventListener("change", this.moved);
    super.disconnectedCallback();
  }

  /** Thresholds, pictures or the cell are others. */
  onDetection() {
    this.requestUpdate();
  }
}

/**
 * The chosen picture, or the visitor's own, for things to be drawn over; nothing before it is there.
 * @param {CanvasRenderingContext2D} to @param {HTMLCanvasElement} tile @param {number} side
 * @param {import("../core/session.js").Session} session
 */
export function drawChosen(to, tile, side, session) {
  const own = session.picture && detection.picture === 0 ? session.picture : null;
  const { pictures } = detection;
  if (own && session.data) putPixels(tile, own, session.data.shape);
  else if (pictures) {
    const shape = pictures.shape.slice(1);
    putPixels(tile, pictures.data, shape, detection.picture * shape.reduce((a, b) => a * b, 1));
  } else return;
  to.imageSmoothingEnabled = false;
  to.drawImage(tile, 0, 0, side, side);
}
