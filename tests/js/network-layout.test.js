import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { beside } from "../../static/draw/beside.js";
import { opened } from "../../static/draw/branches.js";
import { distanceToEdge, edgeEnds, layout, moved, roomOfCard } from "../../static/draw/network-layout.js";

/** @typedef {import("../../static/draw/network-layout.js").Layout} Layout */

const dense = (/** @type {string} */ id, /** @type {number} */ units) => ({ id, type: "Dense", units });
const maps = (/** @type {string} */ id, /** @type {number} */ units) => ({ id, type: "Conv2D", units, maps: true });
const NETS = {
  small: [dense("inputs", 2), dense("a", 4), dense("out", 1)],
  wide: [dense("inputs", 64), dense("a", 200), dense("b", 32), dense("out", 10)],
  images: [maps("inputs", 1), maps("a", 8), maps("b", 32), maps("c", 128), dense("out", 10)],
  deep: Array.from({ length: 20 }, (_, i) => dense(`l${i}`, 6)),
  deepest: [...Array.from({ length: 60 }, (_, i) => maps(`l${i}`, 16)), dense("out", 1000)],
};
/** Rooms as they are: a desk's, a wide one, a low one, a phone's. */
const ROOMS = [
  [700, 400],
  [1900, 800],
  [560, 170],
  [366, 260],
];
const boxesOf = (/** @type {Layout} */ plan) => plan.columns.flatMap((c) => c.nodes);

/** @param {Layout} plan @param {number} width @param {number} height */
function whole(plan, width, height) {
  assert.deepEqual([plan.width, plan.height], [width, height], "as large as its room, no larger");
  const boxes = boxesOf(plan);
  for (const { x, y, size } of boxes) {
    assert.ok(size >= 4, `a box of ${size}`);
    assert.ok(x >= 0 && x + size <= width && y >= 0 && y + size <= height, JSON.stringify({ x, y, size }));
  }
  boxes.forEach((a, i) =>
    boxes.slice(i + 1).forEach((b) => {
      const apart = a.x + a.size <= b.x || b.x + b.size <= a.x || a.y + a.size <= b.y || b.y + b.size <= a.y;
      assert.ok(apart, `${JSON.stringify(a)} lies on ${JSON.stringify(b)}`);
    }),
  );
}

for (const [name, parts] of Object.entries(NETS))
  for (const [width, height] of ROOMS)
    for (const rightToLeft of [false, true])
      test(`${name} in ${width}×${height}${rightToLeft ? ", mirrored" : ""}: whole, no box on another`, () => {
        const plan = layout(parts, width, height, rightToLeft);
        assert.deepEqual(
          plan.columns.map((c) => c.id),
          parts.map((p) => p.id),
        );
        whole(plan, width, height);
        for (const [i, column] of plan.columns.entries()) {
          const shown = column.nodes.map((n) => n.unit);
          const { units } = parts[i];
          assert.equal(column.fold === null, shown.length === units, "what is left out is said");
          if (column.fold) {
            assert.equal(column.fold.count, units - shown.length);
            assert.ok(column.fold.y > 0 && column.fold.y < height);
          }
          assert.deepEqual(shown.slice(0, -1), [...shown.keys()].slice(0, -1), "the first ones, in their order");
          assert.ok(
            [shown.length - 1, units - 1].includes(/** @type {number} */ (shown.at(-1))),
            "and one more, or the last",
          );
          for (const node of column.nodes)
            assert.ok(Math.abs(node.x + node.size / 2 - column.x) <= plan.step / 2, "a box stands in its own column");
          if (i) assert.equal(plan.columns[i].x > plan.columns[i - 1].x, !rightToLeft);
        }
      });

test("units stand one under the other; more than fit are the first ones, a fold and the last", () => {
  const plan = layout([dense("inputs", 2), dense("a", 48), dense("out", 200)], 700, 330, false);
  const [, few, many] = plan.columns;
  assert.equal(few.nodes.at(-1)?.unit, 47, "the last of those that are sent");
  const [before, last] = few.nodes.slice(-2);
  assert.ok(few.fold && few.fold.y > before.y + before.size && few.fold.y < last.y, "the fold stands between");
  assert.ok(many.fold && many.fold.y > Math.max(...many.nodes.map((n) => n.y + n.size)), "of more, below");
  for (const column of plan.columns)
    for (let i = 1; i < column.nodes.length; i++)
      assert.ok(column.nodes[i].y > column.nodes[i - 1].y && column.nodes[i].x === column.nodes[0].x);
});

test("maps stand in rows that begin at the left, as many as can be told apart", () => {
  const [, , b, c] = layout(NETS.images, 700, 330, false).columns;
  const second = b.nodes.findIndex((n) => n.y > b.nodes[0].y);
  assert.ok(second > 1 && b.nodes[second].x === b.nodes[0].x, "rows of a grid begin at the left");
  assert.ok(b.folded && !b.fold && c.fold && c.nodes[0].size >= 15);
});

