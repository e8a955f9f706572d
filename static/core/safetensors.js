/** Reads the safetensors format: typed arrays over the received buffer, nothing copied (float16 aside). */

/** @typedef {{shape: number[], data: Float32Array | Float64Array | Uint8Array | Int32Array | Uint32Array}} Tensor */
/** @typedef {{meta: Record<string, string>, tensors: Record<string, Tensor>}} Decoded */

/** @type {Float32Array | null} */
let halves = null;

/** All 65,536 float16 values. @returns {Float32Array} */
function halfTable() {
  if (halves) return halves;
  halves = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) halves[bits] = fraction ? NaN : sign * Infinity;
    else if (exponent) halves[bits] = sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
    else halves[bits] = sign * 2 ** -14 * (fraction / 1024);
  }
  return halves;
}

const utf8 = new TextDecoder();

/** @param {ArrayBuffer} buffer @returns {Decoded} */
export function decode(buffer) {
  const size = Number(new DataView(buffer).getBigUint64(0, true));
  const head = JSON.parse(utf8.decode(new Uint8Array(buffer, 8, size)));
  /** @type {Record<string, Tensor>} */
  const tensors = {};
  for (const name of Object.keys(head)) {
    if (name === "__metadata__") continue;
    const {
      dtype,
      shape,
      data_offsets: [from, to],
    } = head[name];
    const data = view(buffer, dtype, 8 + size + from, to - from);
    const count = shape.reduce((/** @type {number} */ n, /** @type {number} */ side) => n * side, 1);
    if (from < 0 || data.length !== count)
      throw new Error(`${name}: its bytes are not those of its shape, ${shape.join("×")} ${dtype}`);
    tensors[name] = { shape, data };
  }
  return { meta: head.__metadata__ ?? {}, tensors };
}

/** @param {ArrayBuffer} buffer @param {string} dtype @param {number} start @param {number} bytes */
function view(buffer, dtype, start, bytes) {
  switch (dtype) {
    case "U8":
      return new Uint8Array(buffer, start, bytes);
    case "F32":
      return new Float32Array(buffer, start, bytes / 4);
    case "F64":
      return new Float64Array(buffer, start, bytes / 8);
    case "I32":
      return new Int32Array(buffer, start, bytes / 4);
    case "U32":
      return new Uint32Array(buffer, start, bytes / 4);
    case "F16": {
      const table = halfTable();
      const raw = new Uint16Array(buffer, start, bytes / 2);
      const out = new Float32Array(raw.length);
      for (let i = 0; i < raw.length; i++) out[i] = table[raw[i]];
      return out;
    }
  }
  throw new Error(`unknown dtype ${dtype}`);
}
