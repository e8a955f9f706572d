/** The curve of a clock, as the server has it, and the places of slower and faster. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { byClock, curveOf, faster, slower } from "../../static/core/pacing.js";

const close = (/** @type {number} */ a, /** @type {number} */ b) =>
  assert.ok(Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b)), `${a} is not ${b}`);

test("the page's curve is the server's", () => {
  const golden = JSON.parse(readFileSync(new URL("golden/clock.json", import.meta.url), "utf8"));
  for (const [knee, points] of Object.entries(golden))
    for (const [seconds, steps] of points) {
      close(byClock(Number(knee)).steps(seconds), steps);
      close(byClock(Number(knee)).seconds(steps), seconds);
    }
});

test("a pace has a curve, unless it is full speed", () => {
  const pace = { speed: null, knee: null, since: 0 };
  assert.equal(curveOf({ ...pace, kind: "full" }), null);
  assert.equal(curveOf({ ...pace, kind: "fixed", speed: 4 })?.steps(3), 12);
  close(curveOf({ ...pace, kind: "clock" })?.steps(11) ?? 0, 200);
  close(curveOf({ ...pace, kind: "clock", knee: 50 })?.steps(11) ?? 0, 50);
  close(curveOf({ ...pace, kind: "clock", knee: 50 }, 90)?.steps(11) ?? 0, 90);
});

test("slower and faster go from the pace of the moment", () => {
  const at = (/** @type {number | null} */ held, rate = 0) => ({ held, rate });
  assert.deepEqual([slower(at(3.4)), faster(at(3.4))], [2, 5]);
  assert.deepEqual([slower(at(5)), faster(at(5))], [2, 10]);
  assert.deepEqual([slower(at(0.5)), faster(at(2500))], [0.5, null]);
  assert.deepEqual(
    [slower(at(null, 800)), faster(at(null, 9000))],
    [500, null],
    "at full speed what is measured counts",
  );
  assert.equal(slower(at(null)), 2500, "and before anything is measured the highest place");
});
