import { goTo, storage } from "./page.js";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import * as keys from "../../static/core/keys.js";

let now = 1000;
/** @param {string} run @param {string} place @param {string} [hash] */
const begin = (run, place, hash = "") => keys.keepKey({ run, token: `${run}-token`, place, hash });

beforeEach(() => {
  goTo("/");
  storage.kept.clear();
  storage.denied = false;
});

test("of the runs begun at a place the last one seen is found; a link's are apart", (context) => {
  context.mock.method(Date, "now", () => now++);
  begin("a", "/");
  begin("b", "/labs/one");
  begin("c", "/");
  begin("d", "/#s=link");
  assert.equal(keys.newestAt("/", "")?.run, "c");
  assert.equal(keys.newestAt("/labs/one", "")?.run, "b");
  assert.equal(keys.newestAt("/", "#s=link")?.run, "d");
  assert.equal(keys.newestAt("/", "#s=other"), null);
  keys.noteAddress("a", "#s=own");
  assert.equal(keys.newestAt("/", "")?.run, "a", "it was seen last");
  assert.equal(keys.newestAt("/", "#s=own")?.run, "a", "its own address, put down somewhere");
  assert.equal(keys.newestAt("/labs/one", "#s=own"), null, "not at another place");
  keys.forgetKey("a");
  assert.equal(keys.keyOf("a"), null);
  assert.equal(keys.newestAt("/", "")?.run, "c");
});

test("two hundred are kept, those seen last", (context) => {
  context.mock.method(Date, "now", () => now++);
  for (let i = 0; i < 201; i++) begin(`r${i}`, "/");
  assert.equal(keys.keyOf("r0"), null);
  assert.equal(keys.keyOf("r1")?.token, "r1-token");
  assert.equal(JSON.parse(storage.kept.get("descent-runs") ?? "").length, 200);
});

test("what others have written there instead is no key and no error", () => {
  for (const text of ["", "{", "{}", "null", "7"]) {
    storage.kept.set("descent-runs", text);
    assert.equal(keys.keyOf("a"), null, text);
    begin("a", "/");
    assert.equal(keys.keyOf("a")?.run, "a");
  }
});

test("a key stands in a fragment, beside a spec or alone, and is taken out of what is shared", () => {
  const written = keys.writtenKey({ run: "r-1", token: "t_2" });
  for (const hash of [`#${written}`, `#s=abc&${written}`, `#${written}&s=abc`])
    assert.deepEqual(keys.readKey(hash), { run: "r-1", token: "t_2" }, hash);
  for (const hash of ["", "#", "#s=abc", "#k=", "#k=a", "#k=a.b!", "#s=k=a.b"])
    assert.equal(keys.readKey(hash), null, hash);
  assert.equal(keys.withoutKey(`http://x/?a=1#s=abc&${written}`), "http://x/?a=1#s=abc");
  assert.equal(keys.withoutKey(`http://x/#${written}&s=abc`), "http://x/#s=abc");
  assert.equal(keys.withoutKey(`http://x/#${written}`), "http://x/");
  assert.equal(keys.withoutKey("http://x/#s=abc"), "http://x/#s=abc");
});

test("where storage is denied keys are known as long as the page is open, and it says so", () => {
  begin("a", "/");
  assert.equal(keys.keptNowhere(), false);
  storage.denied = true;
  begin("b", "/");
  assert.equal(keys.keptNowhere(), true);
  assert.equal(keys.keyOf("b")?.token, "b-token");
});
