/** Races and sweeps: many runs beside the one on the bench. */
import { FakeSocket, nextFrame, serve, settle } from "./page.js";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Race } from "../../static/panels/compare/race.js";
import { Sweep } from "../../static/panels/sweep.js";
import { frame } from "./tensors.js";

let made = 0;
beforeEach(() => {
  made = 0;
  FakeSocket.all.length = 0;
});

// -- races --------------------------------------------------------------------------------------------------------
const ROUTES = {
  "POST /runs": () => ({ id: `r${made++}`, token: `t${made}`, report: {}, state: { playing: false, step: 0 } }),
  "DELETE /runs/": () => new Response(null, { status: 204 }),
};

/** A race of runs with open sockets. @param {number} count @param {any} [wish] @param {any[]} [windows] */
async function race(count, wish = {}, windows = []) {
  const asked = serve(ROUTES);
  const all = new Race();
  all.look(wish);
  for (let i = 0; i < count; i++) await all.add(`run ${i}`, { n: i }, windows[i]);
  const sockets = /** @type {any[]} */ (FakeSocket.all);
  for (const socket of sockets) socket.open();
  return { all, sockets, asked };
}

const views = (/** @type {any} */ socket) => socket.last("subscribe").views;

test("every runner is a run of its own spec and asks for what the race shows", async () => {
  const { all, sockets, asked } = await race(2, { gradients: true });
  assert.deepEqual(
    asked.map((q) => q.body),
    [{ spec: { n: 0 } }, { spec: { n: 1 } }],
  );
  assert.deepEqual(
    all.runners.map((r) => r.label),
    ["run 0", "run 1"],
  );
  for (const socket of sockets) assert.deepEqual(views(socket), { cost: {}, metrics: {}, gradients: {} });
  all.look({ gradients: false });
  for (const socket of sockets) assert.deepEqual(views(socket), { cost: {}, metrics: {} });
});

test("of a shared surface the first alone draws the ground; with its own each draws its window", async () => {
  const surface = { size: 41, u: [-1, 1] };
  const shared = await race(2, { surface, shared: true });
  assert.deepEqual(
    shared.sockets.map((s) => views(s).surface.size),
    [41, 5],
  );
  FakeSocket.all.length = 0;
  const own = await race(2, { surface, shared: false }, [null, { u: [0, 9] }]);
  assert.deepEqual(
    own.sockets.map((s) => views(s).surface),
    [
      { finest: 65, ...surface },
      { finest: 65, size: 41, u: [0, 9] },
    ],
  );
});

test("a frame's figures, surface and gradients go to its runner alone, and it is acknowledged", async () => {
  const { all, sockets } = await race(2);
  let told = 0;
  nextFrame();
  all.addEventListener("change", () => told++);
  const about = {
    metrics: { parts: ["train", "cv"], names: ["cost", "accuracy"] },
    surface: { u: [-1, 1], v: [-2, 2], axes: ["w1", "w2"] },
    gradients: { layers: ["a", "out"] },
  };
  const meta = { kind: "frame", frame: "5", step: "40", epoch: "2", state: '{"playing":true}' };
  sockets[1].say(
    frame(
      { ...meta, views: JSON.stringify(about) },
      {
        "metrics/table": [1, 0.5, 2, 0.25],
        "surface/j": [1, 2, 3, 4],
        "surface/path": [0, 0, 1],
        "gradients/norms": [7, 8],
      },
    ),
  );
  const [first, second] = all.runners;
  assert.deepEqual(second.figures, { "cost.train": 1, "accuracy.train": 0.5, "cost.cv": 2, "accuracy.cv": 0.25 });
  assert.deepEqual(first.figures, {});
  assert.deepEqual([...(second.land?.j ?? [])], [1, 2, 3, 4]);
  assert.deepEqual(second.norms, [
    ["a", 7],
    ["out", 8],
  ]);
  assert.deepEqual([second.state.step, second.state.epoch, second.state.playing], [40, 2, true]);
  assert.ok(all.playing);
  assert.deepEqual(sockets[1].sent.at(-1), { op: "ack", frame: 5 });
  nextFrame();
  assert.equal(told, 1);
});

