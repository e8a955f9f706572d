import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { distanceToEdge, edgeEnds, layout } from "../../static/draw/network-layout.js";

const HEIGHT = 330;
const dense = (/** @type {string} */ id, /** @type {number} */ units) => ({ id, type: "Dense", units });
const maps = (/** @type {string} */ id, /** @type {number} */ units) => ({ id, type: "Conv2D", units, maps: true });
const NETS = {
  small: [dense("inputs", 2), dense("a", 4), dense("out", 1)],
  wide: [dense("inputs", 64), dense("a", 200), dense("b", 32), dense("out", 10)],
  images: [maps("inputs", 1), maps("a", 8), maps("b", 32), maps("c", 128), dense("out", 10)],
  deep: Array.from({ length: 20 }, (_, i) => dense(`l${i}`, 6)),
};

for (const [name, parts] of Object.entries(NETS))
  for (const rightToLeft of [false, true])
    test(`${name}${rightToLeft ? ", from right to left" : ""}: all boxes inside, none on another`, () => {
      const plan = layout(parts, 700, HEIGHT, rightToLeft);
      assert.deepEqual(
        plan.columns.map((c) => c.id),
        parts.map((p) => p.id),
      );
      const boxes = plan.columns.flatMap((c) => c.nodes);
      for (const { x, y, size } of boxes) {
        assert.ok(size >= 4, `a box of ${size}`);
        assert.ok(x >= 0 && x + size <= plan.width && y >= 0 && y + size <= HEIGHT, JSON.stringify({ x, y, size }));
      }
      boxes.forEach((a, i) =>
        boxes.slice(i + 1).forEach((b) => {
          const apart = a.x + a.size <= b.x || b.x + b.size <= a.x || a.y + a.size <= b.y || b.y + b.size <= a.y;
          assert.ok(apart, `${JSON.stringify(a)} lies on ${JSON.stringify(b)}`);
        }),
      );
      for (const [i, column] of plan.columns.entries()) {
        assert.deepEqual(
          column.nodes.map((n) => n.unit),
          Array.from({ length: Math.min(parts[i].units, column.folded ? 64 : parts[i].units) }, (_, k) => k),
        );
        for (const node of column.nodes)
          assert.ok(Math.abs(node.x + node.size / 2 - column.x) < 70, "a box stands in its own column");
        if (i) assert.equal(plan.columns[i].x > plan.columns[i - 1].x, !rightToLeft);
      }
    });

test("units stand one under the other in their order; more than fit are folded into a grid", () => {
  const plan = layout(NETS.wide, 700, HEIGHT, false);
  const [, folded, b] = plan.columns;
  assert.ok(folded.folded && b.folded && !plan.columns[3].folded);
  const out = plan.columns[3].nodes;
  for (let i = 1; i < out.length; i++) assert.ok(out[i].y > out[i - 1].y && out[i].x === out[0].x);
  const second = folded.nodes.findIndex((n) => n.y > folded.nodes[0].y);
  assert.ok(second > 1 && folded.nodes[second].x === folded.nodes[0].x, "rows of a grid begin at the left");
});

test("mirrored, everything stands at the other side", () => {
  const [ltr, rtl] = [false, true].map((way) => layout(NETS.small, 700, HEIGHT, way));
  ltr.columns.forEach((column, i) => assert.equal(rtl.columns[i].x, ltr.width - column.x));
});

test("a net that is wider than the room scrolls; zoom makes boxes larger", () => {
  assert.ok(layout(NETS.deep, 700, HEIGHT, false).width > 700);
  const one = layout(NETS.small, 700, HEIGHT, false).columns[2].nodes[0].size;
  assert.ok(layout(NETS.small, 700, 2 * HEIGHT, false, 2).columns[2].nodes[0].size > one);
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
