/** The costs of a run, row by row, as the stream sends them. */

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
