/** The costs of a run, row by row, as the stream sends them. */

/** Places along an axis; of each the least and the largest loss are drawn, and what has been measured. */
export const PLACES = 350;
const COLUMNS = ["step", "epoch", "loss", "train", "cv", "test"];

/** @typedef {import("./safetensors.js").Decoded} Decoded */
/** @typedef {{columns: Record<string, number[]>, count: number}} History */

/** @returns {History} */
export function emptyHistory() {
  return { columns: Object.fromEntries(COLUMNS.map((name) => [name, /** @type {number[]} */ ([])])), count: 0 };
}

/**
 * Rows that have come; those that stood in their place and after it go.
 * @param {History} history @param {Decoded} rows
 */
export function lengthen(history, rows) {
  const from = Number(rows.meta.from);
  const { columns } = history;
  for (const name of COLUMNS) {
    const column = columns[name];
    column.length = from;
    const data = rows.tensors[`cost/${name}`].data;
    for (let i = 0; i < data.length; i++) column.push(data[i]);
  }
  history.count = columns.step.length;
}

/**
 * The loss of the newest batches up to a step, and over how many steps it is the mean: rows become rarer with age.
 * @param {History} history @param {number} upto
 */
export function newestLoss({ columns, count }, upto) {
  const { step, loss } = columns;
  for (let i = count - 1; i >= 0; i--)
    if (step[i] <= upto && !Number.isNaN(loss[i])) return { loss: loss[i], steps: step[i] - (step[i - 1] ?? 0) };
  return null;
}

/**
 * Rows thinned to what the eye can tell apart, evenly along the axis on show: of each place the least and the largest
 * loss, so that no batch goes unseen, and the last row with costs of whole parts. The last row is always there.
 * @param {History} history @param {boolean} logX
 */
export function thinned({ columns, count }, logX) {
  const { step, loss, train } = columns;
  const last = step[count - 1] ?? 0;
  const place = (/** @type {number} */ s) => (logX ? Math.log(s) / Math.log(Math.max(2, last)) : s / Math.max(1, last));
  /** @type {number[]} */ const rows = [];
  /** @type {number[]} */ let here = [];
  let at = -1;
  const leave = () => {
    const drawn = here.filter((i) => !Number.isNaN(loss[i]));
    const least = drawn.reduce((best, i) => (loss[i] < loss[best] ? i : best), drawn[0] ?? -1);
    const most = drawn.reduce((best, i) => (loss[i] > loss[best] ? i : best), drawn[0] ?? -1);
    const known = here.findLast((i) => !Number.isNaN(train[i])) ?? -1;
    rows.push(...[...new Set([least, most, known])].filter((i) => i >= 0).sort((a, b) => a - b));
    here = [];
  };
  for (let i = logX ? step.findIndex((s) => s >= 1) : 0; i >= 0 && i < count; i++) {
    const next = Math.floor(place(step[i]) * PLACES);
    if (next !== at) leave();
    at = next;
    here.push(i);
  }
  leave();
  if (count && rows.at(-1) !== count - 1 && (!logX || last >= 1)) rows.push(count - 1);
  return rows;
}
