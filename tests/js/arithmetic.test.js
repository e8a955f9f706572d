/** Small arithmetic of panels: sliders' places, what can be swept, layers to add, the numbers of a window. */
import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { scaleOf } from "../../static/controls/scale.js";
import { aroundZero } from "../../static/core/scales.js";
import { withConvolution, withLayer } from "../../static/network/grow.js";
import { cellOf, sums } from "../../static/network/window-numbers.js";
import { kindsOf } from "../../static/panels/sweep.js";
import { floats } from "./tensors.js";

test("a plain slider's places are its values", () => {
  const scale = scaleOf({ min: 2, max: 9, step: 0.5 });
  assert.deepEqual([scale.low, scale.top, scale.step, scale.place(3.5), scale.back(3.5)], [2, 9, 0.5, 3.5, 3.5]);
});

test("a logarithmic slider goes there and back, ten places a decade, with 0 below them if it has a place", () => {
  const scale = scaleOf({ min: 1e-5, max: 1, log: true, zero: true });
  assert.deepEqual([scale.low, scale.top, scale.step], [-1, 50, 1]);
  assert.deepEqual([scale.back(0), scale.back(50), scale.back(-1)], [1e-5, 1, 0]);
  for (let place = scale.low; place <= scale.top; place++) assert.equal(scale.place(scale.back(place)), place);
  for (let place = scale.low; place < scale.top; place++) assert.ok(scale.back(place) < scale.back(place + 1));
  assert.equal(scaleOf({ min: 1, max: 100, log: true }).place(0), 0);
});

test("what can be swept depends on the data and the net", () => {
  const dense = (/** @type {any} */ units) => ({ type: "Dense", units });
  const spec = {
    data: { train_rows: null },
    layers: [dense(4), { type: "Dropout" }, dense("auto"), dense(3), dense(1)],
  };
  const line = kindsOf(spec, { input_shape: [1] }, { kind: "line", counts: { train: 60 } });
  assert.deepEqual(Object.keys(line).sort(), ["degree", "l2", "rate", "train_rows", "width"]);
  assert.equal(line.degree.values.length, 15);
  assert.deepEqual(line.train_rows.values, [5, 8, 12, 20, 30, 50, 60]);
  assert.deepEqual(line.width.changes(7), { "layers.0.units": 7, "layers.3.units": 7 });
  assert.deepEqual(line.l2.changes(0.1), { "regularization.l2": 0.1 });
  const plane = kindsOf({ data: { train_rows: 30 }, layers: [dense(1)] }, null, {
    kind: "plane",
    counts: { train: 60 },
  });
  assert.equal(plane.degree.values.length, 6);
  assert.deepEqual(plane.train_rows.values, [5, 8, 12, 20, 30, 50]);
  assert.equal(plane.width, undefined);
  for (const [inputs, has] of [
    [7, true],
    [8, false],
  ])
    assert.equal("degree" in kindsOf(spec, { input_shape: [inputs] }, { kind: "table" }), has);
  assert.equal(kindsOf(spec, null, { kind: "image" }).degree, undefined);
});

test("a layer more stands before the last, with a name of its own, like the one before it", () => {
  const layers = [{ id: "h1", type: "Dense", units: 12, activation: "relu" }, { id: "h2" }, { id: "out" }];
  const more = withLayer(layers);
  assert.deepEqual(
    more.map((l) => l.id),
    ["h1", "h2", "h3", "out"],
  );
  assert.deepEqual([more[2].units, more[2].activation], [4, "tanh"]);
  const two = withLayer([layers[0], layers[2]]);
  assert.deepEqual([two[1].id, two[1].units, two[1].activation], ["h2", 8, "relu"]);
  assert.equal(layers.length, 3, "the old ones stay as they were");
});

test("a convolution more stands behind the last layer of images", () => {
  const rows = [
    { id: "c1", output_shape: [8, 8, 4] },
    { id: "flat", output_shape: [256] },
    { id: "out", output_shape: [1] },
  ];
  const layers = rows.map(({ id }) => ({ id }));
  assert.deepEqual(
    withConvolution(layers, rows).map((l) => l.id),
    ["c1", "c2", "flat", "out"],
  );
  assert.deepEqual(
    withConvolution(layers.slice(1), rows.slice(1)).map((l) => l.id),
    ["c1", "flat", "out"],
  );
});

test("a window's cells and sums", () => {
  const window = floats([1, 2, 2], [1, -4, 2, 3]);
  const kernel = floats([1, 2, 2], [0.5, 1, -2, 0]);
  const scales = { inputs: aroundZero(5), kernel: aroundZero(3) };
  assert.deepEqual(cellOf("x", 1, window, kernel, scales), { value: -4, scale: scales.inputs });
  assert.deepEqual(cellOf("w", 2, window, kernel, scales), { value: -2, scale: scales.kernel });
  assert.deepEqual(cellOf("p", 2, window, kernel, scales), { value: -4, scale: aroundZero(15) });
  assert.deepEqual(cellOf("w", 0, window, null, { inputs: scales.inputs }), { value: 0, scale: aroundZero(1) });
  assert.deepEqual(sums(window, kernel, 0), { here: -3.5, all: -7.5 });
  assert.deepEqual(sums(window, kernel, 1), { here: -4, all: -7.5 });
  assert.deepEqual(sums(window, null, 0), { here: 0, all: 0 });
});
