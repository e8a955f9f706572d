import { FakeSocket, goTo, nextFrame, serve, settle, storage, visited } from "./page.js";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { fromAddress } from "../../static/core/permalink.js";
import { Session, VIEW } from "../../static/core/session.js";
import { frame } from "./tensors.js";

const SPEC = { data: { dataset: "circle" }, optimizer: { learning_rate: 0.03 }, layers: [{ units: 3 }] };
const REPORT = { input_shape: [2], layers: [{ id: "out", type: "Dense" }], resolved: { layers: [{ id: "out" }] } };
const run = (/** @type {string} */ id) => ({
  id,
  token: `token ${id}`,
  spec: structuredClone(SPEC),
  report: REPORT,
  state: { playing: false, step: 0, epoch: 0, keyframes: [], head: 0 },
});
const ROUTES = {
  "POST /runs/a/fork": () => run("fork"),
  "POST /runs": () => run("a"),
  "GET /runs/": () => frame({ about: JSON.stringify({ kind: "plane", task: "binary" }) }),
  "DELETE /runs/": () => new Response(null, { status: 204 }),
};

/** @type {ReturnType<typeof serve>} */
let asked;
/** @type {any} */
let socket;

beforeEach(() => {
  goTo("/");
  storage.kept.clear();
  storage.denied = false;
  FakeSocket.all.length = 0;
  asked = serve(ROUTES);
});

/** A session with a run, and a server that does what it is told. */
async function begin(answer = obey) {
  const session = new Session();
  await session.begin({ lab: "circle" });
  await connect(session, answer);
  return session;
}

/** The server's side of a stream. @param {any} session @param {(session: any, message: any) => any} answer */
async function connect(session, answer = obey) {
  socket = FakeSocket.all.at(-1);
  socket.open();
  const { send } = socket;
  socket.send = (/** @type {string} */ text) => {
    send.call(socket, text);
    const message = JSON.parse(text);
    if (message.op !== "ack") queueMicrotask(() => socket.say({ id: message.id, ...answer(session, message) }));
  };
  await settle();
}

/** What can be undone of each session's run. */
const piles = new WeakMap();

/** What the server does: an edit, and what it took away is kept. @param {any} session @param {any} message */
function obey(session, { op, path, value, continues }) {
  const own = piles.get(session) ?? { undo: [], redo: [] };
  piles.set(session, own);
  const counts = () => ({ undo: own.undo.length, redo: own.redo.length });
  if (op === "undo" || op === "redo") {
    const other = own[op === "undo" ? "redo" : "undo"];
    const last = own[op].pop();
    other.push({ spec: session.spec, path: last.path });
    return { spec: last.spec, ...counts() };
  }
  if (op !== "set") return {};
  const spec = path === "" ? value : structuredClone(session.spec);
  const keys = path.split(".");
  const last = keys.pop();
  if (path) keys.reduce((/** @type {any} */ at, /** @type {string} */ key) => at[key], spec)[last] = value;
  if (JSON.stringify(spec) !== JSON.stringify(session.spec)) {
    own.redo.length = 0;
    if (!(continues && own.undo.at(-1)?.path === path)) own.undo.push({ spec: session.spec, path });
  }
  return { spec, ...counts() };
}

const RATE = "optimizer.learning_rate";
const rate = (/** @type {any} */ session) => session.spec.optimizer.learning_rate;

test("a run is begun, watched through a stream, and its examples are fetched once", async () => {
  const session = await begin();
  assert.equal(session.run, "a");
  assert.ok(session.maySteer);
  assert.deepEqual(
    asked.map(({ method, path }) => `${method} ${path}`),
    ["POST /runs", "GET /runs/a/data?most=1000"],
  );
  assert.equal(session.data.kind, "plane");
  assert.deepEqual(session.data.tensors, {});
});

test("edits are undone and redone one by one", async () => {
  const session = await begin();
  await session.set(RATE, 0.1);
  await session.set(RATE, 0.3);
  assert.equal(rate(session), 0.3);
  await session.undo();
  assert.equal(rate(session), 0.1);
  await session.undo();
  assert.equal(rate(session), 0.03);
  await session.undo();
  assert.equal(rate(session), 0.03, "nothing is left to undo");
  await session.redo();
  await session.redo();
  assert.equal(rate(session), 0.3);
  await session.redo();
  assert.equal(rate(session), 0.3, "nothing is left to redo");
  assert.deepEqual([session.undoable, session.redoable], [2, 0]);
});

test("a new edit clears what could be redone", async () => {
  const session = await begin();
  await session.set(RATE, 0.1);
  await session.undo();
  assert.equal(session.redoable, 1);
  await session.set("layers.0.units", 5);
  assert.equal(session.redoable, 0);
  await session.redo();
  assert.deepEqual([rate(session), session.spec.layers[0].units], [0.03, 5]);
});

