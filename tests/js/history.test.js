import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyHistory, lengthen, newestLoss } from "../../static/core/history.js";

/** @param {[number, number][]} rows step and loss */
function historyOf(rows) {
  const history = emptyHistory();
  const data = { step: rows.map(([step]) => step), loss: rows.map(([, loss]) => loss) };
  const tensors = Object.fromEntries(
    Object.keys(history.columns).map((name) => [
      `cost/${name}`,
      { data: data[/** @type {"step" | "loss"} */ (name)] ?? rows.map(() => NaN), shape: [rows.length], dtype: "F64" },
    ]),
  );
  lengthen(history, /** @type {any} */ ({ tensors, meta: { from: "0" } }));
  return history;
}

const ROWS = historyOf([
  [0, NaN],
  [1, 0.9],
  [1022, 0.3],
  [1024, 0.2],
  [1025, 0.1],
]);

test("the newest loss says over how many steps it is the mean", () => {
  assert.deepEqual(newestLoss(ROWS, 1025), { loss: 0.1, steps: 1 });
  assert.deepEqual(newestLoss(ROWS, 1024), { loss: 0.2, steps: 2 });
  assert.deepEqual(newestLoss(ROWS, 2), { loss: 0.9, steps: 1 });
});

test("what lies after the moment on show, and rows without a batch, are not it", () => {
  assert.deepEqual(newestLoss(ROWS, 1023), { loss: 0.3, steps: 1021 });
  assert.equal(newestLoss(ROWS, 0), null);
});
