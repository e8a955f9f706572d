import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { watchSharpness } from "../../static/core/sharpness.js";

test("another pixel ratio, again and again, another size and a page that is seen again are said", (context) => {
  /** @type {[string, () => void][]} */ const queries = [];
  /** @type {Record<string, () => void>} */ const heard = {};
  let said = 0;
  context.mock.method(globalThis, "matchMedia", (/** @type {string} */ query) => ({
    addEventListener: (/** @type {string} */ _, /** @type {() => void} */ listen) => queries.push([query, listen]),
  }));
  context.mock.method(globalThis, "addEventListener", (/** @type {string} */ name, /** @type {any} */ listen) => {
    heard[name] = listen;
  });
  context.mock.method(globalThis, "dispatchEvent", (/** @type {Event} */ event) => {
    said += Number(event.type === "sharpnesschange");
    return true;
  });
  const page = /** @type {any} */ (document);
  const before = page.addEventListener;
  page.addEventListener = (/** @type {string} */ name, /** @type {any} */ listen) => (heard[name] = listen);
  watchSharpness();
  page.addEventListener = before;
  assert.equal(queries[0][0], "(resolution: 1dppx)");
  globalThis.devicePixelRatio = 2;
  queries[0][1]();
  assert.equal(said, 1);
  assert.equal(queries[1][0], "(resolution: 2dppx)", "the next change is heard too");
  globalThis.devicePixelRatio = 1;
  queries[1][1]();
  heard.resize();
  heard.pageshow();
  assert.equal(said, 4);
  page.visibilityState = "hidden";
  heard.visibilitychange();
  assert.equal(said, 4, "nobody looks at a hidden page");
  page.visibilityState = "visible";
  heard.visibilitychange();
  assert.equal(said, 5);
});
