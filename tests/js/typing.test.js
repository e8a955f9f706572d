import assert from "node:assert/strict";
import { test } from "node:test";
import { Typing } from "../../static/controls/typing.js";

/** A field as a browser hands it over: what is no number has no value. @param {string} text */
const field = (text, bad = false) => ({ value: bad ? "" : text, validity: /** @type {any} */ ({ badInput: bad }) });

test("what is typed stays as it is typed, and half a number changes nothing", () => {
  let asked = 0;
  /** @type {(number | null)[]} */ const put = [];
  const typing = new Typing({ requestUpdate: () => asked++ });
  const type = (/** @type {any} */ input, optional = false) =>
    typing.type("l2", "λ", input, (number) => put.push(number), optional);
  type(field("1"));
  type(field("1e", true));
  assert.deepEqual([put, typing.missing, typing.shown("l2", 1)], [[1], "λ", "1"]);
  type(field("1e-3"));
  assert.deepEqual([put, typing.missing, typing.shown("l2", 0.001)], [[1, 0.001], undefined, "1e-3"]);
  assert.equal(typing.shown("units", 4), "4");
  typing.left();
  assert.equal(typing.shown("l2", 0.001), "0.001");
  assert.equal(asked, 2);
});

test("an empty field is a choice where it may be empty, and else no number", () => {
  /** @type {(number | null)[]} */ const put = [];
  const typing = new Typing({ requestUpdate: () => {} });
  typing.type("l2", "λ", field(""), (number) => put.push(number), true);
  typing.type("units", "Units", field(""), (number) => put.push(number));
  assert.deepEqual([put, typing.missing], [[null], "Units"]);
  typing.clear();
  assert.equal(typing.missing, undefined);
});

test("a list of numbers with anything between them; one that is no whole number makes it none", () => {
  /** @type {number[][]} */ const put = [];
  const typing = new Typing({ requestUpdate: () => {} });
  typing.list("shape", "Shape", "−1, 4×7", (numbers) => put.push(numbers));
  typing.list("shape", "Shape", "4, wide", (numbers) => put.push(numbers));
  assert.deepEqual([put, typing.missing], [[[-1, 4, 7]], "Shape"]);
  typing.list("shape", "Shape", "", (numbers) => put.push(numbers));
  assert.deepEqual([put, typing.missing], [[[-1, 4, 7], []], undefined]);
});
