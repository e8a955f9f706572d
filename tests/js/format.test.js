import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../../static/core/format.js";

test("numbers keep about three digits and get a real minus", () => {
  const cases = [
    [0, "0"],
    [null, "–"],
    [undefined, "–"],
    [NaN, "–"],
    [Infinity, "∞"],
    [-Infinity, "−∞"],
    [1, "1.00"],
    [-1.236, "−1.24"],
    [12.345, "12.3"],
    [123.6, "124"],
    [99999, "99999"],
    [100000, "1.0e+5"],
    [0.001, "0.001"],
    [0.00099, "9.9e−4"],
    [-0.5, "−0.500"],
  ];
  for (const [x, text] of cases) assert.equal(format.short(/** @type {any} */ (x)), text, String(x));
});

test("what short writes, typed reads", () => {
  for (const x of [0, 1.5, -0.25, -12.5, 250, 1e-6, -3e7]) assert.equal(format.typed(format.short(x)), x);
  assert.equal(format.typed("0,5"), 0.5);
  assert.equal(format.typed(" −2 "), -2);
  for (const none of ["", "  ", "two", "1.2.3"]) assert.ok(Number.isNaN(format.typed(none)), none);
});

test("factors, finite numbers, shares", () => {
  assert.equal(format.factor(-2), "(−2.00)");
  assert.equal(format.factor(2), "2.00");
  assert.equal(format.finite(NaN), 0);
  assert.equal(format.finite(Infinity, 7), 7);
  assert.equal(format.finite(-3, 7), -3);
  assert.equal(format.percent(1), "100%");
  assert.equal(format.percent(0.9961), "99.61%");
  assert.equal(format.percent(0.5), "50.0%");
  assert.equal(format.percent(0), "0.0%");
  assert.equal(format.percent(NaN), "–");
});

test("counts in groups and in thousands", () => {
  assert.equal(format.grouped(999), "999");
  assert.equal(format.grouped(1234567.9), "1,234,567");
  assert.equal(format.counted(9999), "9,999");
  assert.equal(format.counted(12345), "12.3k");
  assert.equal(format.counted(42_100_000), "42.1M");
  assert.equal(format.counted(15.5e9), "15.5G");
  assert.equal(format.grouped(1234567), "1,234,567");
  assert.equal(format.wholeEpochs(6.9999999999), 7);
});

test("inputs and parameters as people write them", () => {
  assert.equal(format.pretty("x1*x2"), "x₁·x₂");
  assert.equal(format.pretty("x1^12"), "x₁¹²");
  assert.equal(format.pretty("sin(x2)"), "sin x₂");
  assert.equal(format.parameterName("out/kernel[0,0]"), "w₁");
  assert.equal(format.parameterName("out/kernel[0,0]", true), "w");
  assert.equal(format.parameterName("out/kernel[11,0]"), "w₁₂");
  assert.equal(format.parameterName("out/bias[0]"), "b");
  assert.equal(format.parameterName("out/bias[2]"), "b₃");
  assert.equal(format.parameterName("out/kernel[1,2]"), "out W[1,2]");
  assert.equal(format.parameterName("hidden_1/bias[0]"), "hidden_1 b[0]");
  assert.equal(format.parameterName("anything"), "anything");
});

test("names of the visitor's fit into lists", () => {
  assert.equal(format.tidy("\u202eabc\u2066 d\n\te\u0000"), "abc d e");
  assert.equal(format.tidy("שכבה 1"), "שכבה 1");
  assert.equal([...format.tidy("𝄞".repeat(3000))].length, 48);
  const about = JSON.parse(
    `{"classes": ["${"x".repeat(3000)}", 3], "inputs": ["a\\u202eb"], "name": "c\\u202ed"}`,
    format.tidied,
  );
  assert.deepEqual(about.inputs, ["a b"]);
  assert.equal(about.classes[0].length, 48);
  assert.equal(about.classes[1], 3);
  assert.equal(about.name, "c\u202ed", "other texts are left alone");
});
