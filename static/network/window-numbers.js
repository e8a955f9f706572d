/** The window's numbers, and what they come to. */

/** @typedef {import("../core/safetensors.js").Tensor} Tensor */

/** The largest size in a list, never quite 0. @param {ArrayLike<number>} list */
export function largest(list) {
  let most = 1e-9;
  for (let i = 0; i < list.length; i++) most = Math.max(most, Math.abs(list[i]));
  return most;
}

/**
 * What stands in a cell ("x" the input, "w" the filter, "p" their product), and how large it could be.
 * @param {string} what @param {number} i place in the window @param {Tensor} window @param {Tensor | null} kernel
 */
export function cellOf(what, i, window, kernel) {
  const x = window.data[i];
  const w = kernel?.data[i] ?? 0;
  const [mostX, mostW] = [largest(window.data), largest(kernel?.data ?? [])];
  if (what === "x") return { value: x, most: mostX };
  if (what === "w") return { value: w, most: mostW };
  return { value: x * w, most: mostX * mostW };
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
