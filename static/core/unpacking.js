/** Packed messages of the stream (docs/clients.md): deflated, frames as what differs from the one before. */

import { inflate } from "./inflate.js";
import { decode } from "./safetensors.js";

/** @typedef {import("./safetensors.js").Decoded} Decoded */

const DIFFERENCE = 1;

export class Unpacker {
  constructor() {
    /** The frame before, and its metadata. @type {{bytes: ArrayBuffer, meta: Decoded["meta"]} | null} */
    this.before = null;
  }

  /** @param {ArrayBuffer} data a message as it came @returns {Decoded} */
  open(data) {
    const head = new DataView(data);
    if (!head.getUint8(7)) return this.keep(data, decode(data)); // safetensors
    const body = inflate(new Uint8Array(data, 8), head.getUint32(0, true));
    if (head.getUint8(6) !== DIFFERENCE) return this.keep(body.buffer, decode(body.buffer));
    return this.renew(body);
  }

  /** @param {ArrayBuffer} bytes @param {Decoded} decoded */
  keep(bytes, decoded) {
    if (decoded.meta.kind === "frame") this.before = { bytes, meta: decoded.meta };
    return decoded;
  }

  /** The frame before with what is different. @param {Uint8Array<ArrayBuffer>} body */
  renew(body) {
    if (!this.before) throw new Error("a difference came before any frame");
    const bytes = this.before.bytes.slice(0);
    const size = new DataView(body.buffer).getUint32(0, true);
    /** @type {Record<string, string> & {views?: object}} */
    const changed = JSON.parse(new TextDecoder().decode(body.subarray(4, 4 + size)));
    const to = new Uint8Array(bytes, 8 + new DataView(bytes).getUint32(0, true));
    for (let i = 0, from = 4 + size; i < to.length; i++, from++) to[i] += body[from];
    const views = { ...JSON.parse(this.before.meta.views), ...changed.views };
    const meta = { ...this.before.meta, ...changed, views: JSON.stringify(views) };
    return this.keep(bytes, { ...decode(bytes), meta });
  }
}