test("mirrored, everything stands at the other side", () => {
  const [ltr, rtl] = [false, true].map((way) => layout(NETS.small, 700, 330, way));
  ltr.columns.forEach((column, i) => assert.equal(rtl.columns[i].x, ltr.width - column.x));
});

test("boxes grow with their room", () => {
  const sizes = ROOMS.slice(0, 2).map(([w, h]) => layout(NETS.small, w, h, false).columns[1].nodes[0].size);
  assert.ok(sizes[1] > sizes[0] * 1.3, sizes.join());
});

for (const rightToLeft of [false, true])
  test(`enlarged${rightToLeft ? ", from right to left" : ""}, all grows but the output, which stays at the end`, () => {
    const [one, two] = [1, 2.5].map((zoom) => layout(NETS.deep, 700, 330, rightToLeft, zoom));
    assert.equal(one.dock, null);
    assert.ok(two.dock && two.step === 2.5 * one.step && two.height === 2.5 * 330);
    const { left, right } = two.dock;
    assert.deepEqual(rightToLeft ? left : right, rightToLeft ? 0 : 700, "at the end of the room");
    for (const [x, y] of [
      [0, 0],
      [two.width - 700, two.height - 330],
    ]) {
      const seen = moved(two, x, y);
      for (const node of seen.columns[19].nodes)
        assert.ok(node.x >= left && node.x + node.size <= right && node.y >= 0 && node.y + node.size <= 330);
      assert.equal(seen.columns[3].nodes[0].x, two.columns[3].nodes[0].x - x);
    }
    const far = moved(two, rightToLeft ? 0 : two.width - 700, 0).columns[18].nodes[0];
    assert.ok(rightToLeft ? far.x >= right : far.x + far.size <= left, "the layer before it can be seen beside it");
    assert.ok(two.columns[4].nodes[0].size > one.columns[4].nodes[0].size);
  });

test("how much room a card has is known before anything is laid out", () => {
  assert.equal(roomOfCard(7, 700, 1), layout(NETS.deep.slice(0, 7), 700, 330, false).step);
  const { dock } = layout(NETS.deep, 700, 330, false, 4);
  assert.equal(roomOfCard(20, 700, 4), dock && dock.right - dock.left);
});

test("branches share the height, and a way around has a lane of its own", () => {
  const parts = [
    maps("inputs", 1),
    { ...maps("c", 4), slot: 1 },
    { ...maps("p", 4), slot: 1, sources: ["inputs"], lane: /** @type {[number, number]} */ ([0, 0.4]) },
    {
      ...maps("sum", 4),
      slot: 2,
      sources: ["p", "c", "inputs"],
      bare: [null, null, /** @type {[number, number]} */ ([0.8, 1])],
    },
  ];
  parts[1] = { ...parts[1], lane: [0.4, 0.8] };
  const plan = layout(parts, 600, 400, false);
  whole(plan, 600, 400);
  assert.ok(Math.max(...plan.columns[2].nodes.map((n) => n.y + n.size)) <= 160);
  assert.ok(Math.min(...plan.columns[1].nodes.map((n) => n.y)) >= 160);
  assert.deepEqual(plan.links, [
    { from: 0, to: 1, branch: null, way: null },
    { from: 0, to: 2, branch: null, way: null },
    { from: 2, to: 3, branch: 0, way: null },
    { from: 1, to: 3, branch: 1, way: null },
    { from: 0, to: 3, branch: 2, way: 360 },
  ]);
});

test("inputs that are not used keep a place among the others", () => {
  const parts = [{ ...dense("inputs", 2), names: ["x1", "x2^2"], all: ["x1", "x2", "x1^2", "x2^2"] }, dense("out", 1)];
  for (const zoom of [1, 2]) {
    const plan = moved(layout(parts, 700, 400, false, zoom), 30 * (zoom - 1), 0);
    const [inputs] = plan.columns;
    const { off = [], nodes } = inputs;
    assert.deepEqual(
      nodes.map((n) => n.unit),
      [0, 1],
    );
    assert.deepEqual(
      off.map((tile) => tile.name),
      ["x2", "x1^2"],
    );
    assert.equal(inputs.units, 2, "as many as are used: edges count them");
    const order = [nodes[0], ...off, nodes[1]];
    for (let i = 1; i < 4; i++)
      assert.ok(order[i].y >= order[i - 1].y + order[i - 1].size && order[i].x === order[0].x);
  }
});

