/** Numbers of the run by name, as lessons show them and challenges ask for them. */

import { wholeEpochs } from "../core/format.js";

const METRIC = /^(accuracy|precision|recall|f1|mae|mse|r2|map50|map|found)\.(train|cv|test)$/;
/** Figures between 0 and 1 that are read as percent. */
export const SHARES = /^(accuracy|precision|recall|f1|map50|map|found)\./;

/** @typedef {import("../core/session.js").Session} Session */

/** Figures by name; undefined and null stand for "not known". @type {Record<string, (session: Session) => unknown>} */
const FIGURES = {
  step: ({ state }) => state.step,
  epoch: ({ state }) => wholeEpochs(state.epoch),
  rate: ({ state }) => state.rate,
  l2: ({ spec }) => spec?.regularization.l2,
  degree: ({ spec }) => spec?.data.degree,
  batch_size: ({ spec }) => spec?.batch_size,
  train_rows: ({ spec }) => spec?.data.train_rows,
  anchors: ({ spec }) => spec?.loss?.anchors?.length ?? 0,
  kernel: ({ report }) => Math.max(0, ...(report?.resolved.layers ?? []).flatMap((l) => l.kernel_size ?? [])),
  threshold: ({ threshold }) => threshold,
  alpha: ({ about }) => about.cost?.learning_rate,
  parameters: ({ report }) => report?.totals.parameters,
  multiplications: ({ report }) => report?.totals.multiplications,
  layers: ({ report }) => report?.resolved.layers.length,
  units: ({ report }) => report?.resolved.layers.slice(0, -1).reduce((sum, l) => sum + Number(l.units ?? 0), 0),
};

/** @param {Session} session @param {string} name @returns {number} NaN where it is not known */
export function figure(session, name) {
  if (Object.hasOwn(FIGURES, name)) return Number(FIGURES[name](session) ?? NaN);
  const [what, part] = name.split(".");
  if (what === "cost") return costOf(session, part);
  return METRIC.test(name) ? metricOf(session, what, part) : NaN;
}

/** The view that a figure is read from; none: of the spec, or of the state. @param {string | null} name */
export const viewOf = (name) => (name?.startsWith("cost.") ? "cost" : METRIC.test(name ?? "") ? "metrics" : "");

/** J of a part. @param {Session} session @param {string} part */
function costOf(session, part) {
  const at = session.about.cost?.parts.indexOf(part) ?? -1;
  return at < 0 ? NaN : (session.tensor("cost/parts")?.data[at] ?? NaN);
}

/** @param {Session} session @param {string} what @param {string} part */
function metricOf(session, what, part) {
  const about = session.about.metrics;
  const table = session.tensor("metrics/table");
  if (!about || !table) return NaN;
  const [row, column] = [about.parts.indexOf(part), about.names.indexOf(what)];
  return row < 0 || column < 0 ? NaN : table.data[row * about.names.length + column];
}
