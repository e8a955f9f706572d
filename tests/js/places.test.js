import assert from "node:assert/strict";
import { test } from "node:test";
import { placesOf, those } from "../../static/shell/places.js";

const ROWS = [
  { name: "network", module: "", stands: /** @type {const} */ (true) },
  { name: "output", module: "", stands: /** @type {const} */ (true) },
  { name: "boxes", module: "", stands: /** @type {const} */ (true), tasks: ["detection"] },
  { name: "surface", module: "" },
];

/** @param {Partial<import("../../static/shell/places.js").Scene>} [more] */
const scene = (more) => ({
  rows: ROWS,
  hidden: new Set(/** @type {string[]} */ ([])),
  open: new Set(/** @type {string[]} */ ([])),
  task: "binary",
  wishes: [],
  ...more,
});

test("the network is the hero unless somebody wishes otherwise, and a visitor's wish counts more than a lab's", () => {
  assert.deepEqual(those(placesOf(scene()), "hero"), ["network"]);
  assert.deepEqual(those(placesOf(scene({ wishes: [undefined, "output"] })), "hero"), ["output"]);
  assert.deepEqual(those(placesOf(scene({ wishes: ["network", "output"] })), "hero"), ["network"]);
});

test("a hero that is hidden, not open, for other data or unknown is passed over", () => {
  const wishes = ["surface", "boxes", "kitchen", "output"];
  assert.deepEqual(those(placesOf(scene({ wishes })), "hero"), ["output"]);
  assert.deepEqual(those(placesOf(scene({ wishes, task: "detection" })), "hero"), ["boxes"]);
  assert.deepEqual(those(placesOf(scene({ wishes, open: new Set(["surface"]) })), "hero"), ["surface"]);
  assert.deepEqual(those(placesOf(scene({ wishes, hidden: new Set(["output"]) })), "hero"), ["network"]);
  assert.deepEqual(those(placesOf(scene({ hidden: new Set(["network"]) })), "hero"), ["output"]);
});

test("every view has one place: who gives the middle away stands beside it", () => {
  const places = placesOf(scene({ wishes: ["surface"], open: new Set(["surface"]) }));
  assert.deepEqual(Object.fromEntries(places), { network: "strip", output: "strip", boxes: "", surface: "hero" });
});