test("an edit that changes nothing, is refused or is overtaken leaves no mark", async () => {
  const session = await begin((s, message) =>
    message.value === "bad"
      ? { error: { detail: "expected a number" } }
      : message.value === 0.2
        ? { coalesced: true }
        : obey(s, message),
  );
  await session.set(RATE, 0.1);
  await session.undo();
  const before = [session.undoable, session.redoable];
  assert.equal(await session.set(RATE, 0.03), true);
  assert.equal(await session.set(RATE, "bad"), false);
  assert.equal(await session.set(RATE, 0.2), false);
  assert.deepEqual([session.undoable, session.redoable], before);
  assert.equal(session.notice?.text ?? "", "");
});

test("a refusal is told, and the next good command takes it away", async () => {
  const session = await begin((s, message) =>
    message.value === "bad" ? { error: { detail: "expected a number" } } : obey(s, message),
  );
  await session.set(RATE, "bad");
  assert.deepEqual(session.notice, { text: "expected a number", kind: "error" });
  await session.set(RATE, 0.1);
  assert.equal(session.notice, null);
});

test("a slider on its way is one edit; a pause, or another setting, begins a new one", async (context) => {
  const session = await begin();
  let now = 1000;
  context.mock.method(performance, "now", () => now);
  for (const value of [0.04, 0.05, 0.06]) {
    await session.set(RATE, value, true);
    now += 500;
  }
  assert.equal(session.undoable, 1);
  await session.set("layers.0.units", 5, true);
  assert.equal(session.undoable, 2);
  await session.set(RATE, 0.07, true);
  now += 1600;
  await session.set(RATE, 0.08, true);
  assert.equal(session.undoable, 4);
  await session.undo();
  await session.undo();
  await session.undo();
  assert.equal(rate(session), 0.06);
  await session.undo();
  assert.equal(rate(session), 0.03, "the slider's way is undone in one go");
});

test("who only watches sends nothing", async () => {
  goTo("/?run=a");
  serve({ "GET /runs/a/data": ROUTES["GET /runs/"], "GET /runs/a": () => run("a") });
  const session = new Session();
  await session.watch("a");
  await connect(session);
  const sent = socket.sent.length;
  assert.equal(session.maySteer, false);
  assert.equal(await session.set(RATE, 0.5), false);
  assert.equal(socket.sent.length, sent);
  await settle();
  assert.ok(!visited.some(([, url]) => url.includes("run=a")), "and its address stays");
});

/** Until clocks that ran out have had their turn. */
const soon = () => new Promise((go_on) => setTimeout(go_on));

test("views that elements want are asked for together, and only when they change", async () => {
  const session = await begin();
  const count = () => socket.sent.filter((/** @type {any} */ m) => m.op === "subscribe").length;
  const [a, b] = [{}, {}];
  session.want(a, { cost: {} });
  session.want(b, { boundary: { size: 48 } });
  const none = count();
  await soon();
  assert.equal(count(), none + 1, "many elements, one question");
  assert.deepEqual(socket.last("subscribe").views, { cost: {}, boundary: { size: 48 } });
  session.want(b, { boundary: { size: 48 } });
  session.subscribe();
  await soon();
  assert.equal(count(), none + 1);
  session.want(b, null);
  await soon();
  assert.deepEqual(socket.last("subscribe").views, { cost: {} });
});

test("a picture has one frame, the next one the newest, and only what was drawn is acknowledged", async () => {
  const session = await begin();
  let drawn = 0;
  session.addEventListener("frame", () => drawn++);
  const acknowledged = () => socket.sent.filter((/** @type {any} */ m) => m.op === "ack").map((m) => m.frame);
  const come = (/** @type {number} */ n) =>
    socket.say(frame({ kind: "frame", frame: String(n), step: String(10 * n), epoch: "1", views: "{}", state: "{}" }));
  for (const n of [1, 2, 3]) come(n);
  assert.deepEqual([drawn, session.state.step], [0, 10]);
  nextFrame();
  assert.deepEqual([drawn, acknowledged()], [1, [1]]);
  nextFrame();
  assert.deepEqual([drawn, acknowledged(), session.state.step], [2, [1, 3], 30]);
  nextFrame();
  assert.equal(drawn, 2);
});

test("what the server says after a frame is heard after it", async () => {
  const session = await begin();
  const come = (/** @type {number} */ n) =>
    socket.say(frame({ kind: "frame", frame: String(n), step: String(10 * n), epoch: "1", views: "{}", state: "{}" }));
  for (const n of [1, 2]) come(n);
  socket.say({ event: "state", state: { step: 21 } });
  assert.equal(session.state.step, 21);
  nextFrame();
  nextFrame();
  assert.equal(session.state.step, 21, "the frame before does not come once more");
});

test("history that comes again replaces what stood there", async () => {
  const session = await begin();
  const names = ["step", "epoch", "loss", "train", "cv", "test"];
  const rows = (/** @type {number} */ from, /** @type {number[]} */ values) =>
    socket.say(
      frame(
        { kind: "history", from: String(from), rows: String(values.length) },
        Object.fromEntries(names.map((name) => [`cost/${name}`, values])),
      ),
    );
  rows(0, [1, 2, 3, 4]);
  rows(2, [7, 8, 9]);
  for (const name of names) assert.deepEqual(session.history.columns[name], [1, 2, 7, 8, 9]);
  assert.equal(session.history.count, 5);
});

