/** The timeline plays back, forwards and backwards, at the paces of the run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Playback } from "../../static/shell/playback.js";

const KEPT = [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 100];

/** A run of 100 steps and its playback. @param {any} pace @param {any} state */
function played(pace, state = {}) {
  /** @type {number[]} */ const shown = [];
  const session = {
    state: /** @type {any} */ ({
      keyframes: KEPT,
      head: 100,
      step: 100,
      viewing: false,
      playing: false,
      pace,
      ...state,
    }),
    command: async (/** @type {any} */ { op, step }) => {
      assert.equal(op, "seek");
      shown.push(step);
      Object.assign(session.state, { step, viewing: step < 100 });
    },
  };
  let told = 0;
  const playback = new Playback(session, () => told++);
  return { playback, session, shown, told: () => told };
}

const FULL = { kind: "full", speed: null, knee: null, since: 0 };

test("at full speed every kept moment is shown, one after the other, and the present last", async () => {
  const { playback, shown, told } = played(FULL);
  await playback.play(1);
  assert.deepEqual(shown, KEPT);
  assert.equal(playback.direction, 0);
  assert.equal(told(), 2, "that it plays, and that it plays no longer");
});

test("backwards it goes from where it is to the beginning", async () => {
  const { playback, shown } = played(FULL, { viewing: true, step: 16 });
  await playback.play(-1);
  assert.deepEqual(shown, [12, 8, 6, 4, 3, 2, 1, 0]);
});

test("a pace of so many steps a second is kept in both directions; what comes too quickly is left out", (context) => {
  const { playback } = played({ ...FULL, kind: "fixed", speed: 10 });
  const curve = { seconds: (/** @type {number} */ n) => n / 10, steps: (/** @type {number} */ t) => t * 10 };
  const at = (/** @type {number} */ from, /** @type {number} */ ms) => playback.due(curve, KEPT, from, ms);
  playback.direction = 1;
  assert.deepEqual([at(0, 50), at(0, 100), at(0, 350), at(0, 1190), at(0, 1200)], [0, 1, 3, 8, 12]);
  assert.equal(at(0, 20_000), 100);
  playback.direction = -1;
  assert.deepEqual([at(100, 0), at(100, 3500), at(100, 3600), at(100, 9990), at(100, 10_000)], [100, 100, 64, 1, 0]);
  context.diagnostic("a moment is shown until the next one is reached");
});

test("it ends when it is stopped, when the run trains, and it turns round in its course", async () => {
  const stopped = played(FULL);
  const over = stopped.playback.play(1);
  while (stopped.shown.length < 3) await new Promise((go) => setTimeout(go, 5));
  stopped.playback.stop();
  await over;
  assert.ok(stopped.shown.length <= 4);

  const trains = played(FULL);
  const ended = trains.playback.play(1);
  while (trains.shown.length < 3) await new Promise((go) => setTimeout(go, 5));
  trains.session.state.playing = true;
  await ended;
  assert.ok(trains.shown.length <= 4);

  const turns = played(FULL);
  const turned = turns.playback.play(1);
  while (turns.shown.length < 5) await new Promise((go) => setTimeout(go, 5));
  turns.playback.play(-1);
  await turned;
  assert.equal(turns.shown.at(-1), 0);
  assert.ok(turns.shown.length <= 12);
});
