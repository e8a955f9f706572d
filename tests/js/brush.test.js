import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { pointsLeft, withoutRubbed } from "../../static/draw/plane.js";

const POINTS = [
  [0, 0, 0],
  [1, 0, 0],
  [2, 0, 1],
  [3, 0, 1],
  [4, 0, 2],
];

test("what is rubbed out goes, but the first of each class stays where nothing could be learnt", () => {
  assert.deepEqual(
    pointsLeft(POINTS, 3, (p) => p[0] > 0),
    POINTS.slice(1),
  );
  assert.deepEqual(
    pointsLeft(POINTS, 3, () => false),
    [POINTS[0], POINTS[2], POINTS[4]],
  );
  assert.deepEqual(
    pointsLeft(POINTS, 2, (p) => p[0] === 1),
    [POINTS[0], POINTS[1], POINTS[2]],
    "one class is not enough",
  );
  assert.deepEqual(pointsLeft(POINTS, 0, () => false).length, 2, "values");
});

test("while the rubber is down, what it has touched is not drawn", () => {
  const tensors = { x: { data: [0, 0, 5, 5] }, y: { data: [0, 1] }, part: { data: [0, 2] } };
  assert.deepEqual(withoutRubbed(/** @type {any} */ (tensors), [[0.2, 0.2]]), {
    x: { data: [5, 5] },
    y: { data: [1] },
    part: { data: [2] },
  });
  assert.equal(withoutRubbed(/** @type {any} */ (tensors), []).y, tensors.y);
});
