import { setTheme } from "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import * as colors from "../../static/core/colors.js";
import { dashOf, drawStroke, strokeOf } from "../../static/draw/strokes.js";
import { commands, paper } from "./drawings.js";
import { apart, deltaE, EYES, lab, unlike } from "./sight.js";

/** @typedef {import("../../static/core/colors.js").Theme} Theme */
const THEMES = /** @type {Theme[]} */ (["light", "dark"]);
const unpack = (/** @type {number} */ packed) => [0, 8, 16].map((shift) => (packed >> shift) & 255);
const parse = (/** @type {string} */ css) => (css.match(/\d+/g) ?? []).map(Number);

test("the scale runs from orange over the ground to blue, in both themes", () => {
  for (const which of THEMES) {
    const scale = colors.SCALE[which];
    assert.equal(scale.length, 256);
    const [low, high] = [unpack(scale[0]), unpack(scale[255])];
    assert.ok(low[0] > low[2], `${which}: below zero is warm`);
    assert.ok(high[2] > high[0], `${which}: above zero is cold`);
    for (const packed of scale) assert.equal(packed >>> 24, 255, "opaque");
    for (let i = 1; i < 256; i++) {
      const jump = Math.max(...unpack(scale[i]).map((c, k) => Math.abs(c - unpack(scale[i - 1])[k])));
      assert.ok(jump <= 3, `${which}: a step of ${jump} at ${i}`);
    }
  }
});

test("a signed value has the scale's colour; what is outside or no number is clipped", () => {
  for (const which of THEMES) {
    assert.deepEqual(parse(colors.signed(-1, which)), unpack(colors.SCALE[which][0]));
    assert.deepEqual(parse(colors.signed(1, which)), unpack(colors.SCALE[which][255]));
    assert.equal(colors.signed(-9, which), colors.signed(-1, which));
    assert.equal(colors.signed(NaN, which), colors.signed(0, which));
  }
});

