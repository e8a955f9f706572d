/** The output over the input plane: ground, and the examples on it. */

import { marks, sharp } from "./canvas.js";
import { INK, theme } from "../core/colors.js";
import { UnitPictures } from "./maps.js";
import { drawStroke } from "./strokes.js";
import { colorOf, endsOf, tableOf } from "../core/scales.js";

/** @import {About, Examples} from "../types/page.d.ts" */

/**
 * @typedef {import("../core/colors.js").Theme} Theme
 * @typedef {import("../core/scales.js").Scale} Scale
 *
 * @typedef {object} PlaneScene
 * @property {(name: string) => import("../core/safetensors.js").Tensor | null} tensor
 * @property {About<"boundary"> | undefined} about
 * @property {Examples} data
 * @property {PlaneView} view
 * @property {Pointed | null} [pointed] a unit that is shown instead of the answer
 *
 * @typedef {{tensor: import("../core/safetensors.js").Tensor, unit: number, scale: Scale | undefined}} Pointed
 *
 * @typedef {object} PlaneView
 * @property {boolean} discretize
 * @property {boolean} showCv
 * @property {boolean} showTest
 * @property {number} across
 * @property {number} up
 * @property {number} [threshold]
 */

/**
 * The unit that is pointed at, if it has a picture over the plane and is none of the answer's.
 * @param {import("../core/session.js").Session} session @returns {Pointed | null}
 */
export function pointedAt({ picked, frame, layers, about }) {
  const tensor = picked && !("i" in picked) && frame?.tensors[`neurons/${picked.layer}`];
  if (!tensor || tensor.shape.length !== 3 || picked.layer === layers.at(-1)?.id) return null;
  return { tensor, unit: picked.unit, scale: about.neurons?.scales?.[picked.layer] };
}

export class PlanePainter {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d", { willReadFrequently: true }));
    /** @type {ImageData | null} */
    this.image = null;
    /** The examples move only when the data do, so they are drawn once and laid over every frame. */
    this.overlay = document.createElement("canvas");
    this.unit = new UnitPictures();
    /** @type {unknown[]} */
    this.overlayKey = [];
  }

  /** @param {CanvasRenderingContext2D} to @param {number} size @param {PlaneScene} scene */
  paint(to, size, scene) {
    const which = theme();
    this.ground(scene, which);
    if (this.image) {
      to.imageSmoothingEnabled = !scene.view.discretize;
      to.drawImage(this.canvas, 0, 0, size, size);
    } else to.clearRect(0, 0, size, size);
    if (scene.pointed) {
      const { tensor, unit, scale } = scene.pointed;
      this.unit.fill(tensor, which, scale);
      this.unit.draw(to, unit, 0, 0, size, size);
    }
    const { view, about, data } = scene;
    const key = [
      data,
      size,
      devicePixelRatio,
      marks(),
      which,
      view.showCv,
      view.showTest,
      about?.across,
      about?.up,
      String(about?.x),
      String(about?.y),
      about?.scale?.middle,
      about?.scale?.reach,
    ];
    if (key.some((part, i) => part !== this.overlayKey[i])) {
      this.overlayKey = key;
      const over = sharp(this.overlay, size, size);
      over.clearRect(0, 0, size, size);
      points(over, size, scene, which);
    }
    to.drawImage(this.overlay, 0, 0, size, size);
  }

  /** @param {PlaneScene} scene @param {Theme} which */
  ground({ tensor, view, about }, which) {
    const winner = tensor("boundary/winner");
    const share = tensor("boundary/share");
    const single = tensor("boundary/p") ?? tensor("boundary/value");
    const shape = (winner ?? single)?.shape;
    if (!shape || shape.length !== 2) {
      this.image = null;
      return;
    }
    const n = shape[0];
    if (!this.image || this.image.width !== n) {
      this.canvas.width = this.canvas.height = n;
      this.image = this.context.createImageData(n, n);
    }
    const pixels = new Uint32Array(this.image.data.buffer);
    const scale = scaleOf(about);
    if (winner && share) fillWinners(pixels, winner.data, share.data, view, scale, which);
    else if (single) fillValues(pixels, single.data, view, scale, which);
    this.context.putImageData(this.image, 0, 0);
  }
}

/**
 * Of what the plane shows; the engine says it with every frame.
 * @param {About<"boundary"> | undefined} about @returns {Scale}
 */
const scaleOf = (about) => about?.scale ?? { kind: "signed", middle: 0.5, reach: 0.5 };

/**
 * The winner's colour, paler where it won by little.
 * @param {Uint32Array} pixels @param {ArrayLike<number>} winner @param {ArrayLike<number>} share
 * @param {PlaneView} view @param {Scale} scale @param {Theme} which
 */
function fillWinners(pixels, winner, share, view, scale, which) {
  /** @type {Uint32Array[]} */
  const tables = [];
  for (let i = 0; i < pixels.length; i++) {
    const table = (tables[winner[i]] ??= tableOf({ ...scale, kind: "classes" }, 0, 1, which, winner[i]));
    pixels[i] = table[view.discretize ? 255 : share[i]];
  }
}

/**
 * One number's colour on its scale; one end or the other, parted at the threshold, if only the decision is shown.
 * @param {Uint32Array} pixels @param {ArrayLike<number>} values @param {PlaneView} view
 * @param {Scale} scale @param {Theme} which
 */
