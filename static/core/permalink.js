/**
 * The address bar: `#s=` and the whole spec and view, deflated and base64url-coded. The entry in the browser's history
 * says whose run it was; where nothing else can be kept, the key follows as `&k=`.
 */

import { withoutKey, writtenKey } from "./keys.js";

/** @import {Shown, Spec} from "../types/page.d.ts" */
/** @typedef {{spec?: Spec, view?: Shown}} Saved what an address holds, as far as it is one of ours */

/** @param {Uint8Array<ArrayBuffer>} bytes @param {CompressionStream | DecompressionStream} through */
async function pass(bytes, through) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(through)).arrayBuffer());
}

/** @param {unknown} value @returns {Promise<string>} */
export async function pack(value) {
  const bytes = await pass(new TextEncoder().encode(JSON.stringify(value)), new CompressionStream("deflate-raw"));
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} text @returns {Promise<Saved>} */
export async function unpack(text) {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(raw, (c) => c.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(await pass(bytes, new DecompressionStream("deflate-raw"))));
}

/** The spec and view in a fragment, by default the address's own, or null. @returns {Promise<Saved | null>} */
export async function fromAddress(hash = location.hash) {
  const match = /^#s=([\w-]+)$/.exec(withoutKey(hash));
  if (!match) return null;
  return unpack(match[1]).catch(() => null);
}

/** The address is written in the order of the calls, whichever is deflated first. @type {Promise<unknown>} */
let written = Promise.resolve();

/**
 * Answers with the fragment that was written, without the key.
 * @param {unknown} value
 * @param {boolean} push whether Back should lead to what was before
 * @param {string | null} [run] whose address it is
 * @param {{run: string, token: string} | null} [key] to be carried along
 * @returns {Promise<string>}
 */
export function toAddress(value, push, run = null, key = null) {
  const writing = written.catch(() => {}).then(() => write(value, push, run, key)); // a browser may refuse one of many
  written = writing;
  return writing;
}

/** @type {(...what: Parameters<typeof toAddress>) => Promise<string>} */
async function write(value, push, run = null, key = null) {
  const url = new URL(location.href);
  const hash = `#s=${await pack(value)}`;
  url.hash = key ? `${hash}&${writtenKey(key)}` : hash;
  if (url.href === location.href && (history.state?.run ?? null) === run) return hash;
  if (push) history.pushState({ run }, "", url);
  else history.replaceState({ run }, "", url);
  return hash;
}
