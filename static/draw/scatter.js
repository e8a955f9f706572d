/** Plots with two number axes: the fitted curve of one input, and predicted against actual. */

import { cut, markExits, rangeOf, tickLabels, ticks } from "./axes.js";
import { letters, marks } from "./canvas.js";
import { edgeColor, INK, theme } from "../core/colors.js";
import { isShown, MARK } from "./plane.js";

/** @import {About, Shown, Examples} from "../types/page.d.ts" */

/** @typedef {{left: number, right: number, low: number, high: number}} Range */
/** @typedef {import("../core/colors.js").Theme} Theme */

/**
 * @param {CanvasRenderingContext2D} to
 * @param {number} size
 * @param {Range} range
 * @param {string} xName
 * @param {string} yName
 */
function frame(to, size, range, xName, yName) {
  const which = theme();
  const by = marks();
  const pad = { left: 44 * by, right: 8, top: 8, bottom: 34 * by };
  to.clearRect(0, 0, size, size);
  const px = (/** @type {number} */ x) =>
    pad.left + ((x - range.left) / (range.right - range.left || 1)) * (size - pad.left - pad.right);
  const py = (/** @type {number} */ y) =>
    size - pad.bottom - ((y - range.low) / (range.high - range.low || 1)) * (size - pad.top - pad.bottom);
  to.font = letters();
  to.fillStyle = INK[which].axis;
  to.strokeStyle = INK[which].plotGrid;
  to.lineWidth = 1;
  to.direction = "ltr";
  const [left, right, top, bottom] = [pad.left, size - pad.right, pad.top, size - pad.bottom];
  const heights = ticks(range.low, range.high, 5);
  to.textAlign = "right";
  tickLabels(heights).forEach((label, i) => {
    to.beginPath();
    to.moveTo(left, py(heights[i]));
    to.lineTo(right, py(heights[i]));
    to.stroke();
    to.fillText(label, left - 5, py(heights[i]) + 4 * by);
  });
  const across = ticks(range.left, range.right, 4);
  to.textAlign = "center";
  tickLabels(across).forEach((label, i) => {
    to.beginPath();
    to.moveTo(px(across[i]), bottom);
    to.lineTo(px(across[i]), bottom + 4);
    to.stroke();
    const half = to.measureText(label).width / 2;
    to.fillText(label, Math.min(px(across[i]), size - half), bottom + 16 * by);
  });
  to.textAlign = "center";
  to.fillText(xName, (pad.left + size - pad.right) / 2, size - 4);
  to.save();
  to.translate(11 * by, size / 2);
  to.rotate(-Math.PI / 2);
  to.fillText(yName, 0, 0);
  to.restore();
  return { px, py, which, box: { left, top, right, bottom } };
}

/**
 * @param {CanvasRenderingContext2D} to
 * @param {number} size
 * @param {Examples} data
 * @param {About<"boundary"> | undefined} about
 * @param {ArrayLike<number> | null} curve
 * @param {Shown} view
 */
export function paintCurve(to, size, data, about, curve, view) {
  if (!data) return;
  const y = data.tensors.y.data;
  const { low, high } = rangeOf(y, curve ?? []);
  const [left, right] = about?.x ?? data.bounds[0];
  const { px, py, which, box } = frame(to, size, { left, right, low, high }, data.inputs[0], data.target);
  const x = data.tensors.x.data;
  const part = data.tensors.part.data;
  if (view.squares && curve) squares(to, data, curve, { left, right }, px, py, box, which);
  for (let i = 0; i < y.length; i++) {
    if (!isShown(part[i], view)) continue;
    to.fillStyle = `rgb(${edgeColor(1, which)} / ${part[i] ? 0.35 : 0.8})`;
    to.beginPath();
    MARK[part[i]](to, px(x[i]), py(y[i]), 2.4 * marks());
    to.fill();
  }
  if (curve) curveLine(to, curve, { left, right }, px, py, box, which);
}

/**
 * The curve, as far as it is in sight; where it goes on beyond is marked.
 * @param {CanvasRenderingContext2D} to @param {ArrayLike<number>} curve @param {{left: number, right: number}} range
 * @param {(x: number) => number} px @param {(y: number) => number} py
 * @param {import("./axes.js").Box} box @param {Theme} which
 */
