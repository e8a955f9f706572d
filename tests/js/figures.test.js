import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { figure, SHARES } from "../../static/lesson/figures.js";
import { bytes, floats } from "./tensors.js";

const tensors = /** @type {Record<string, any>} */ ({
  "cost/parts": floats([3], [0.5, 0.75, 1]),
  "metrics/table": floats([2, 2], [0.25, 2, 0.5, 4]),
  spare: bytes([1], [0]),
});
const session = /** @type {any} */ ({
  state: { step: 12, epoch: 3 },
  report: {
    totals: { parameters: 37, multiplications: 26 },
    resolved: { layers: [{ units: 4 }, { kernel_size: [3, 5] }, { units: 6 }, { units: 1 }] },
  },
  spec: {
    regularization: { l2: 0.01 },
    data: { degree: 4, train_rows: null },
    batch_size: 32,
    loss: { anchors: [1, 2] },
  },
  about: {
    cost: { parts: ["train", "cv", "test"], learning_rate: 0.03 },
    metrics: { parts: ["train", "cv"], names: ["accuracy", "mae"] },
  },
  threshold: 0.5,
  tensor: (/** @type {string} */ name) => tensors[name] ?? null,
});

test("figures of the run by name", () => {
  const wanted = {
    step: 12, epoch: 3, l2: 0.01, degree: 4, batch_size: 32, anchors: 2, kernel: 5, threshold: 0.5, alpha: 0.03,
    parameters: 37, multiplications: 26, layers: 4, units: 10,
    "cost.train": 0.5, "cost.cv": 0.75, "cost.test": 1, "accuracy.train": 0.25, "mae.train": 2, 
    "accuracy.cv": 0.5, "mae.cv": 4,
  }; // prettier-ignore
  for (const [name, value] of Object.entries(wanted)) assert.ok(Math.abs(figure(session, name) - value) < 1e-6, name);
});

test("what is not known is no number, and never a wrong one", () => {
  for (const name of ["rate", "train_rows", "f1.cv", "accuracy.test", "cost.other", "nonsense", "nonsense.cv"])
    assert.ok(Number.isNaN(figure(session, name) ?? NaN), `${name}: ${figure(session, name)}`);
  const empty = { ...session, spec: null, report: null, about: {}, tensor: () => null };
  for (const name of ["l2", "degree", "parameters", "layers", "units", "cost.train", "accuracy.cv", "alpha"])
    assert.ok(Number.isNaN(figure(empty, name)), name);
  assert.equal(figure(empty, "kernel"), 0);
});

test("shares are read as percent, costs are not", () => {
  for (const name of ["accuracy.cv", "map50.test", "map.cv"]) assert.match(name, SHARES);
  for (const name of ["cost.cv", "mae.train", "r2.cv", "mapping.cv"]) assert.doesNotMatch(name, SHARES);
});
