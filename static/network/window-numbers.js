/** The window's numbers, and what they come to. */

import { aroundZero } from "../core/scales.js";

/** @typedef {import("../core/safetensors.js").Tensor} Tensor */

/** @typedef {import("../core/scales.js").Scale} Scale */

/**
 * What stands in a cell ("x" the input, "w" the filter, "p" their product), and its scale: that of the maps and
 * filters in the network's picture.
 * @param {string} what @param {number} i place in the window @param {Tensor} window @param {Tensor | null} kernel
 * @param {{inputs: Scale, kernel?: Scale}} scales
 */
export function cellOf(what, i, window, kernel, scales) {
  const x = window.data[i];
  const w = kernel?.data[i] ?? 0;
  const weights = scales.kernel ?? aroundZero(1);
  if (what === "x") return { value: x, scale: scales.inputs };
  if (what === "w") return { value: w, scale: weights };
  return { value: x * w, scale: aroundZero(scales.inputs.reach * weights.reach) };
}

/**
 * The sum of all products, and of those of one channel.
 * @param {Tensor} window (rows, columns, channels) @param {Tensor | null} kernel @param {number} channel
 */
export function sums(window, kernel, channel) {
  const depth = window.shape[2];
  let [here, all] = [0, 0];
  for (let i = 0; i < (kernel?.data.length ?? 0); i++) {
    const product = /** @type {Tensor} */ (kernel).data[i] * window.data[i];
    all += product;
    if (i % depth === channel) here += product;
  }
  return { here, all };
}