test("the history of a run that went back is replaced from there; rows without a number are left out", async () => {
  const { all, sockets } = await race(1);
  const rows = (/** @type {number[]} */ steps, /** @type {number[]} */ values) =>
    sockets[0].say(
      frame(
        { kind: "history", from: "0", rows: String(steps.length) },
        { "cost/step": steps, "cost/train": values, "cost/cv": values.map((v) => v + 1), "cost/test": values },
      ),
    );
  rows([0, 1, 2], [5, NaN, 3]);
  assert.deepEqual(all.runners[0].steps, [0, 2]);
  rows([3, 4], [2, 1]);
  rows([2, 3], [9, 8]);
  assert.deepEqual(all.runners[0].steps, [0, 2, 3]);
  assert.deepEqual(all.runners[0].costs, { train: [5, 9, 8], cv: [6, 10, 9], test: [5, 9, 8] });
});

test("a command goes to all; leaving ends the run at the server", async () => {
  const { all, sockets, asked } = await race(2);
  const sent = all.all({ op: "play" });
  for (const socket of sockets) socket.say({ id: socket.last("play").id, state: { playing: true } });
  await sent;
  assert.ok(all.runners.every((r) => r.state.playing));
  all.remove(all.runners[0]);
  assert.deepEqual(
    all.runners.map((r) => r.run),
    ["r1"],
  );
  all.clear();
  assert.equal(all.runners.length, 0);
  assert.deepEqual(
    asked.filter((q) => q.method === "DELETE").map((q) => [q.path, q.token]),
    [
      ["/runs/r0", "Bearer t1"],
      ["/runs/r1", "Bearer t2"],
    ],
  );
});

// -- sweeps -------------------------------------------------------------------------------------------------------
const RESULTS = [
  { point: 0, train: 1, cv: 4 },
  { point: 0, train: 3, cv: 8 },
  { point: 1, train: 2, cv: 1 },
  { point: 1, train: 2, cv: null },
  { point: 2, train: null, cv: null },
];
const BODY = { spec: {}, points: [{ a: 1 }, { a: 2 }, { a: 3 }], seeds: 2, steps: 100, method: "train" };

test("a sweep is followed until it is over, each result taken once", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const asked = serve({
    "POST /sweeps": { id: "s", token: "t", state: "running", of: 6 },
    "GET /sweeps/s?since=0": {
      results: RESULTS.slice(0, 2),
      state: "running",
      done: 2,
      of: 6,
      seconds: 1,
      error: null,
    },
    "GET /sweeps/s?since=2": { results: RESULTS.slice(2), state: "done", done: 5, of: 6, seconds: 2, error: null },
  });
  const sweep = new Sweep();
  const over = sweep.start(BODY);
  for (let i = 0; i < 5; i++) {
    for (let k = 0; k < 5; k++) await settle();
    context.mock.timers.tick(300);
  }
  await over;
  assert.deepEqual(
    asked.map((q) => q.path),
    ["/sweeps", "/sweeps/s?since=0", "/sweeps/s?since=2"],
  );
  assert.deepEqual([sweep.state, sweep.done, sweep.of, sweep.seconds], ["done", 5, 6, 2]);
  assert.deepEqual(sweep.results, RESULTS);
});

test("bands are mean, least and most over the seeds that came to a number; the best has the smallest mean", () => {
  const sweep = new Sweep();
  sweep.points = BODY.points;
  sweep.results = RESULTS;
  assert.deepEqual(sweep.band(0, "cv"), { mean: 6, low: 4, high: 8, n: 2 });
  assert.deepEqual(sweep.band(1, "cv"), { mean: 1, low: 1, high: 1, n: 1 });
  assert.equal(sweep.band(2, "cv"), null);
  assert.equal(sweep.best("cv"), 1);
  assert.equal(sweep.best("train"), 0);
  sweep.results = [];
  assert.equal(sweep.best("cv"), -1);
});