function curveLine(to, curve, { left, right }, px, py, box, which) {
  const places = Array.from(
    curve,
    (v, i) => /** @type {[number, number]} */ ([px(left + ((right - left) * i) / (curve.length - 1)), py(v)]),
  );
  const { pieces, exits } = cut(places, { ...box, left: box.left - 1, right: box.right + 1 });
  to.beginPath();
  for (const piece of pieces) piece.forEach(([x, y], i) => (i ? to.lineTo(x, y) : to.moveTo(x, y)));
  to.strokeStyle = `rgb(${edgeColor(-1, which)})`;
  to.lineWidth = 2.5;
  to.stroke();
  markExits(to, exits, box, `rgb(${edgeColor(-1, which)})`);
}

/**
 * The squared error of every training example, drawn as a square whose side is the error.
 * @param {CanvasRenderingContext2D} to
 * @param {Examples} data
 * @param {ArrayLike<number>} curve
 * @param {{left: number, right: number}} range
 * @param {(x: number) => number} px
 * @param {(y: number) => number} py
 * @param {import("./axes.js").Box} box
 * @param {Theme} which
 */
function squares(to, data, curve, { left, right }, px, py, box, which) {
  const x = data.tensors.x.data;
  const y = data.tensors.y.data;
  const count = data.tensors.part.data.filter((/** @type {number} */ p) => p === 0).length || 1;
  to.save();
  to.beginPath();
  to.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  to.clip();
  for (let i = 0; i < y.length; i++) {
    if (data.tensors.part.data[i] !== 0) continue;
    const at = Math.max(0, Math.min(curve.length - 1.001, ((x[i] - left) / (right - left)) * (curve.length - 1)));
    const k = Math.floor(at);
    const answer = curve[k] + (curve[k + 1] - curve[k]) * (at - k);
    const [top, bottom] = [Math.min(py(answer), py(y[i])), Math.max(py(answer), py(y[i]))];
    const side = bottom - top;
    if (!Number.isFinite(side)) continue;
    to.fillStyle = `rgb(${edgeColor(-1, which)} / ${Math.min(0.14, 3 / count)})`;
    to.strokeStyle = `rgb(${edgeColor(-1, which)} / ${Math.min(0.5, 10 / count)})`;
    to.lineWidth = 1;
    const start = answer > y[i] ? px(x[i]) : px(x[i]) - side;
    to.fillRect(start, top, side, side);
    to.strokeRect(start, top, side, side);
  }
  to.restore();
}

/**
 * @param {CanvasRenderingContext2D} to
 * @param {number} size
 * @param {Examples} data
 * @param {ArrayLike<number> | null} predicted
 * @param {string} xName
 * @param {string} yName
 * @param {Shown} view
 */
export function paintPredicted(to, size, data, predicted, xName, yName, view) {
  if (!data || !predicted) return;
  const y = data.tensors.y.data;
  const { low, high } = rangeOf(y, predicted);
  const { px, py, which, box } = frame(to, size, { left: low, right: high, low, high }, xName, yName);
  to.beginPath();
  to.moveTo(px(low), py(low));
  to.lineTo(px(high), py(high));
  to.strokeStyle = `rgb(${edgeColor(-1, which)} / 0.9)`;
  to.lineWidth = 1.5;
  to.stroke();
  const part = data.tensors.part.data;
  /** Where predictions lie above and below what is shown. @type {[number, number][]} */
  const beyond = [];
  for (let i = 0; i < Math.min(y.length, predicted.length); i++) {
    if (!isShown(part[i], view)) continue;
    if (!(predicted[i] >= low && predicted[i] <= high)) {
      if (!Number.isNaN(predicted[i])) beyond.push([px(y[i]), predicted[i] > high ? box.top : box.bottom]);
      continue;
    }
    to.fillStyle = `rgb(${edgeColor(1, which)} / ${part[i] ? 0.3 : 0.65})`;
    to.beginPath();
    MARK[part[i]](to, px(y[i]), py(predicted[i]), 2.4 * marks());
    to.fill();
  }
  markExits(to, beyond, box, `rgb(${edgeColor(1, which)})`);
}
