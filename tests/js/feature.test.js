import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { SCALE } from "../../static/core/colors.js";
import { featureOf, paintFeature } from "../../static/draw/feature.js";
import { FakeCanvas } from "./recorder.js";

test("an engineered input is what its name says", () => {
  const inputs = ["x1", "x2"];
  const at = (/** @type {string} */ name, /** @type {number[]} */ x) => featureOf(name, inputs)(x);
  assert.equal(at("x1", [3, 5]), 3);
  assert.equal(at("x2^2", [3, 5]), 25);
  assert.equal(at("x1*x2", [3, 5]), 15);
  assert.equal(at("x1^2*x2", [3, 5]), 45);
  assert.equal(at("sin(x2)", [3, 5]), Math.sin(5));
  assert.equal(featureOf("garden^2", ["rooms", "garden"])([2, 4]), 16);
});

test("its picture is zero's colour where it is zero and the ends' where it is largest", () => {
  const canvas = /** @type {any} */ (new FakeCanvas());
  [canvas.width, canvas.height] = [3, 3];
  /** @type {Uint32Array | undefined} */ let pixels;
  const to = canvas.getContext("2d");
  to.putImageData = (/** @type {ImageData} */ image) => (pixels = new Uint32Array(image.data.buffer));
  canvas.getContext = () => to;
  paintFeature(canvas, "x1*x2", ["x1", "x2"], [[-6, 6], [-6, 6]]); // prettier-ignore
  const places = [0, 2, 4, 6, 8].map((i) => SCALE.light.indexOf(pixels?.[i] ?? 0));
  assert.deepEqual(places, [0, 255, 128, 255, 0]);
});
