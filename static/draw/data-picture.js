/** A small picture of a data set, from a few of its own examples. */

import { CLASS_COLORS, edgeColor, theme } from "../core/colors.js";
import { colorOf } from "../core/scales.js";
import { sharp } from "./canvas.js";
import { MARK } from "./plane.js";
import { putPixels } from "./pixels.js";

/** @typedef {import("../core/safetensors.js").Tensor} Tensor */
/**
 * @typedef {object} Sample what GET /catalog/samples says of a set
 * @property {string} kind
 * @property {string} task
 * @property {number} classes
 * @property {[number, number][]} bounds
 */

const RADIUS = 2;

/** How far from one edge of the picture to the other. @param {number} v @param {[number, number]} range */
const along = (v, [low, high]) => 0.06 + (0.88 * (v - low)) / (high - low || 1);

/** @param {ArrayLike<number>} values @returns {[number, number]} */
function rangeOf(values) {
  const numbers = Array.from(values);
  return [Math.min(...numbers), Math.max(...numbers)];
}

/**
 * @param {HTMLCanvasElement} canvas @param {number} width @param {number} height
 * @param {Sample} sample @param {Tensor} x @param {Tensor | undefined} y
 */
export function paintData(canvas, width, height, sample, x, y) {
  const to = sharp(canvas, width, height);
  to.clearRect(0, 0, width, height);
  if (sample.kind === "image") mosaic(to, width, height, x);
  else if (y) points(to, width, height, sample, x, y);
}

/** @param {CanvasRenderingContext2D} to @param {number} width @param {number} height @param {Tensor} x */
function mosaic(to, width, height, { data, shape: [count, rows, columns, channels] }) {
  const one = document.createElement("canvas");
  const side = Math.min(width / count, height);
  const [down, across] = side * 1.8 < height / 2 ? [2, Math.ceil(count / 2)] : [1, count];
  const size = Math.min(width / across, height / down) - 2;
  const [left, top] = [(width - across * (size + 2)) / 2, (height - down * (size + 2)) / 2];
  to.imageSmoothingEnabled = false;
  for (let i = 0; i < count; i++) {
    putPixels(one, data, [rows, columns, channels], i * rows * columns * channels);
    to.drawImage(one, left + (i % across) * (size + 2), top + Math.floor(i / across) * (size + 2), size, size);
  }
}

/**
 * @param {CanvasRenderingContext2D} to @param {number} width @param {number} height
 * @param {Sample} sample @param {Tensor} x @param {Tensor} y
 */
function points(to, width, height, sample, x, y) {
  const which = theme();
  const [count, columns] = x.shape;
  const line = columns === 1;
  const values = rangeOf(y.data);
  const scale = { kind: "signed", middle: (values[0] + values[1]) / 2, reach: (values[1] - values[0]) / 2 || 1 };
  for (let i = 0; i < count; i++) {
    const up = line ? along(y.data[i], values) : along(x.data[i * columns + 1], sample.bounds[1]);
    to.fillStyle = inkOf(sample, line, y.data[i], scale, which);
    to.beginPath();
    MARK[0](to, width * along(x.data[i * columns], sample.bounds[0]), height * (1 - up), RADIUS);
    to.fill();
  }
}

/**
 * @param {Sample} sample @param {boolean} line @param {number} y @param {import("../core/scales.js").Scale} scale
 * @param {import("../core/colors.js").Theme} which
 */
function inkOf(sample, line, y, scale, which) {
  if (line) return `rgb(${edgeColor(1, which)})`;
  return sample.task === "multiclass" ? CLASS_COLORS[y % CLASS_COLORS.length] : colorOf(y, scale, which);
}
