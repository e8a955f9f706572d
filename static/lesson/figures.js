/** Numbers of the run by name, as lessons show them and challenges ask for them. */

const METRIC = /^(accuracy|precision|recall|f1|mae|mse|r2|map50|map|found)\.(train|cv|test)$/;
/** Figures between 0 and 1 that are read as percent. */
export const SHARES = /^(accuracy|precision|recall|f1|map50|map|found)\./;

/** @param {import("../core/session.js").Session} session @param {string} name @returns {number} NaN where it is not known */
export function figure(session, name) {
  const { state, report, about } = session;
  switch (name) {
    case "step":
      return state.step;
    case "epoch":
      return state.epoch;
    case "rate":
      return state.rate ?? NaN;
    case "l2":
      return session.spec?.regularization.l2 ?? NaN;
    case "degree":
      return session.spec?.data.degree ?? NaN;
    case "batch_size":
      return session.spec?.batch_size ?? NaN;
    case "train_rows":
      return session.spec?.data.train_rows ?? NaN;
    case "anchors":
      return session.spec?.loss?.anchors?.length ?? 0;
    case "kernel":
      return Math.max(0, ...(report?.resolved.layers ?? []).flatMap((/** @type {any} */ l) => l.kernel_size ?? []));
    case "threshold":
      return session.view.threshold ?? 0.5;
    case "alpha":
      return about.cost?.learning_rate ?? NaN;
    case "parameters":
      return report?.totals.parameters ?? NaN;
    case "multiplications":
      return report?.totals.multiplications ?? NaN;
    case "layers":
      return report?.resolved.layers.length ?? NaN;
    case "units":
      return (
        report?.resolved.layers
          .slice(0, -1)
          .reduce((/** @type {number} */ sum, /** @type {any} */ l) => sum + (l.units ?? 0), 0) ?? NaN
      );
  }
  const [what, part] = name.split(".");
  if (what === "cost") {
    const parts = session.tensor("cost/parts");
    const at = about.cost?.parts.indexOf(part) ?? -1;
    return parts && at >= 0 ? parts.data[at] : NaN;
  }
  const match = METRIC.exec(name);
  const table = session.tensor("metrics/table");
  if (!match || !table || !about.metrics) return NaN;
  const row = about.metrics.parts.indexOf(part);
  const column = about.metrics.names.indexOf(what);
  return column < 0 ? NaN : table.data[row * about.metrics.names.length + column];
}
