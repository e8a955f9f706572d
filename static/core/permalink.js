/** The address bar: `#s=` and the whole spec and view, deflated and base64url-coded. */

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

/** The spec and view in the address, or null. @returns {Promise<Saved | null>} */
export async function fromAddress() {
  const match = /^#s=([\w-]+)$/.exec(location.hash);
  if (!match) return null;
  return unpack(match[1]).catch(() => null);
}

/** The address is written in the order of the calls, whichever is deflated first. */
let written = Promise.resolve();

/** @param {unknown} value @param {boolean} push whether Back should lead to what was before */
export function toAddress(value, push) {
  written = written.catch(() => {}).then(() => write(value, push)); // a browser may refuse one of many
  return written;
}

/** @param {unknown} value @param {boolean} push */
async function write(value, push) {
  const url = new URL(location.href);
  url.hash = `s=${await pack(value)}`;
  if (url.href === location.href) return;
  if (push) history.pushState(null, "", url);
  else history.replaceState(null, "", url);
}