test("ink on a colour can be read", () => {
  const luminance = (/** @type {number[]} */ rgb) => {
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (const which of THEMES) {
    for (let value = -1; value <= 1; value += 0.05) {
      const ground = luminance(parse(colors.signed(value, which)));
      const ink = luminance(colors.rgb(colors.inkOn(value, which).replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3")));
      const contrast = (Math.max(ground, ink) + 0.05) / (Math.min(ground, ink) + 0.05);
      assert.ok(contrast >= 4.5, `${which} ${value.toFixed(2)}: ${contrast.toFixed(2)}`);
    }
  }
});

test("edges are orange below zero and blue above", () => {
  for (const which of THEMES) {
    const [below, above] = [parse(colors.edgeColor(-1, which)), parse(colors.edgeColor(1, which))];
    assert.ok(below[0] > below[2] && above[2] > above[0], which);
    assert.equal(colors.edgeColor(0, which), colors.edgeColor(1, which));
  }
});

test("classes have colours of their own; a surer answer is further from the ground", () => {
  assert.equal(new Set(colors.CLASS_COLORS).size, 10);
  for (const which of THEMES) {
    const ground = unpack(colors.classPixel(0, 0, which));
    colors.CLASS_COLORS.forEach((color, i) => {
      const far = (/** @type {number} */ share) =>
        Math.hypot(...unpack(colors.classPixel(i, share, which)).map((c, k) => c - ground[k]));
      assert.ok(far(0.2) < far(0.6) && far(0.6) < far(1), `${color} ${which}`);
      const sure = unpack(colors.classPixel(i, 1, which));
      assert.deepEqual(sure, colors.rgb(color), "a sure answer has the class's own colour, as its examples have");
    });
    assert.equal(colors.classPixel(12, 1, which), colors.classPixel(2, 1, which));
  }
});

test("the theme is the chosen one, or the system's", (context) => {
  setTheme("dark");
  assert.equal(colors.theme(), "dark");
  setTheme("light");
  assert.equal(colors.theme(), "light");
  delete document.documentElement.dataset.theme;
  assert.equal(colors.theme(), "light");
  context.mock.method(globalThis, "matchMedia", () => ({ matches: true }));
  assert.equal(colors.theme(), "dark");
  setTheme("light");
});

test("a colour in hexadecimal is three numbers", () => assert.deepEqual(colors.rgb("#0180ff"), [1, 128, 255]));

test("what colours mean is told apart with any kind of colour blindness", () => {
  const kinds = ["all", "protanopia", "deuteranopia", "tritanopia"];
  for (const eye of kinds) {
    for (const which of THEMES) {
      const scale = colors.SCALE[which].length - 1;
      const [low, ground, high] = [0, scale >> 1, scale].map((i) => unpack(colors.SCALE[which][i]));
      const edges = [-1, 1].map((sign) => parse(colors.edgeColor(sign, which)));
      const { accent, warm, test: third } = colors.INK[which];
      const lines = [accent, warm, third].map(colors.rgb);
      /** @type {[string, number[], number[], number][]} */ const pairs = [
        ["below and above zero", low, high, 50],
        ["below zero and zero", low, ground, 50],
        ["above zero and zero", high, ground, 50],
        ["negative and positive edges", edges[0], edges[1], 50],
        ["J of train and cv", lines[0], lines[1], 15],
        ["J of train and test", lines[0], lines[2], 15],
        ["J of cv and test", lines[1], lines[2], 15],
      ];
      for (const [what, a, b, least] of pairs)
        assert.ok(apart(a, b, eye) >= least, `${what}, ${eye}, ${which}: ${apart(a, b, eye).toFixed(1)}`);
    }
    colors.CLASS_COLORS.map(colors.rgb).forEach((a, i, all) =>
      all.slice(0, i).forEach((b, k) => {
        const far = unlike(a, b, eye);
        assert.ok(far >= (i < 5 ? 18 : 11), `classes ${k} and ${i}, ${eye}: ${far.toFixed(1)}`);
      }),
    );
  }
});

test("height is always lighter, or always darker, the higher it is, to every eye", () => {
  for (const which of THEMES)
    for (const eye of Object.keys(EYES)) {
      const light = Array.from(colors.HEIGHT[which], (packed) => lab(unpack(packed), eye)[0]);
      const up = which === "dark" ? 1 : -1;
      for (let i = 8; i < 256; i += 8)
        assert.ok(up * (light[i] - light[i - 8]) > 0.2, `${which}, ${eye}, ${i}: ${light[i - 8]} ${light[i]}`);
      assert.ok(up * (light[255] - light[0]) > 40, `${which}, ${eye}`);
    }
});

test("without any colour classes and lines are told apart by strokes", () => {
  for (const tell of [strokeOf, dashOf]) {
    const first = Array.from({ length: tell === strokeOf ? 5 : 4 }, (_, i) => JSON.stringify(tell(i)));
    assert.equal(new Set(first).size, first.length);
    assert.equal(tell(first.length), tell(0), "then they begin again");
  }
  assert.deepEqual(dashOf(0), [], "the first line is whole");
  const to = paper(20);
  drawStroke(to, 0, 5, 5, 4, "ink");
  assert.deepEqual(commands("stroke"), [], "the first class has none");
  drawStroke(to, 2, 5, 6, 4, "ink");
  assert.deepEqual(
    [commands("moveTo")[0], commands("lineTo")[0]],
    [
      ["moveTo", 3, 6],
      ["lineTo", 7, 6],
    ],
  );
});

test("the eyes of the test see as they should", () => {
  const [red, green, white, black] = [
    [220, 40, 40],
    [110, 125, 30],
    [255, 255, 255],
    [0, 0, 0],
  ];
  assert.ok(Math.abs(apart(white, black, "all") - 100) < 0.1, "L* from 0 to 100");
  assert.ok(apart(red, green, "deuteranopia") < 0.6 * apart(red, green, "all"), "red and green come close");
  // Of the pairs that Sharma, Wu and Dalal publish with their equations.
  for (const [a, b, is] of /** @type {[number[], number[], number][]} */ ([
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 0, 0], [50, -1, 2], 2.3669],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
    [[22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373],
    [[36.4612, 47.858, 18.3852], [36.2715, 50.5065, 21.2231], 1.4146],
    [[90.9257, -0.5406, -0.9208], [88.6381, -0.8985, -0.7239], 1.5381],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
  ]))
    assert.ok(Math.abs(deltaE(a, b) - is) < 0.00006, `${a} | ${b}: ${deltaE(a, b)}`);
  assert.ok(apart([128, 128, 128], [130, 130, 130], "protanopia") < 2.3, "greys stay greys");
});
