import { goTo, visited } from "./page.js";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { fromAddress, pack, toAddress, unpack } from "../../static/core/permalink.js";

const value = { spec: { layers: [{ units: 3, name: "שכבה" }], rate: 0.03, empty: null }, view: { across: 1 } };

beforeEach(() => goTo("/?lang=he"));

test("what is packed comes back, in letters that an address may have", async () => {
  for (const v of [value, {}, [], "", 0, "𝄞 ≤ ∂J/∂w", { long: "x".repeat(100_000) }]) {
    const text = await pack(v);
    assert.match(text, /^[\w-]+$/);
    assert.deepEqual(await unpack(text), v);
  }
  assert.ok((await pack({ long: "x".repeat(100_000) })).length < 500, "it is deflated");
});

test("the address keeps its query and carries the spec; Back leads to what was before if it should", async () => {
  await toAddress(value, true);
  assert.equal(visited.length, 1);
  assert.equal(visited[0][0], "push");
  assert.match(visited[0][1], /^http:\/\/localhost\/\?lang=he#s=[\w-]+$/);
  assert.deepEqual(await fromAddress(), value);
  await toAddress(value, true);
  assert.equal(visited.length, 1, "the same address is not visited twice");
  await toAddress({ ...value, view: {} }, false);
  assert.equal(visited[1][0], "replace");
});

test("of two specs at once the later one stays, though it is deflated sooner", async () => {
  const large = { spec: Array.from({ length: 40_000 }, (_, i) => Math.sin(i)) };
  await Promise.all([toAddress(large, true), toAddress(value, true)]);
  assert.deepEqual(await fromAddress(), value);
  assert.equal(visited.length, 2);
});

test("an address without a spec, or with something else in its place, is no spec and no error", async () => {
  const good = await pack(value);
  const hostile = [
    "",
    "#",
    "#network",
    "#s=",
    "#s=%00",
    "#s=<script>",
    "#s=AAAA",
    `#s=${good.slice(0, -5)}`,
    `#s=${good}!`,
    `#x=${good}`,
    `#s=${good.slice(3)}`,
    `#s=${Buffer.from("not deflated").toString("base64url")}`,
    `#s=${"A".repeat(50_000)}`,
  ];
  for (const hash of hostile) {
    goTo(`/${hash}`);
    assert.equal(await fromAddress(), null, hash.slice(0, 40));
  }
});

test("deflated text that is not JSON is no spec", async () => {
  const through = new Blob(["{oops"]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  goTo(`/#s=${Buffer.from(await new Response(through).arrayBuffer()).toString("base64url")}`);
  assert.equal(await fromAddress(), null);
});
