/** One number has one colour: in units' tiles, on the plane, as an example, in legends and beside numbers. */
import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { CLASS_COLORS, SCALE, rgb } from "../../static/core/colors.js";
import { SHARE, aroundZero, colorOf, endsOf, pixelOf, tableOf, tableOfMap } from "../../static/core/scales.js";
import { NetworkPainter } from "../../static/draw/network-paint.js";
import { PlanePainter } from "../../static/draw/plane.js";
import { ABOUT, THEMES, VIEW, inBothThemes, paper, points, reader, values } from "./drawings.js";
import { FakeCanvas } from "./recorder.js";
import { bytes } from "./tensors.js";

/** @typedef {import("../../static/core/scales.js").Scale} Scale */
const unpack = (/** @type {number} */ packed) => [0, 8, 16].map((shift) => (packed >> shift) & 255);
const parse = (/** @type {string} */ css) => (css.startsWith("#") ? rgb(css) : (css.match(/\d+/g) ?? []).map(Number));
const hex = (/** @type {string} */ text) => rgb(`#${text}`);
/** Steps of the scale between two colours, at most: bytes are rounded. */
const near = (/** @type {number[]} */ a, /** @type {number[]} */ b, /** @type {string} */ what) =>
  a.forEach((c, i) => assert.ok(Math.abs(c - b[i]) <= 6, `${what}: ${a} is not ${b}`));

/** Of a map's bytes, as the engine writes them. @param {number} value @param {Scale} scale */
const byteOf = (value, { middle, reach }) =>
  Math.floor(128.5 + 127 * Math.max(-1, Math.min(1, (value - middle) / reach)));

/** The colour of a tile of one unit in the network. @param {number} value @param {Scale} scale @param {number} unit */
function tile(value, scale, unit, /** @type {"light" | "dark"} */ theme) {
  FakeCanvas.forget();
  const all = bytes([unit + 1, 1, 1], [...Array(unit).fill(128), byteOf(value, scale)]);
  const scene = { tensor: reader({ "neurons/out": all }), about: { neurons: { scales: { out: scale } } } };
  new NetworkPainter().picturesOf(scene, { id: "out" }, theme);
  const put = FakeCanvas.made.flatMap((c) => c.commands).find((c) => c[0] === "putImageData");
  return hex(put?.[5 + unit].split(" ")[0]);
}

/**
 * The colours of the plane's ground and of the last example.
 * @param {Record<string, any>} tensors @param {Scale} scale @param {string} task @param {number} y
 */
function plane(tensors, scale, task, y) {
  FakeCanvas.forget();
  const scene = { tensor: reader(tensors), about: { ...ABOUT, scale }, data: points(task, [y, y, y, y]), view: VIEW };
  const to = paper();
  new PlanePainter().paint(to, 100, scene);
  const put = FakeCanvas.made.flatMap((c) => c.commands).find((c) => c[0] === "putImageData");
  return { ground: hex(put?.[5].split(" ")[0]), point: parse(values("fillStyle", 2)[0]) };
}

inBothThemes("a probability of one class: 0, ½ and 1 look the same in tile, plane, example and legend", (theme) => {
  const scale = { kind: "signed", middle: 0.5, reach: 0.5 };
  for (const p of [0, 0.1, 0.25, 0.5, 0.8, 1]) {
    const { ground, point } = plane({ "boundary/p": bytes([1, 1], [Math.round(255 * p)]) }, scale, "binary", p);
    near(tile(p, scale, 0, theme), ground, `tile and plane at ${p}`);
    near(parse(colorOf(p, scale, theme)), ground, `legend and plane at ${p}`);
    near(point, ground, `example and plane at ${p}`);
  }
  near(tile(0, scale, 0, theme), unpack(SCALE[theme][0]), "0 is the lower end");
  near(tile(0.5, scale, 0, theme), unpack(SCALE[theme][128]), "even odds are the ground");
});

