/** The output over the input plane: ground, and the examples on it. */

import { sharp } from "./canvas.js";
import { CLASS_COLORS, classPixel, INK, SCALE, signed, theme } from "../core/colors.js";

/** @import {About, Examples} from "../types/page.d.ts" */

/**
 * @typedef {import("../core/colors.js").Theme} Theme
 *
 * @typedef {object} PlaneScene
 * @property {(name: string) => import("../core/safetensors.js").Tensor | null} tensor
 * @property {About} about
 * @property {Examples} data
 * @property {PlaneView} view
 *
 * @typedef {object} PlaneView
 * @property {boolean} discretize
 * @property {boolean} showCv
 * @property {boolean} showTest
 * @property {number} across
 * @property {number} up
 * @property {number} [threshold]
 */

export class PlanePainter {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d", { willReadFrequently: true }));
    /** @type {ImageData | null} */
    this.image = null;
    /** The examples move only when the data do, so they are drawn once and laid over every frame. */
    this.overlay = document.createElement("canvas");
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
    const { view, about, data } = scene;
    const key = [
      data,
      size,
      devicePixelRatio,
      which,
      view.showCv,
      view.showTest,
      about?.across,
      about?.up,
      String(about?.x),
      String(about?.y),
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
  ground({ tensor, view }, which) {
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
    if (winner && share) fillWinners(pixels, winner.data, share.data, view, which);
    else if (single) fillValues(pixels, single.data, view, which);
    this.context.putImageData(this.image, 0, 0);
  }
}

/**
 * The winner's colour, paler where it won by little.
 * @param {Uint32Array} pixels @param {ArrayLike<number>} winner @param {ArrayLike<number>} share
 * @param {PlaneView} view @param {Theme} which
 */
function fillWinners(pixels, winner, share, view, which) {
  /** @type {Map<number, number>} */
  const known = new Map();
  for (let i = 0; i < pixels.length; i++) {
    const level = view.discretize ? 255 : share[i] & 0xf8;
    const key = winner[i] * 256 + level;
    let color = known.get(key);
    if (color === undefined) {
      color = classPixel(winner[i], level / 255, which);
      known.set(key, color);
    }
    pixels[i] = color;
  }
}

/**
 * One number's colour on the scale; cut in two at the threshold if only the decision is shown.
 * @param {Uint32Array} pixels @param {ArrayLike<number>} values @param {PlaneView} view @param {Theme} which
 */
function fillValues(pixels, values, view, which) {
  const colors = SCALE[which];
  const cut = 255 * (view.threshold ?? 0.5);
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = colors[view.discretize ? (values[i] >= cut ? 225 : 30) : values[i]];
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
  const radius = size > 240 ? 3 : 2.2;
  const shown = [TEST, CV, TRAIN].filter((p) => p === TRAIN || (p === CV ? view.showCv : view.showTest));
  for (const round of shown) {
    for (let i = 0; i < y.length; i++) {
      if (part[i] !== round) continue;
      const px = ((x.data[i * columns + about.across] - left) / (right - left)) * size;
      const py = (1 - (x.data[i * columns + about.up] - low) / (high - low)) * size;
      to.fillStyle = pointColor(data, y[i], which);
      to.strokeStyle = round === TRAIN ? INK[which].rim : INK[which].rimOther;
      to.lineWidth = round === TRAIN ? 1 : 1.2;
      to.beginPath();
      MARK[round](to, px, py, radius);
      to.fill();
      to.stroke();
    }
  }
}

const [TRAIN, CV, TEST] = [0, 1, 2];
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

/** @param {Examples} data @param {number} value @param {Theme} which */
export function pointColor(data, value, which) {
  if (data.task === "multiclass") return CLASS_COLORS[value % CLASS_COLORS.length];
  if (data.task === "binary") return signed(value > 0.5 ? 0.85 : -0.85, which);
  data.reach ??= Math.max(...data.tensors.y.data.map(Math.abs)) || 1;
  return signed(value / data.reach, which);
}