test("a cancelled sweep is cancelled at the server, once; the test cost is told for one choice", async () => {
  const asked = serve({
    "DELETE /sweeps/s": () => new Response(null, { status: 204 }),
    "POST /sweeps/s/test": { test: 0.5 },
  });
  const sweep = new Sweep();
  Object.assign(sweep, { id: "s", token: "t", state: "running" });
  await sweep.cancel();
  await sweep.cancel();
  assert.equal(sweep.state, "cancelled");
  assert.deepEqual(await sweep.reveal(1), { test: 0.5 });
  assert.deepEqual(
    asked.map((q) => [q.method, q.path, q.token]),
    [
      ["DELETE", "/sweeps/s", "Bearer t"],
      ["POST", "/sweeps/s/test", "Bearer t"],
    ],
  );
});

// -- lockstep -----------------------------------------------------------------------------------------------------
/**
 * Sockets that make steps as they are asked for; the n-th answers after so many milliseconds.
 * @param {any[]} sockets @param {any} all
 */
function stepping(sockets, all, /** @type {number[]} */ late = []) {
  /** @type {[number, number][]} */ const made = [];
  sockets.forEach((socket, i) => {
    const send = socket.send.bind(socket);
    socket.send = (/** @type {string} */ text) => {
      send(text);
      const { op, id, count } = JSON.parse(text);
      if (op !== "step") return;
      const step = all.runners[i].state.step + count;
      made.push([i, step]);
      setTimeout(() => socket.say({ id, state: { step } }), late[i] ?? 0);
    };
  });
  return made;
}

/** Until something is so. @param {() => unknown} so */
async function until(so) {
  while (!so()) await new Promise((go) => setTimeout(go, 5));
}

test("a race goes in rounds: nobody begins one before all are there, however slow one of them is", async () => {
  const { all, sockets } = await race(2);
  const made = stepping(sockets, all, [0, 30]);
  const over = all.play(() => null);
  assert.ok(all.playing);
  await until(() => made.length >= 10);
  all.pause();
  await over;
  assert.ok(!all.playing);
  assert.equal(all.runners[0].state.step, all.runners[1].state.step);
  made.forEach(([who, step], i) => assert.deepEqual([who, step], [i % 2, made[i - (i % 2)][1]]));
});

test("epochs and multiplications count instead of steps, if the lab says so", async () => {
  const { all, sockets } = await race(2);
  stepping(sockets, all);
  all.runners.forEach((r, i) => Object.assign(r.state, { steps_per_epoch: [30, 3][i] }));
  all.runners.forEach((r, i) => Object.assign(r, { report: { totals: { step_multiplications: [100, 400][i] } } }));
  all.unit = "epoch";
  await all.bring(1.5);
  assert.deepEqual(
    all.runners.map((r) => r.state.step),
    [45, 4],
  );
  all.unit = "multiplications";
  await all.bring(6000);
  assert.deepEqual(
    all.runners.map((r) => r.state.step),
    [60, 15],
  );
  assert.deepEqual(
    all.runners.map((r) => r.state.step * all.worth(r)),
    [6000, 6000],
  );
});

test("a race keeps to the curve of its clock, and one that has diverged is left behind", async () => {
  const { all, sockets } = await race(3);
  stepping(sockets, all);
  all.runners[2].state.diverged = /** @type {any} */ ({ step: 0 });
  const begun = performance.now();
  const evenly = { seconds: (/** @type {number} */ n) => n / 50, steps: (/** @type {number} */ t) => t * 50 };
  const over = all.play(() => evenly);
  await until(() => all.runners[0].state.step >= 20);
  const took = performance.now() - begun;
  all.clear();
  await over;
  assert.ok(took >= 300, `twenty steps at fifty a second took ${took} ms`);
  assert.equal(all.runners.length, 0);
});