inBothThemes("an answer around zero, as of hinge, is drawn as the probability it stands for", (theme) => {
  const scale = { kind: "signed", middle: 0, reach: 1 };
  const probability = { kind: "signed", middle: 0.5, reach: 0.5 };
  for (const a of [-1, -0.3, 0, 0.7, 1]) {
    const p = a / 2 + 0.5;
    const { ground } = plane({ "boundary/p": bytes([1, 1], [Math.round(255 * p)]) }, probability, "binary", 1);
    near(tile(a, scale, 0, theme), ground, `${a}`);
  }
});

inBothThemes("shares of several classes go from the ground to the class's colour, everywhere", (theme) => {
  const scale = { kind: "classes", middle: 0, reach: 1 };
  for (const unit of [0, 1, 3]) {
    for (const share of [0.2, 0.5, 0.9, 1]) {
      const { ground, point } = plane(
        { "boundary/winner": bytes([1, 1], [unit]), "boundary/share": bytes([1, 1], [Math.round(255 * share)]) },
        scale,
        "multiclass",
        unit,
      );
      near(tile(share, scale, unit, theme), ground, `class ${unit}, ${share}`);
      near(parse(colorOf(share, scale, theme, unit)), ground, `legend of class ${unit}, ${share}`);
      near(point, rgb(CLASS_COLORS[unit]), "an example has its class's colour");
    }
    near(tile(0, scale, unit, theme), rgb(theme === "light" ? "#f6f3ee" : "#22272e"), "none is the ground");
  }
});

inBothThemes("a number: examples and the plane share a scale, in the target's unit", (theme) => {
  const scale = { kind: "signed", middle: 300, reach: 200 };
  for (const y of [100, 220, 300, 480, 500]) {
    const byte = Math.round((255 * (y - 100)) / 400);
    const { ground, point } = plane({ "boundary/value": bytes([1, 1], [byte]) }, scale, "regression", y);
    near(point, ground, `${y}`);
    near(tile((y - 300) / 50, aroundZero(4), 0, theme), ground, `${y} in the model's unit`);
  }
});

test("what lies beyond an end has the end's colour; what is no number has the middle's", () => {
  for (const which of THEMES) {
    const scale = { kind: "signed", middle: 2, reach: 3 };
    assert.equal(pixelOf(9, scale, which), pixelOf(5, scale, which));
    assert.equal(pixelOf(-Infinity, scale, which), pixelOf(-1, scale, which));
    assert.equal(pixelOf(NaN, scale, which), pixelOf(2, scale, which));
    assert.equal(
      pixelOf(-1, { ...scale, kind: "classes" }, which, 1),
      pixelOf(2, { ...scale, kind: "classes" }, which),
    );
    assert.equal(pixelOf(0, SHARE, which), SCALE[which][128]);
  }
  assert.deepEqual(endsOf({ kind: "signed", middle: 2, reach: 3 }), [-1, 5]);
  assert.deepEqual(endsOf({ kind: "classes", middle: 0, reach: 1 }), [0, 1], "nothing is less than no share");
});

test("tables hold the colour of each byte's number, and are made once", () => {
  const scale = { kind: "signed", middle: 10, reach: 10 };
  const table = tableOf(scale, 0, 20, "light");
  for (const byte of [0, 64, 200, 255]) assert.equal(table[byte], pixelOf((byte / 255) * 20, scale, "light"));
  assert.equal(tableOf({ ...scale, middle: 30, reach: 20 }, 10, 50, "light"), table, "the same colours");
  assert.notEqual(tableOf(scale, 0, 20, "dark"), table);
  assert.equal(tableOfMap(undefined, "light")[128], SCALE.light[128]);
  assert.notEqual(
    tableOfMap({ kind: "classes", middle: 0, reach: 1 }, "light", 1)[255],
    tableOfMap(SHARE, "light")[255],
  );
});
