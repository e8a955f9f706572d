import { settle } from "./page.js";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Outbox } from "../../static/core/outbox.js";

let now = 1000;
/** @type {any[]} what was sent, with how it is answered */
let sent = [];
/** @type {any} */ let stream;
/** @type {Outbox} */ let outbox;

beforeEach(() => {
  now = 1000;
  sent = [];
  stream = {
    connected: true,
    closed: false,
    send: (/** @type {any} */ message) =>
      new Promise((answer, refuse) => sent.push({ message, answer, refuse, value: message.value })),
  };
  outbox = new Outbox(stream);
});

/** @param {import("node:test").TestContext} context */
function clock(context) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  context.mock.method(performance, "now", () => now);
  return async (/** @type {number} */ ms) => {
    now += ms;
    context.mock.timers.tick(ms);
    await settle();
  };
}

const set = (/** @type {number} */ value, path = "rate") => outbox.send({ op: "set", path, value });
const values = () => sent.map((s) => s.value);

test("a slider at 144 Hz is sent no faster than the server takes it, and its last value arrives", async (context) => {
  const pass = clock(context);
  const answers = [];
  for (let i = 1; i <= 288; i++) {
    answers.push(set(i));
    await pass(1000 / 144);
    for (const s of sent) s.answer({ ok: true, value: s.value });
    await settle();
  }
  await pass(100);
  for (const s of sent) s.answer({ ok: true, value: s.value });
  assert.equal(values().at(-1), 288);
  assert.ok(sent.length < 2 * 31, `${sent.length} in two seconds`);
  assert.ok(sent.length > 2 * 20, `${sent.length}: it moves smoothly`);
  const all = await Promise.all(answers);
  assert.equal(all.filter((a) => /** @type {any} */ (a).coalesced).length, 288 - sent.length);
});

test("while one is being answered the newest waits, and is sent then", async (context) => {
  const pass = clock(context);
  set(1);
  set(2);
  set(3);
  await pass(1000);
  assert.deepEqual(values(), [1]);
  sent[0].answer({ ok: true });
  await settle();
  assert.deepEqual(values(), [1, 3]);
});

test("what waits goes before whatever is given after it", async (context) => {
  clock(context);
  set(1);
  set(2);
  set(7, "l2");
  assert.deepEqual(values(), [1, 2, 7]);
  set(8, "l2");
  outbox.send({ op: "play" });
  assert.deepEqual(values(), [1, 2, 7, 8, undefined]);
});

test("a value that was lost with the connection is sent when it is there again, unless overtaken", async (context) => {
  const pass = clock(context);
  const first = set(1);
  stream.connected = false;
  sent[0].refuse(Object.assign(new Error("the connection was lost"), { lost: true }));
  await pass(1000);
  const second = set(2);
  assert.equal(/** @type {any} */ (await first).coalesced, true);
  assert.deepEqual(values(), [1]);
  stream.connected = true;
  outbox.resume();
  assert.deepEqual(values(), [1, 2]);
  sent[1].answer({ ok: true });
  assert.deepEqual(await second, { ok: true });
});

test("a server that had too much is tried again, and what it refuses is told", async (context) => {
  const pass = clock(context);
  const answer = set(1);
  sent[0].refuse(Object.assign(new Error("too many"), { status: 429 }));
  await settle();
  await pass(499);
  assert.equal(sent.length, 1);
  await pass(2);
  assert.deepEqual(values(), [1, 1]);
  sent[1].refuse(Object.assign(new Error("expected a number"), { status: 422 }));
  await assert.rejects(answer, /expected a number/);
});

test("a run that was left takes nothing more", async () => {
  const answer = set(1);
  stream.connected = false;
  stream.closed = true;
  sent[0].refuse(Object.assign(new Error("the connection was lost"), { lost: true }));
  await assert.rejects(answer, /lost/);
});

test("a place that overtakes the first one of a slider begins the edit", async (context) => {
  const pass = clock(context);
  const move = (/** @type {number} */ value, /** @type {boolean} */ continues) =>
    outbox.send({ op: "set", path: "rate", value, continues });
  stream.connected = false; // a dead wire
  move(1, false);
  move(2, true);
  stream.connected = true;
  outbox.resume();
  sent[0].answer({ ok: true });
  await settle();
  move(3, true);
  await pass(100);
  assert.deepEqual(
    sent.map(({ message }) => [message.value, message.continues]),
    [
      [2, false],
      [3, true],
    ],
  );
});
