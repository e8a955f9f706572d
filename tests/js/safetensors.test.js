import "./page.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decode } from "../../static/core/safetensors.js";
import { file } from "./tensors.js";

test("what the server writes is read", () => {
  // Written by app.ipc.tensors.encode_tensors; tests/test_page.py holds these bytes against what it writes today.
  const bytes = readFileSync(new URL("frame.safetensors", import.meta.url));
  const { meta, tensors } = decode(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  assert.deepEqual(meta, { views: `{"cost":{"parts":["train","cv"]},"word":"שלום"}` });
  const wanted = {
    bytes: [[2, 3], Uint8Array, [0, 1, 2, 253, 254, 255]],
    halves: [[5], Float32Array, [1, -2, 65504, 0, Infinity]],
    floats: [[2, 2], Float32Array, [0.5, -1.5, Math.fround(1e30), -0]],
    doubles: [[1, 3], Float64Array, [0.1, 1e300, -1]],
    whole: [[3], Int32Array, [-1, 0, 2147483647]],
    counts: [[2], Uint32Array, [0, 4294967295]],
    none: [[0, 4], Float32Array, []],
    one: [[1], Float32Array, [3.25]],
  };
  assert.deepEqual(Object.keys(tensors).sort(), Object.keys(wanted).sort());
  for (const [name, [shape, kind, values]] of Object.entries(wanted)) {
    assert.deepEqual(tensors[name].shape, shape, name);
    assert.equal(tensors[name].data.constructor, kind, name);
    assert.deepEqual([...tensors[name].data], values, name);
  }
});

test("every float16 is read as what it is", () => {
  const raw = Uint16Array.from([0x0001, 0x03ff, 0x0400, 0x3c00, 0xbc00, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0x8000]);
  const { data } = decode(file({ h: ["F16", [10], [0, 20]] }, raw.buffer)).tensors.h;
  const wanted = [2 ** -24, 1023 * 2 ** -24, 2 ** -14, 1, -1, 65504, Infinity, -Infinity, NaN, -0];
  wanted.forEach((v, i) => assert.ok(Object.is(data[i], v), `${raw[i].toString(16)}: ${data[i]}, not ${v}`));
});

test("float32 is a view of what came: nothing is copied", () => {
  const buffer = file({ a: ["F32", [2], [0, 8]] }, Float32Array.of(1, 2).buffer);
  assert.equal(decode(buffer).tensors.a.data.buffer, buffer);
});

test("a file without metadata has none", () => {
  assert.deepEqual(decode(file({}, new ArrayBuffer(0))), { meta: {}, tensors: {} });
});

const WRONG = {
  "nothing at all": new ArrayBuffer(0),
  "half a length": new ArrayBuffer(4),
  "a header longer than the file": Uint8Array.from([255, 0, 0, 0, 0, 0, 0, 0, 123, 125]).buffer,
  "a header of 2⁶⁴ bytes": Uint8Array.from([255, 255, 255, 255, 255, 255, 255, 255, 123, 125]).buffer,
  "a header that is no JSON": Uint8Array.from([2, 0, 0, 0, 0, 0, 0, 0, 123, 123]).buffer,
  "numbers of an unknown kind": file({ a: ["BF16", [2], [0, 4]] }, new ArrayBuffer(4)),
  "fewer numbers than the shape says": file({ a: ["F32", [3], [0, 8]] }, new ArrayBuffer(8)),
  "more numbers than the shape says": file({ a: ["U8", [2], [0, 8]] }, new ArrayBuffer(8)),
  "fewer halves than the shape says": file({ a: ["F16", [2, 2], [0, 4]] }, new ArrayBuffer(8)),
  "bytes after the end of the file": file({ a: ["F32", [4], [0, 16]] }, new ArrayBuffer(8)),
  "an end before its beginning": file({ a: ["U8", [4], [4, 0]] }, new ArrayBuffer(8)),
  "a beginning inside the header": file({ a: ["U8", [4], [-4, 0]] }, new ArrayBuffer(8)),
};

for (const [what, buffer] of Object.entries(WRONG))
  test(`refused: ${what}`, () => void assert.throws(() => decode(buffer), Error));
