import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cut,
  exitPath,
  linePath,
  logTicks,
  markExits,
  placesIn,
  rangeOf,
  tickLabels,
  ticks,
  tickStep,
  towards,
} from "../../static/draw/axes.js";
import { chartOptions, leaving, rangeOfLines } from "../../static/draw/chart-options.js";
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

test("ticks are written as by hand, and differ", () => {
  assert.deepEqual(tickLabels([0, 0.2, 0.4, 0.6000000000000001]), ["0", "0.2", "0.4", "0.6"]);
  assert.deepEqual(tickLabels([-6, 0, 1000]), ["−6", "0", "1000"]);
  assert.deepEqual(tickLabels([1, 1e11, 1e22]), ["1", "1.0e+11", "1.0e+22"]);
  assert.deepEqual(
    tickLabels([1000, 2000], (v) => `${v / 1000}k`),
    ["1k", "2k"],
  );
});

test("logarithmic ticks are powers of ten, few at any width, and finer within two decades", () => {
  assert.deepEqual(logTicks(0.9, 1100, 5), [1, 10, 100, 1000]);
  assert.deepEqual(logTicks(0.3, 12, 6), [0.5, 1, 2, 5, 10]);
  assert.deepEqual(logTicks(0.2, 0.6, 4), ticks(0.2, 0.6, 4));
  for (const high of [1e12, 1e40, 1e300]) {
    const found = logTicks(1e-3, high, 5);
    assert.ok(found.length >= 2 && found.length <= 7, `${found}`);
    assert.equal(new Set(tickLabels(found)).size, found.length);
  }
  for (const [low, high] of [
    [0, 1],
    [-1, 1],
    [2, 2],
    [1, Infinity],
    [NaN, 1],
  ])
    assert.deepEqual(logTicks(low, high, 5), []);
});

test("a chart's range holds its lines; one that runs away does not squeeze the rest, and a logarithm holds all", () => {
  const [low, high] = rangeOfLines([[0.9, 0.5, 0.2, null]], false);
  assert.ok(low === 0 && high > 0.9 && high < 1.2, `${low} … ${high}`);
  assert.ok(rangeOfLines([[1, 2, 1e30]], false)[1] < 12);
  assert.ok(rangeOfLines([[1, 2, 1e30]], true)[1] >= 1e30);
  assert.ok(rangeOfLines([[1, 2, 1e30]], false, true)[1] >= 1e30, "of a sweep nothing is left out");
  const [above, most] = rangeOfLines([[100, 101]], false);
  assert.ok(above > 98 && above < 100 && most > 101 && most < 103, "far from 0 the axis does not begin there");
  assert.deepEqual(rangeOfLines([[NaN, null, undefined, Infinity]], false), [0, 1]);
  assert.ok(rangeOfLines([[0, 1e-3]], true)[0] > 0, "0 is no part of a logarithmic axis");
  assert.ok(rangeOfLines([[0, 5]], false)[1] >= 5, "a line that begins at 0 is shown");
});

const square = (/** @type {boolean} */ logX = false, /** @type {boolean} */ logY = false) => ({
  at: (/** @type {number} */ v, /** @type {"x" | "y"} */ axis) => (axis === "x" ? v : 10 - v),
  box: BOX,
  logX,
  logY,
});

test("where a line of a chart leaves it is marked at the edge, and why is said", () => {
  const beyond = leaving([0, 5, 10], [5, 15, 5], square());
  assert.deepEqual([...beyond.why], ["beyond"]);
  assert.equal(beyond.exits.length, 2);
  for (const [, y] of beyond.exits) assert.ok(Math.abs(y) <= 0.5, "at the upper edge");
  assert.deepEqual(leaving([1, 2], [3, 4], square()).exits, [], "a line inside has no marks");
  const infinite = leaving([1, 4], [3, Infinity], square());
  assert.deepEqual(infinite, { exits: [[4, 0]], why: new Set(["infinite"]) });
  const zero = leaving([1, 4], [3, 0], square(false, true));
  assert.deepEqual(zero, { exits: [[4, 10]], why: new Set(["zero"]) });
  assert.deepEqual(leaving([1, 4], [3, 0], square()).exits, [], "0 is on a plain axis");
  const before = leaving([0, 4], [3, 2], square(true));
  assert.deepEqual(before, { exits: [[0, 7]], why: new Set(["before"]) });
  assert.deepEqual(leaving([1, 2, 3], [3, NaN, 4], square()).exits, [], "what was not measured is no exit");
  assert.deepEqual(leaving([0, 4], [3, null], square()).exits, []);
});

test("a chart has named axes with ticks of their own", () => {
  const options = chartOptions({
    width: 300,
    height: 200,
    x: { name: "step", log: true },
    y: { name: "J", range: [0, 2], places: [0, 2], write: (v) => `${v}!` },
    lines: [{ stroke: "red" }],
  });
  const [x, y] = /** @type {any[]} */ (options.axes ?? []);
  assert.equal(x.label, "step");
  const u = { bbox: { width: 250, height: 150 }, data: [[], [1, 4]] };
  assert.deepEqual(x.splits(u, 0, 1, 1000), [1, 10, 100, 1000]);
  assert.deepEqual(y.splits(u, 1, 0, 2), [0, 2]);
  assert.deepEqual(y.values(u, [0, 2]), ["0!", "2!"]);
  assert.ok(y.size(u, ["1.0e+30"]) > y.size(u, ["0"]), "long labels have room");
  assert.equal(options.scales?.x?.distr, 3);
  assert.deepEqual(
    options.series?.map((s) => s.label ?? s.stroke),
    ["step", "red"],
  );
});

test("marks and lines of SVG plots are those of canvases", () => {
  const to = paper(100);
  markExits(to, [[5, 0]], BOX, "ink");
  const corners = [...commands("moveTo"), ...commands("lineTo")].map(([, x, y]) => [x, y]);
  assert.equal(exitPath([[5, 0]], BOX), `${linePath(/** @type {[number, number][]} */ (corners))}Z`);
  assert.equal(
    exitPath(
      [
        [5, 0],
        [6, 0],
      ],
      BOX,
    ),
    exitPath([[5, 0]], BOX),
    "one for places close together",
  );
  assert.equal(
    linePath([
      [1, 2.25],
      [3, 4],
    ]),
    "M1.0 2.3L3.0 4.0",
  );
  const { px, py } = placesIn(BOX, { low: -1, high: 1, name: "x" }, { low: 0, high: 4, name: "y" });
  assert.deepEqual([px(-1), px(0), py(0), py(4)], [0, 5, 10, 0]);
});
