import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { layout } from "../../static/draw/network-layout.js";
import { flowPath } from "../../static/network/flow.js";
import { reader } from "./drawings.js";
import { floats } from "./tensors.js";

const PARTS = [
  { id: "inputs", type: "Input", units: 2 },
  { id: "hidden", type: "Dense", units: 3 },
  { id: "out", type: "Dense", units: 1 },
];
const WEIGHTS = {
  "weights/hidden/kernel": floats([2, 3], [1, -1, 0.25, -0.05, 2, 0]),
  "weights/out/kernel": floats([3, 1], [0.5, -2, 0.1]),
};
const starts = (/** @type {string} */ path) => path.split("M").slice(1);

test("dots go along the strong edges, the strongest first, from the inputs to the output", () => {
  const plan = layout(PARTS, 360, 200, false);
  const ways = starts(flowPath(plan, reader(WEIGHTS), 2));
  assert.equal(ways.length, 6, "weak edges have none");
  const second = plan.columns[1].nodes[1];
  const { x, y, size } = plan.columns[0].nodes[1];
  assert.ok(ways[0].startsWith(`${x + size} ${Math.round(y + size / 2)}C`), ways[0]);
  assert.ok(ways[0].endsWith(` ${second.x} ${Math.round(second.y + second.size / 2)}`), ways[0]);
  for (const way of ways) {
    const numbers = way.match(/-?[\d.]+/g)?.map(Number) ?? [];
    assert.ok(numbers[0] < numbers[6], "to the right");
  }
});

test("from right to left they go to the left", () => {
  for (const way of starts(flowPath(layout(PARTS, 360, 200, true), reader(WEIGHTS), 2))) {
    const numbers = way.match(/-?[\d.]+/g)?.map(Number) ?? [];
    assert.ok(numbers[0] > numbers[6], way);
  }
});

test("a band has one row of dots, and few edges have any in a large net", () => {
  const maps = ["inputs", "a", "b"].map((id) => ({ id, type: "Conv2D", units: 8, maps: true }));
  assert.equal(starts(flowPath(layout(maps, 500, 300, false), reader({}), 1)).length, 2);
  const wide = [
    { id: "inputs", type: "Input", units: 30 },
    { id: "a", type: "Dense", units: 30 },
  ];
  const kernel = { "weights/a/kernel": floats([30, 30], Array(900).fill(1)) };
  assert.equal(starts(flowPath(layout(wide, 900, 900, false), reader(kernel), 1)).length, 240);
});
