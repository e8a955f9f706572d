import "./page.js";
import assert from "node:assert/strict";
import { constants, deflateRawSync } from "node:zlib";
import { test } from "node:test";
import { inflateAll as inflate } from "../../static/core/inflate.js";
import { keep, recall, recallJson, showAddress } from "../../static/core/powers.js";

const bytesOf = (/** @type {string} */ text) => new TextEncoder().encode(text);
const noise = (/** @type {number} */ count) =>
  Uint8Array.from({ length: count }, (_, i) => Math.floor(256 * Math.abs(Math.sin(i * i * 12.9898)) * 1e3) % 256);

test("what zlib deflates in each way is inflated by hand", () => {
  const values = [
    new Uint8Array(0),
    bytesOf("a"),
    bytesOf("x".repeat(100_000)),
    bytesOf(JSON.stringify({ שכבה: [1, 2, 3], far: "abc".repeat(12_000), end: "abc" })),
    noise(70_000),
    bytesOf([...noise(3000)].join(",")),
  ];
  const ways = [
    { level: 0 },
    { level: 1 },
    { level: 9 },
    { strategy: constants.Z_FIXED },
    { strategy: constants.Z_HUFFMAN_ONLY },
    { strategy: constants.Z_RLE },
  ];
  for (const value of values)
    for (const way of ways)
      assert.deepEqual(inflate(new Uint8Array(deflateRawSync(value, way))), Uint8Array.from(value));
});

test("what is no deflated bytes is an error, and comes to an end", () => {
  const good = new Uint8Array(deflateRawSync(bytesOf([...noise(500)].join())));
  for (const bad of [
    new Uint8Array(0),
    good.subarray(0, good.length - 3),
    Uint8Array.of(7),
    Uint8Array.of(1, 5, 0, 5, 0),
  ])
    assert.throws(() => inflate(bad));
  assert.throws(() => inflate(deflateRawSync(bytesOf("abcabcabcabc")).fill(0xff, 3)));
});

/** @param {any} storage @param {() => void} work */
function withStorage(storage, work) {
  Object.defineProperty(globalThis, "localStorage", { get: storage, configurable: true });
  work();
  Reflect.deleteProperty(globalThis, "localStorage");
}

test("what is kept is kept for as long as it can be", () => {
  const denied = () => {
    throw new Error("denied");
  };
  withStorage(denied, () => {
    assert.equal(recall("a"), null);
    keep("a", "1");
    assert.equal(recall("a"), "1");
  });
  /** @type {Map<string, string>} */ const held = new Map();
  let full = true;
  const storage = {
    getItem: (/** @type {string} */ key) => held.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => (full ? denied() : held.set(key, value)),
  };
  withStorage(
    () => storage,
    () => {
      held.set("b", "old");
      keep("b", "new");
      assert.equal(recall("b"), "new", "storage is full: the newer value holds here");
      full = false;
      keep("b", "newer");
      assert.equal(recall("b"), "newer");
      assert.equal(held.get("b"), "newer");
      held.set("c", "{oops");
      assert.deepEqual(recallJson("c", { none: true }), { none: true });
      assert.deepEqual(recallJson("d", { none: true }), { none: true });
    },
  );
});

test("an address that may not be written is not an error", (context) => {
  context.mock.method(history, "pushState", () => {
    throw new Error("SecurityError");
  });
  showAddress("/x", true);
});
