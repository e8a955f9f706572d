import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, deflateRawSync } from "node:zlib";
import { inflate } from "../../static/core/inflate.js";
import { Unpacker } from "../../static/core/unpacking.js";
import { file } from "./tensors.js";

/** Bytes that are the same every time. @param {number} n @param {(share: number, i: number) => number} of */
function bytes(n, of) {
  let seed = 7;
  return Uint8Array.from({ length: n }, (_, i) => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return of(seed / 0x7fffffff, i);
  });
}

test("whatever is deflated comes out as it was", () => {
  for (const n of [0, 1, 2, 300, 70_000])
    for (const data of [
      bytes(n, () => 0),
      bytes(n, (share) => share * 256),
      bytes(n, (share) => share ** 6 * 9),
      bytes(n, (_, i) => i),
    ])
      for (const options of [
        { level: 0 },
        { level: 1 },
        { level: 9 },
        { strategy: constants.Z_FIXED },
        { strategy: constants.Z_HUFFMAN_ONLY },
      ])
        assert.deepEqual(inflate(new Uint8Array(deflateRawSync(data, options)), n), data, JSON.stringify(options));
});

test("what is broken is refused", () => {
  const whole = new Uint8Array(deflateRawSync(bytes(500, (share) => share * 256)));
  for (const [data, length] of /** @type {[Uint8Array, number][]} */ ([
    [whole, 499],
    [whole, 501],
    [whole.subarray(0, 40), 500],
    [new Uint8Array([7]), 1],
    [new Uint8Array(), 1],
  ]))
    assert.throws(() => inflate(data, length), /broken/);
});

/** @param {number} kind @param {Uint8Array} body */
function packed(kind, body) {
  const deflated = deflateRawSync(body);
  const message = new Uint8Array(8 + deflated.length);
  new DataView(message.buffer).setUint32(0, body.length, true);
  message.set([kind, 80], 6);
  message.set(deflated, 8);
  return message.buffer;
}

/** @param {object} changed @param {number[]} less */
function difference(changed, less) {
  const text = new TextEncoder().encode(JSON.stringify(changed));
  const body = new Uint8Array(4 + text.length + less.length);
  new DataView(body.buffer).setUint32(0, text.length, true);
  body.set(text, 4);
  body.set(less, 4 + text.length);
  return packed(1, body);
}

const META = { kind: "frame", frame: "1", step: "5", views: `{"a":{"x":1},"b":{"y":[2]}}` };
const FRAME = file({ __metadata__: META, m: ["U8", [3], [0, 3]] }, Uint8Array.of(1, 2, 250));

test("a frame is read as it is, whole and by what differs from the one before", () => {
  const unpacker = new Unpacker();
  for (const message of [FRAME, packed(0, new Uint8Array(FRAME))])
    assert.deepEqual([...unpacker.open(message).tensors.m.data], [1, 2, 250]);
  const rows = file({ __metadata__: { kind: "history" }, step: ["U8", [1], [0, 1]] }, Uint8Array.of(9));
  assert.equal(unpacker.open(rows).meta.kind, "history", "rows between frames are no frame");
  const next = unpacker.open(difference({ frame: "2", views: { b: { y: [3] } } }, [0, 255, 10]));
  assert.deepEqual([...next.tensors.m.data], [1, 1, 4]);
  assert.deepEqual(next.meta, { ...META, frame: "2", views: `{"a":{"x":1},"b":{"y":[3]}}` });
  const last = unpacker.open(difference({ frame: "3" }, [1, 0, 0]));
  assert.deepEqual([...last.tensors.m.data, last.meta.views], [2, 1, 4, next.meta.views]);
  assert.deepEqual([...next.tensors.m.data], [1, 1, 4], "the one before stays what it was");
});

test("a difference without a frame before it is refused", () => {
  assert.throws(() => new Unpacker().open(difference({}, [0])), /before any frame/);
});