test("a branch is a new run: the old history stands beside it and nothing can be undone", async () => {
  const session = await begin();
  await session.set(RATE, 0.1);
  const { history } = session;
  await session.branch();
  assert.equal(session.run, "fork");
  assert.equal(session.parent?.history, history);
  assert.deepEqual([session.undoable, session.redoable, session.history.count], [0, 0, 0]);
  assert.equal(FakeSocket.all.length, 2);
});

test("the visitor's picture reaches the server byte by byte", async () => {
  const session = await begin();
  const pixels = Uint8Array.from({ length: 20_000 }, (_, i) => i % 256);
  await session.probe(pixels);
  assert.deepEqual(Uint8Array.from(Buffer.from(socket.last("probe").picture, "base64")), pixels);
  assert.equal(session.example, -1);
  assert.ok(session.deeds.has("probed"));
  await session.probe(null);
  assert.equal(socket.last("probe").picture, null);
  assert.equal(session.example, 0);
});

test("what is looked at: held or not, an example of a part, a threshold", async () => {
  const session = await begin();
  /** @type {string[]} */ const heard = [];
  for (const name of ["picked", "change", "frame"]) session.addEventListener(name, () => heard.push(name));
  session.pick({ layer: "h1", unit: 2 });
  assert.deepEqual([session.picked, session.pinned], [{ layer: "h1", unit: 2 }, false]);
  session.pick({ layer: "h1", unit: 0 }, true);
  session.pick({ layer: "h1", unit: 1 });
  assert.equal(session.pinned, true, "it stays held");
  session.hold(false);
  assert.equal(session.pinned, false);
  session.look(-4, "cv");
  assert.deepEqual([session.example, session.part], [0, "cv"]);
  session.look(7);
  assert.deepEqual([session.example, session.part], [7, "cv"]);
  assert.deepEqual(session.looked, { index: 7, part: "cv" });
  assert.equal(session.threshold, 0.5);
  session.decideAt(0.7);
  assert.deepEqual([session.threshold, session.view.threshold], [0.7, 0.7]);
  assert.ok(session.deeds.has("threshold"));
  assert.deepEqual(heard, ["picked", "picked", "picked", "change", "change", "change", "frame"]);
});

test("examples go round about, also where there are fewer of them now", async () => {
  const session = await begin();
  session.stayWithin({ train: 100, cv: 10, test: 0 });
  const seen = (/** @type {number} */ example, /** @type {string} */ part) => {
    session.look(example, part);
    return session.example;
  };
  assert.deepEqual([seen(99, "train"), seen(100, "train"), seen(12, "cv"), seen(3, "test")], [99, 0, 2, 3]);
  session.look(80, "train");
  session.stayWithin({ train: 30, cv: 3, test: 0 });
  assert.equal(session.example, 20);
});

test("a preset closes the lab and the way it was shown; what was told can be put away", async () => {
  const session = await begin();
  session.lab = { id: "one" };
  session.setView({ across: 3, threshold: 0.9 });
  session.resetAxes();
  assert.deepEqual([session.view.across, session.view.up, session.view.threshold], [0, 1, 0.9]);
  await session.openPreset("xor");
  assert.equal(session.lab, null);
  assert.deepEqual(session.view, VIEW);
  assert.deepEqual(asked.filter((q) => q.method === "POST").at(-1)?.body, { lab: "xor", clock: true });
  session.tell("something", "info");
  session.dismiss();
  assert.equal(session.notice, null);
});

test("a spec in the address is begun with, and its view is taken over", async () => {
  const session = await begin();
  session.setView({ across: 1 });
  await session.set(RATE, 0.2);
  const wanted = JSON.stringify({ spec: session.spec, view: session.view });
  const since = Date.now(); // it is deflated on the way
  while (JSON.stringify(await fromAddress()) !== wanted && Date.now() - since < 10_000) await settle();
  const { href } = location;
  storage.kept.clear(); // somebody else's browser
  const other = new Session();
  asked = serve({ ...ROUTES, "GET /catalog": {} });
  goTo(href);
  await other.open();
  assert.deepEqual(asked.find((q) => q.method === "POST")?.body, { spec: session.spec, clock: true });
  assert.deepEqual(other.view, { ...VIEW, across: 1 });
});

test("a server that refuses is heard", async () => {
  serve({ "POST /runs": () => new Response(JSON.stringify({ detail: "no more runs", status: 429 }), { status: 429 }) });
  const session = new Session();
  await session.begin({ lab: "circle" });
  assert.deepEqual(session.notice, { text: "no more runs", kind: "error" });
  assert.equal(session.run, null);
});

test("a teacher's link hides and locks; a page inside a page hides more", () => {
  goTo("/?hide=data,,cost&lock=all&embed=1");
  const session = new Session();
  assert.deepEqual([...session.locked], ["all"]);
  for (const name of ["data", "cost", "timeline", "language"]) assert.ok(session.hidden.has(name), name);
  assert.ok(!session.hidden.has(""));
});
