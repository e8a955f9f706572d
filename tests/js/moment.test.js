import assert from "node:assert/strict";
import { test } from "node:test";
import "./page.js";

const { Clock, words } = await import("../../static/core/moment.js");
const { thinned } = await import("../../static/core/history.js");

const of = (step, revision, measuring = false) => ({ at: { step, revision }, measuring });
const now = (step, revision, playing = false) => ({ step, revision, playing });

test("what is of the moment on show is the same, or still being measured", () => {
  const clock = new Clock();
  assert.equal(clock.standing(of(5, 2), now(5, 2)), "same");
  assert.equal(clock.standing(of(5, 2, true), now(5, 2)), "measuring");
  assert.equal(clock.standing(undefined, now(5, 2)), "same");
});

test("at rest another step or another revision is older, or being measured", () => {
  const clock = new Clock();
  assert.equal(clock.standing(of(4, 2), now(5, 2)), "older");
  assert.equal(clock.standing(of(5, 1), now(5, 2)), "older");
  assert.equal(clock.standing(of(5, 1, true), now(5, 2)), "measuring");
  assert.equal(clock.standing(of(9, 2), now(5, 2)), "older");
});

test("while a run trains a number may be a second old, but never of another revision", () => {
  const clock = new Clock();
  clock.shows({ step: 10, revision: 1 }, 0);
  clock.shows({ step: 11, revision: 1 }, 100);
  clock.shows({ step: 90, revision: 1 }, 900);
  assert.equal(clock.standing(of(10, 1), now(90, 1, true), 1000), "moving");
  assert.equal(clock.standing(of(10, 1), now(90, 1, true), 1101), "older");
  assert.equal(clock.standing(of(11, 1), now(90, 1, true), 1101), "moving");
  assert.equal(clock.standing(of(10, 1), now(90, 1, false), 1000), "older");
  assert.equal(clock.standing(of(90, 0), now(90, 1, true), 901), "older");
});

test("of several views it is said how far the furthest is, and the oldest step", () => {
  const clock = new Clock();
  const found = clock.worst([of(7, 3), of(2, 3), of(7, 2, true), undefined, of(5, 2)], now(7, 3));
  assert.deepEqual(found, { standing: "measuring", step: 2 });
  assert.deepEqual(clock.worst([of(7, 2)], now(7, 3)), { standing: "older", step: 7 });
  assert.deepEqual(clock.worst([of(7, 3, true), of(7, 3)], now(7, 3)), { standing: "measuring", step: null });
  assert.deepEqual([words("measuring", null), words("same", null)], ["measuring …", ""]);
  assert.deepEqual([words("measuring", 2), words("older", 2000)], ["of step 2; measuring …", "of step 2,000"]);
  assert.deepEqual(clock.worst([of(7, 3)], now(7, 3)), { standing: "same", step: null });
});

/** Rows with these losses, of which every tenth has been measured. */
function history(count, loss) {
  const step = Array.from({ length: count }, (_, i) => i);
  const columns = { step, loss: step.map(loss), train: step.map((i) => (i % 10 ? Number.NaN : i)) };
  return { columns, count };
}

test("few rows are all drawn; of many no peak and no measurement of a place goes", () => {
  assert.deepEqual(
    thinned(
      history(100, (i) => i % 7),
      false,
    ),
    [...Array(100).keys()],
  );
  const peak = 54_321;
  const many = history(100_000, (i) => (i === peak ? 9 : Math.sin(i)));
  const rows = thinned(many, false);
  assert.ok(rows.length < 1100, String(rows.length));
  assert.ok(rows.includes(peak));
  assert.ok(rows.includes(99_999));
  assert.ok(rows.filter((i) => i % 10 === 0).length >= 350, "a measured row of each place");
  assert.deepEqual(
    rows,
    [...new Set(rows)].sort((a, b) => a - b),
  );
  assert.equal(thinned(many, true)[0], 1, "a log axis has no place for 0");
});
