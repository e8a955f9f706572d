import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { cut, markExits, rangeOf, tickLabels, ticks, tickStep, towards } from "../../static/draw/axes.js";
import { commands, paper } from "./drawings.js";

const BOX = { left: 0, top: 0, right: 10, bottom: 10 };

test("ticks are round, inside, rising, and few", () => {
  for (const [low, high] of [
    [0, 1],
    [-3.7, 12.2],
    [1e-9, 3e-9],
    [98765, 98790],
    [-5e8, 7e9],
    [0.1, 0.3],
  ]) {
    const found = ticks(low, high, 5);
    assert.ok(found.length >= 2 && found.length <= 6, `${low} … ${high}: ${found}`);
    const step = tickStep(low, high, 5);
    const digit = Number(step.toExponential(0).split("e")[0]);
    assert.ok([1, 2, 5].includes(digit), `${step}`);
    for (const v of found) {
      assert.ok(v >= low - step * 1e-6 && v <= high + step * 1e-6);
      assert.ok(Math.abs(v / step - Math.round(v / step)) < 1e-6, `${v} is a multiple of ${step}`);
    }
    assert.equal(new Set(tickLabels(found)).size, found.length, `${tickLabels(found)} differ`);
  }
  assert.deepEqual(ticks(0, 1, 5), [0, 0.2, 0.4, 0.6000000000000001, 0.8, 1]);
  assert.deepEqual(tickLabels([100000.1, 100000.2]), ["100000.1", "100000.2"]);
  assert.equal(tickStep(2, 2, 5), 1);
});

test("a range holds the examples and what is drawn, but no runaway", () => {
  const inside = rangeOf([0, 10], [-3, 14]);
  assert.ok(inside.low <= -3 && inside.high >= 14);
  const runaway = rangeOf([0, 10], [0, 1e9]);
  assert.ok(runaway.low <= 0 && runaway.high >= 30 && runaway.high < 60, `${runaway.high}`);
  const none = rangeOf([NaN, 2, 4], [Infinity, NaN]);
  assert.ok(none.low <= 2 && none.high >= 4 && none.high < 10);
  const flat = rangeOf([5, 5], []);
  assert.ok(flat.low < 5 && flat.high > 5);
  assert.ok(Number.isFinite(rangeOf([], []).low));
});

test("a line is cut at the edges, in pieces, on its own slope", () => {
  assert.deepEqual(
    cut(
      [
        [1, 1],
        [2, 3],
      ],
      BOX,
    ),
    {
      pieces: [
        [
          [1, 1],
          [2, 3],
        ],
      ],
      exits: [],
    },
  );
  assert.deepEqual(
    cut(
      [
        [5, 5],
        [25, 15],
      ],
      BOX,
    ),
    {
      pieces: [
        [
          [5, 5],
          [10, 7.5],
        ],
      ],
      exits: [[10, 7.5]],
    },
  );
  const there = cut(
    [
      [5, 5],
      [5, -5],
      [7, -5],
      [7, 5],
    ],
    BOX,
  );
  assert.deepEqual(there.pieces, [
    [
      [5, 5],
      [5, 0],
    ],
    [
      [7, 0],
      [7, 5],
    ],
  ]);
  assert.deepEqual(there.exits, [
    [5, 0],
    [7, 0],
  ]);
  const through = cut(
    [
      [-10, 5],
      [20, 5],
    ],
    BOX,
  );
  assert.deepEqual(through, {
    pieces: [
      [
        [0, 5],
        [10, 5],
      ],
    ],
    exits: [
      [0, 5],
      [10, 5],
    ],
  });
  assert.deepEqual(
    cut(
      [
        [-5, -5],
        [-5, 15],
        [15, 15],
      ],
      BOX,
    ),
    { pieces: [], exits: [] },
    "round about it",
  );
  assert.deepEqual(
    cut(
      [
        [1, 1],
        [NaN, 2],
        [3, 3],
        [4, 4],
      ],
      BOX,
    ).pieces,
    [
      [
        [3, 3],
        [4, 4],
      ],
    ],
  );
  assert.deepEqual(cut([[3, 3]], BOX).pieces, [[[3, 3]]]);
});

test("what lies outside is shown in its own direction: x and y are never clamped apart", () => {
  assert.deepEqual(towards(3, 4, BOX), [3, 4]);
  assert.deepEqual(towards(105, 5, BOX), [10, 5]);
  const [x, y] = towards(105, 55, BOX);
  assert.ok(x === 10 && Math.abs(y - 7.5) < 1e-9, "on the line from the middle");
  assert.deepEqual(towards(NaN, 3, BOX), [10, 5]);
});

test("marks point outwards, one for places close together", () => {
  const box = { left: 0, top: 0, right: 100, bottom: 100 };
  const places = /** @type {[number, number][]} */ ([
    [100, 50],
    [100, 53],
    [50, 0],
    [0, 9],
    [20, 100],
  ]);
  markExits(paper(), places, box, "ink");
  const tips = commands("moveTo").map((c) => c.slice(1));
  assert.deepEqual(tips, [
    [100, 50],
    [50, 0],
    [0, 9],
    [20, 100],
  ]);
  for (const [, x, y] of commands("lineTo")) assert.ok(x >= 0 && x <= 100 && y >= 0 && y <= 100, `${x}, ${y}`);
});
