import { FakeSocket, settle } from "./page.js";
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Stream } from "../../static/core/stream.js";
import { frame } from "./tensors.js";

/** @type {[string, any][]} */
let heard = [];

/** A stream whose handlers write down what they hear. @param {string | null} token @returns {[Stream, any]} */
function connect(token = "secret") {
  const note = (/** @type {string} */ what) => (/** @type {any} */ value) => void heard.push([what, value]);
  const handlers = { event: note("event"), frame: note("frame"), history: note("history"), status: note("status") };
  const stream = new Stream("run1", token, handlers);
  return [stream, FakeSocket.all.at(-1)];
}

const rows = (/** @type {number} */ from, /** @type {number} */ count) =>
  frame(
    { kind: "history", from: String(from), rows: String(count), mark: "m.1" },
    { "cost/step": Array(count).fill(0) },
  );

beforeEach(() => {
  heard = [];
  FakeSocket.all.length = 0;
});

test("it speaks descent.v1 to the run's address, says its token first and then what it wants", () => {
  const [stream, socket] = connect();
  stream.subscribe({ cost: {} }, 30);
  assert.equal(socket.url, "ws://localhost/api/v1/runs/run1/stream");
  assert.deepEqual(socket.protocols, ["descent.v1"]);
  assert.equal(socket.binaryType, "arraybuffer");
  assert.deepEqual(socket.sent, [], "nothing is sent before it is open");
  socket.open();
  assert.deepEqual(
    socket.sent.map((/** @type {any} */ m) => m.op),
    ["auth", "subscribe"],
  );
  assert.equal(socket.sent[0].token, "secret");
  assert.deepEqual(
    { ...socket.sent[1], id: 0 },
    { id: 0, op: "subscribe", views: { cost: {} }, max_fps: 30, packed: true, have: 0, mark: null },
  );
  assert.deepEqual(heard, [["status", "open"]]);
});

test("a refusal names the layer as the page does", async () => {
  const [stream, socket] = connect();
  socket.open();
  const said = async (/** @type {object} */ error) => {
    const answer = stream.send({ op: "set", path: "", value: null });
    socket.say({ id: socket.last("set").id, error });
    return answer.then(assert.fail, (/** @type {Error} */ refused) => refused.message);
  };
  const [field, layer] = ["layers.1.units", "h2"];
  assert.equal(
    await said({ detail: "layers.1.units wants at most 10, got 11", field, layer }),
    "h2 · units wants at most 10, got 11",
  );
  assert.equal(
    await said({ detail: "layers.1: Dense wants a vector", field: "layers.1", layer }),
    "h2: Dense wants a vector",
  );
  assert.equal(await said({ detail: "layers.12: no", field: "layers.1", layer }), "layers.12: no");
  assert.equal(await said({ detail: "batch_size: no", field: "batch_size" }), "batch_size: no");
});

test("a spectator says no token", () => {
  const [, socket] = connect(null);
  socket.open();
  assert.deepEqual(socket.sent, []);
});

test("answers find their command, in whatever order they come", async () => {
  const [stream, socket] = connect();
  socket.open();
  const first = stream.send({ op: "step", count: 1 });
  const second = stream.send({ op: "play" });
  const [a, b] = [socket.last("step").id, socket.last("play").id];
  assert.notEqual(a, b);
  socket.say({ id: b, state: { playing: true } });
  socket.say({ id: a, state: { step: 1 } });
  assert.deepEqual((await first).state, { step: 1 });
  assert.deepEqual((await second).state, { playing: true });
  socket.say({ id: a, state: { step: 9 } }); // a second answer is nobody's
});

test("a refused command is an error with the field that was wrong", async () => {
  const [stream, socket] = connect();
  socket.open();
  const answer = stream.send({ op: "set", path: "rate", value: "fast" });
  socket.say({ id: socket.last("set").id, error: { detail: "rate: expected a number", field: "rate" } });
  await assert.rejects(answer, { message: "rate: expected a number", field: "rate" });
});

test("a subscription that is refused is told as an event", async () => {
  const [stream, socket] = connect();
  socket.open();
  stream.subscribe({ nonsense: {} }, 10);
  socket.say({ id: socket.last("subscribe").id, error: { detail: "no view nonsense" } });
  while (heard.at(-1)?.[0] !== "event") await settle();
  const [what, event] = /** @type {[string, any]} */ (heard.at(-1));
  assert.equal(what, "event");
  assert.equal(event.event, "error");
  assert.equal(event.error.message, "no view nonsense");
});

test("frames, history and events go to their handlers; a frame is acknowledged by its number", () => {
  const [stream, socket] = connect();
  socket.open();
  socket.say({ event: "state", state: { playing: false } });
  socket.say(frame({ kind: "frame", frame: "3" }, { a: [1, 2] }));
  socket.say(rows(0, 4));
  assert.deepEqual(
    heard.map(([what]) => what),
    ["status", "event", "frame", "history"],
  );
  assert.deepEqual([...heard[2][1].tensors.a.data], [1, 2]);
  stream.acknowledge(3);
  assert.deepEqual(socket.sent.at(-1), { op: "ack", frame: 3 });
});

