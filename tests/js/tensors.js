/** Frames for tests: safetensors bytes, and decoded tensors. */

const BYTES = { U8: 1, F16: 2, F32: 4, I32: 4, U32: 4, F64: 8 };

/**
 * A file of the format, its header given: {name: [dtype, shape, offsets]}.
 * @param {Record<string, any>} head
 * @param {ArrayBuffer | Uint8Array} body
 * @returns {ArrayBuffer}
 */
export function file(head, body) {
  const plain = Object.fromEntries(
    Object.entries(head).map(([name, row]) =>
      Array.isArray(row) ? [name, { dtype: row[0], shape: row[1], data_offsets: row[2] }] : [name, row],
    ),
  );
  let text = JSON.stringify(plain);
  text = text.padEnd(text.length + ((8 - (text.length % 8)) % 8));
  const head_ = new TextEncoder().encode(text);
  const bytes = body instanceof Uint8Array ? body : new Uint8Array(body);
  const out = new Uint8Array(8 + head_.length + bytes.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(head_.length), true);
  out.set(head_, 8);
  out.set(bytes, 8 + head_.length);
  return out.buffer;
}

/**
 * A frame of float32 tensors.
 * @param {Record<string, string>} meta
 * @param {Record<string, number[]>} tensors
 * @returns {ArrayBuffer}
 */
export function frame(meta, tensors = {}) {
  /** @type {Record<string, any>} */
  const head = { __metadata__: meta };
  let at = 0;
  for (const [name, values] of Object.entries(tensors))
    head[name] = ["F32", [values.length], [at, (at += BYTES.F32 * values.length)]];
  return file(head, Float32Array.from(Object.values(tensors).flat()).buffer);
}

/** @param {number[]} shape @param {ArrayLike<number>} data @returns {any} */
export const bytes = (shape, data) => ({ shape, data: Uint8Array.from(data) });

/** @param {number[]} shape @param {ArrayLike<number>} data @returns {any} */
export const floats = (shape, data) => ({ shape, data: Float32Array.from(data) });
