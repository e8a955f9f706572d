import assert from "node:assert/strict";
import { test } from "node:test";
import { Pace } from "../../static/core/pace.js";

test("what is asked for often is done at its pace, and the last time counts too", (context) => {
  let now = 1000;
  context.mock.method(performance, "now", () => now);
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const pass = (/** @type {number} */ ms) => {
    now += ms;
    context.mock.timers.tick(ms);
  };
  let done = 0;
  const pace = new Pace(100, () => done++);
  pace.ask();
  assert.equal(done, 1, "the first is done at once");
  for (let i = 0; i < 9; i++) {
    pass(10);
    pace.ask();
  }
  assert.equal(done, 1);
  pass(100);
  assert.equal(done, 2, "one for all that came meanwhile");
  pass(1000);
  assert.equal(done, 2, "and no other");
  pace.ask();
  assert.equal(done, 3);
});