test("a lost connection comes back, later each time, and asks for the history from where it stands", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const chance = context.mock.method(Math, "random", () => 1);
  const [stream, socket] = connect();
  stream.subscribe({ cost: {} }, 30);
  socket.open();
  socket.say(rows(0, 10));
  socket.say(rows(7, 2)); // the run went back: rows from 7 on are others
  socket.drop(1006);
  assert.deepEqual(heard.at(-1), ["status", "waiting"]);
  for (const [tries, pause] of [200, 500, 1000, 2000, 4000, 8000, 15_000, 15_000].entries()) {
    context.mock.timers.tick(pause - 1);
    assert.equal(FakeSocket.all.length, tries + 1, "not before its time");
    context.mock.timers.tick(1);
    assert.equal(FakeSocket.all.length, tries + 2);
    if (tries < 7) /** @type {any} */ (FakeSocket.all.at(-1)).drop(1006);
  }
  const again = /** @type {any} */ (FakeSocket.all.at(-1));
  again.open();
  assert.equal(again.last("auth").token, "secret");
  assert.deepEqual([again.last("subscribe").have, again.last("subscribe").mark], [9, "m.1"]);
  again.say({ event: "hello" });
  chance.mock.mockImplementation(() => 0);
  again.drop(1006);
  context.mock.timers.tick(100);
  assert.equal(FakeSocket.all.length, 10, "once something came the first pause is short again, shorter by chance");
});

test("commands without an answer fail when the connection is lost, and none are sent without one", async () => {
  const [stream, socket] = connect();
  await assert.rejects(stream.send({ op: "play" }), /connection was lost/);
  socket.open();
  const answer = stream.send({ op: "play" });
  const timer = mock.method(globalThis, "setTimeout", () => 0);
  socket.drop(1006);
  timer.mock.restore();
  await assert.rejects(answer, /connection was lost/);
  assert.equal(stream.waiting.size, 0);
  stream.acknowledge(1); // of a frame that came before: silently dropped
});

test("a run that has ended is not asked again", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const [, socket] = connect();
  socket.open();
  socket.drop(4500, "this run has ended");
  assert.deepEqual(heard.at(-1), ["status", "ended"]);
  context.mock.timers.tick(60_000);
  assert.equal(FakeSocket.all.length, 1);
});

test("closing is for good: while open, while connecting, and while waiting to connect", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const [open, socket] = connect();
  socket.open();
  open.close();
  assert.equal(socket.closedWith, 1000);
  socket.drop(1000);

  const [early, connecting] = connect();
  early.close();
  assert.equal(connecting.closedWith, null, "not while it connects: browsers report that as a failure");
  connecting.open();
  assert.equal(connecting.closedWith, 1000);

  const [late, dropped] = connect();
  dropped.open();
  dropped.drop(1006);
  late.close();
  context.mock.timers.tick(60_000);
  assert.equal(FakeSocket.all.length, 3);
});

test("what comes after closing is not heard", () => {
  const [stream, socket] = connect();
  socket.open();
  stream.close();
  socket.say({ event: "state", state: {} });
  assert.deepEqual(heard, [["status", "open"]]);
});

/** A clock that passes second by second. @param {import("node:test").TestContext} context */
function clock(context) {
  let now = 1000;
  context.mock.method(performance, "now", () => now);
  context.mock.method(Math, "random", () => 1);
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  return (/** @type {number} */ seconds) => {
    for (let i = 0; i < 2 * seconds; i++) {
      now += 500;
      context.mock.timers.tick(500);
    }
  };
}

/** What was said of the connection. */
const statuses = () => heard.filter(([what]) => what === "status").map(([, status]) => status);

test("silence where something is expected is asked about, said, and ends in another connection", (context) => {
  const pass = clock(context);
  const [stream, socket] = connect();
  let playing = true;
  stream.handlers.expects = () => playing;
  socket.open();
  socket.say({ event: "hello" });
  pass(1.5);
  assert.equal(socket.last("ping"), undefined);
  pass(1);
  const { id } = socket.last("ping");
  assert.deepEqual(statuses(), ["open"], "asked, not yet said");
  socket.say({ id, ok: true, op: "ping" }); // a large net, slow but there
  pass(2.5);
  assert.deepEqual(statuses(), ["open"]);
  pass(1);
  assert.deepEqual(statuses(), ["open", "silent"]);
  socket.say({ event: "state", state: {} });
  assert.deepEqual(statuses(), ["open", "silent", "open"]);
  pass(6.5);
  assert.deepEqual(statuses(), ["open", "silent", "open", "silent", "waiting"]);
  assert.notEqual(socket.closedWith, null, "given up, though nobody closed it");
  pass(1);
  assert.equal(FakeSocket.all.length, 2);
  playing = false;
  const again = /** @type {any} */ (FakeSocket.all.at(-1));
  stream.handlers.status = (status) => {
    heard.push(["status", status]);
    if (status === "open") stream.send({ op: "pause" }).catch(() => {});
  };
  again.open();
  assert.equal(again.sent[0].op, "auth", "whoever hears that it is open may steer at once");
  for (const { id } of again.sent) again.say({ id, ok: true });
  pass(10);
  assert.equal(statuses().at(-1), "open", "who waits for nothing is not alarmed");
  pass(6);
  assert.ok(again.last("ping"), "but asks now and then");
  pass(6.5);
  assert.equal(statuses().at(-1), "waiting");
});

test("a command without an answer is silence, too; a connection that does not open is given up", (context) => {
  const pass = clock(context);
  const [stream, socket] = connect();
  socket.open();
  stream.send({ op: "pause" }).catch(() => {});
  pass(3.5);
  assert.deepEqual(statuses(), ["open", "silent"]);
  pass(3);
  assert.deepEqual(statuses(), ["open", "silent", "waiting"]);
  pass(9);
  assert.equal(FakeSocket.all.length, 3, "the second did not open in eight seconds");
});

test("a token that is refused is told", async () => {
  const [, socket] = connect();
  socket.open();
  socket.say({ id: 0, error: { detail: "this is not its token" } });
  while (heard.at(-1)?.[0] !== "event") await settle();
  const [what, event] = /** @type {[string, any]} */ (heard.at(-1));
  assert.deepEqual([what, event.error.message], ["event", "this is not its token"]);
});