// -- open blocks --------------------------------------------------------------------------------------------------
/** A residual block with branches in its body. @type {[string, string, string[]][]} */
const STAGES = [
  ["b/c", "Conv2D", ["input"]],
  ["b/p/1", "Conv2D", ["b/c"]],
  ["b/p/2", "MaxPooling2D", ["b/c"]],
  ["b/p/3", "Conv2D", ["b/p/2"]],
  ["b/p", "Parallel", ["b/p/1", "b/p/3"]],
  ["b/r", "Residual", ["b/p", "input"]],
];

for (const rightToLeft of [false, true])
  test(`a block opens in its place${rightToLeft ? ", mirrored" : ""}: stages in order, branches in lanes`, () => {
    const stages = STAGES.map(([id, type, inputs]) => ({ id, type, inputs, shape: [8, 8, 4] }));
    const parts = [maps("inputs", 1), maps("a", 4), maps("b", 4), dense("out", 3)];
    const plan = layout(opened(parts, new Map([["b", stages]])), 900, 400, rightToLeft);
    whole(plan, 900, 400);
    assert.deepEqual(
      plan.columns.map((c) => c.id),
      ["inputs", "a", "b/c", "b/p/1", "b/p/2", "b/p/3", "b/p", "b", "out"],
    );
    const at = Object.fromEntries(plan.columns.map((c) => [c.id, c]));
    const edges = plan.links.map(({ from, to }) => `${plan.columns[from].id}>${plan.columns[to].id}`);
    assert.deepEqual(edges.slice(1), [
      "a>b/c",
      "b/c>b/p/1",
      "b/c>b/p/2",
      "b/p/2>b/p/3",
      "b/p/1>b/p",
      "b/p/3>b/p",
      "b/p>b",
      "a>b",
      "b>out",
    ]);
    for (const { from, to } of plan.links) assert.equal(plan.columns[from].x < plan.columns[to].x, !rightToLeft);
    assert.equal(at["b/p/1"].x, at["b/p/2"].x, "branches begin beside each other");
    const low = (/** @type {string} */ id) => Math.max(...at[id].nodes.map((n) => n.y + n.size));
    const high = (/** @type {string} */ id) => Math.min(...at[id].nodes.map((n) => n.y));
    assert.ok(low("b/p/1") < high("b/p/2") && low("b/p/1") < high("b/p/3"));
    const around = plan.links.find(({ way }) => way !== null);
    assert.ok(
      around && Number(around.way) > Math.max(...["b/c", "b/p/1", "b/p/3", "b/p"].map(low)),
      "below all of them",
    );
    assert.deepEqual(
      plan.links.filter(({ branch }) => branch !== null).map(({ branch }) => branch),
      [0, 1, 0, 1],
    );
  });

test("a card stands beside its box, inside the room", () => {
  const room = { width: 700, height: 400 };
  for (let x = 0; x <= 660; x += 20)
    for (let y = 0; y <= 360; y += 20)
      for (const card of [
        { width: 200, height: 120 },
        { width: 320, height: 390 },
        { width: 690, height: 150 },
      ]) {
        const at = beside({ x, y, size: 40 }, card, room);
        assert.ok(at.x >= 4 && at.y >= 4 && at.x + card.width <= 696 && at.y + card.height <= 396);
        const off = at.x >= x + 40 || at.x + card.width <= x || at.y >= y + 40 || at.y + card.height <= y;
        if (card.width === 200) assert.ok(off, `it covers its box at ${x}, ${y}`);
      }
});

const [a, b] = [
  { unit: 0, x: 0, y: 0, size: 40 },
  { unit: 0, x: 140, y: 100, size: 20 },
];

test("an edge goes from the facing side of one box to that of the other, at half height", () => {
  assert.deepEqual(edgeEnds(a, b), { x1: 40, y1: 20, x2: 140, y2: 110, bend: 50 });
  assert.deepEqual(edgeEnds(b, a), { x1: 140, y1: 110, x2: 40, y2: 20, bend: -50 });
});

test("the distance to an edge is measured from its curve", () => {
  const { x1, y1, x2, y2, bend } = edgeEnds(a, b);
  for (const u of [0.1, 0.3, 0.5, 0.8]) {
    const at = (/** @type {number[]} */ [p, q, r, s]) =>
      p * (1 - u) ** 3 + 3 * q * u * (1 - u) ** 2 + 3 * r * u * u * (1 - u) + s * u ** 3;
    const [x, y] = [at([x1, x1 + bend, x2 - bend, x2]), at([y1, y1, y2, y2])];
    assert.ok(distanceToEdge(a, b, x, y) < 1, `on the curve at ${u}: ${distanceToEdge(a, b, x, y)}`);
    const off = distanceToEdge(a, b, x, y + 10);
    assert.ok(off > 4 && off <= 10.01, `10 below it at ${u}: ${off}`);
  }
  assert.equal(distanceToEdge(a, b, 20, 20), Infinity, "beside its end there is no edge");
  assert.ok(distanceToEdge(b, a, 90, 65) < 1, "from right to left too");
});