function fillValues(pixels, values, view, scale, which) {
  const colors = tableOf(scale, ...endsOf(scale), which);
  const cut = 255 * (view.threshold ?? 0.5);
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = colors[view.discretize ? (values[i] >= cut ? 255 : 0) : values[i]];
}

/**
 * The examples: test below, training on top.
 * @param {CanvasRenderingContext2D} to @param {number} size @param {PlaneScene} scene @param {Theme} which
 */
function points(to, size, { data, about, view }, which) {
  if (!data || !about?.x || !about.y) return;
  const x = data.tensors.x;
  const y = data.tensors.y.data;
  const part = data.tensors.part.data;
  const columns = x.shape[1];
  const [left, right] = about.x;
  const [low, high] = about.y;
  const radius = (size > 240 ? 3 : 2.2) * marks();
  const scale = scaleOf(about);
  const shown = [TEST, CV, TRAIN].filter((p) => isShown(p, view));
  for (const round of shown) {
    for (let i = 0; i < y.length; i++) {
      if (part[i] !== round) continue;
      const px = ((x.data[i * columns + about.across] - left) / (right - left)) * size;
      const py = (1 - (x.data[i * columns + about.up] - low) / (high - low)) * size;
      to.fillStyle = pointColor(data, y[i], scale, which);
      to.strokeStyle = round === TRAIN ? INK[which].rim : INK[which].rimOther;
      to.lineWidth = round === TRAIN ? 1 : 1.2;
      to.beginPath();
      MARK[round](to, px, py, radius);
      to.fill();
      to.stroke();
      if (data.task !== "regression") drawStroke(to, y[i], px, py, radius, INK[which].rim);
    }
  }
}

const [TRAIN, CV, TEST] = [0, 1, 2];

/**
 * Whether examples of a part are drawn; never those of no part, which a smaller training part leaves out.
 * @param {number} part @param {{showCv?: boolean, showTest?: boolean}} view
 */
export const isShown = (part, view) =>
  part === TRAIN || (part === CV && Boolean(view.showCv)) || (part === TEST && Boolean(view.showTest));

/** @typedef {(to: CanvasRenderingContext2D, x: number, y: number, r: number) => void} Mark */

/** What an example of each part (train, cv, test) is drawn as: never by colour alone. @type {Mark[]} */
export const MARK = [
  (to, x, y, r) => to.arc(x, y, r, 0, 7),
  (to, x, y, r) => diamond(to, x, y, r + 0.8),
  (to, x, y, r) => to.rect(x - r, y - r, 2 * r, 2 * r),
];

/** @param {CanvasRenderingContext2D} to @param {number} x @param {number} y @param {number} r */
function diamond(to, x, y, r) {
  to.moveTo(x, y - r);
  to.lineTo(x + r, y);
  to.lineTo(x, y + r);
  to.lineTo(x - r, y);
  to.closePath();
}

/**
 * An example's colour: the same as that of the answer that would be right.
 * @param {Examples} data @param {number} value @param {Scale} scale @param {Theme} which
 */
function pointColor(data, value, scale, which) {
  return data.task === "multiclass" ? colorOf(1, scale, which, value) : colorOf(value, scale, which);
}

// -- the visitor's own points: where they are put, and what the rubber leaves -----------------------------------------
/** The plane goes from −REACH to REACH. */
export const REACH = 6;
/** How far the rubber reaches, in units of the plane. */
const RUBBER = 0.45;

/**
 * Where on the plane a pointer is.
 * @param {DOMRect} box of the canvas
 * @param {PointerEvent} event
 * @returns {number[]}
 */
export const placeOn = (box, { clientX, clientY }) => [
  ((clientX - box.left) / box.width) * 2 * REACH - REACH,
  REACH - ((clientY - box.top) / box.height) * 2 * REACH,
];

/**
 * Whether the rubber has been at a point.
 * @param {number[][]} rubbed places of the rubber
 * @param {number} x1
 * @param {number} x2
 */
export const isRubbed = (rubbed, x1, x2) => rubbed.some(([a, b]) => Math.hypot(a - x1, b - x2) < RUBBER);

/**
 * Of the examples those that the rubber has not touched.
 * @param {Examples["tensors"]} tensors
 * @param {number[][]} rubbed
 */
export function withoutRubbed({ x, y, part }, rubbed) {
  if (!rubbed.length) return { x, y, part };
  const left = Array.from(y.data, (_, i) => i).filter((i) => !isRubbed(rubbed, x.data[2 * i], x.data[2 * i + 1]));
  const at = (/** @type {ArrayLike<number>} */ data) => left.map((i) => data[i]);
  return {
    x: { data: left.flatMap((i) => [x.data[2 * i], x.data[2 * i + 1]]) },
    y: { data: at(y.data) },
    part: { data: at(part.data) },
  };
}

/**
 * The points that stay. A network learns from no fewer than two classes (or two values): if fewer are left, the first
 * of each class stays, too.
 * @param {number[][]} points
 * @param {number} classes
 * @param {(point: number[]) => boolean} which
 */
export function pointsLeft(points, classes, which) {
  const left = points.filter(which);
  if (left.length > 1 && new Set(left.map((p) => p[2])).size > 1) return left;
  /** @type {Set<number>} */ const seen = new Set();
  return points.filter((p) => {
    const first = seen.size < Math.max(2, classes) && !seen.has(p[2]);
    if (first) seen.add(p[2]);
    return first || which(p);
  });
}
