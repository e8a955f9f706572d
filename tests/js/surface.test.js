import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { between, finer, heights, windowAround } from "../../static/draw/surface.js";

const near = (/** @type {number} */ a, /** @type {number} */ b) => Math.abs(a - b) < 1e-6;

test("heights go from 0 at the lowest to 1 at the highest, in the order of the costs", () => {
  const j = [5, 1, NaN, 3, 100, Infinity, 2];
  const scale = heights(j);
  assert.deepEqual([scale.low, scale.high], [1, 100]);
  assert.deepEqual([scale.of(1), scale.of(100), scale.of(NaN), scale.of(Infinity)], [0, 1, 1, 1]);
  const known = [1, 2, 3, 5, 100].map(scale.of);
  for (let i = 1; i < known.length; i++) assert.ok(known[i] > known[i - 1]);
  assert.ok(scale.of(2) > 1 / 99, "finer near the lowest");
});

test("a flat or unknown surface has heights too", () => {
  assert.equal(heights([2, 2, 2]).of(2), 0);
  assert.equal(heights([NaN, Infinity]).of(1), 0);
  assert.equal(heights([]).of(1), 0);
});

test("between places: the places themselves, the middle of four, the rim beyond it", () => {
  const grid = [0, 1, 2, 3];
  assert.equal(between(grid, 2, 0, 0), 0);
  assert.equal(between(grid, 2, 0.5, 0.5), 1.5);
  assert.ok(near(between(grid, 2, 0.25, 0), 0.25) && near(between(grid, 2, 0, 0.25), 0.5), "x across, y down");
  assert.equal(between(grid, 2, -5, -5), 0);
  assert.ok(Math.abs(between(grid, 2, 9, 9) - 3) < 0.01);
});

test("a finer grid goes through the same places, in the same places", () => {
  const grid = Float32Array.from({ length: 16 }, (_, i) => ((i * 7) % 16) / 16);
  const fine = finer(grid, 4, 3);
  assert.equal(fine.size, 10);
  for (let r = 0; r < 4; r++)
    for (let c = 0; c < 4; c++) assert.ok(near(fine.grid[3 * r * 10 + 3 * c], grid[4 * r + c]), `${r}, ${c}`);
  assert.ok(fine.grid.every((v) => v >= 0 && v <= 1));
  const slope = Float32Array.from({ length: 16 }, (_, i) => (i % 4) / 4);
  const ramp = finer(slope, 4, 3).grid;
  for (let r = 0; r < 10; r++)
    for (let x = 3; x <= 6; x++) assert.ok(near(ramp[r * 10 + x], x / 12), "straight stays straight");
});

test("a window around a way holds all of it, and is never too narrow", () => {
  const path = [0, 10, 0, 4, 12, 1, 2, 11, 2];
  assert.deepEqual(windowAround(path, "path"), { at_u: 2, at_v: 11, span: 3.2, span_v: 0 });
  assert.deepEqual(windowAround([1, 1, 0], "path"), { at_u: 1, at_v: 1, span: 0.24, span_v: 0 });
  assert.equal(windowAround([1, 1, 0], "weights").span, 1);
  assert.deepEqual(windowAround(path, "random"), { at_u: 0, at_v: 0, span: 1, span_v: 0 });
});

test("heights are those by which the engine judges whether a drawing is settled", () => {
  const scale = heights([1, 2, 5, 101]);
  assert.ok(near(scale.of(5), Math.log1p(16) / Math.log1p(400)), "soft is a quarter of the lowest quarter's rise");
});
