/**
/**
 * The address bar: `#s=` and the whole spec and view as JSON, deflated and base64url-coded. A browser that cannot
 * deflate writes `#s=.` and the JSON base64url-coded as it is; both are read everywhere. The entry in the browser's
 * history says whose run it was; where nothing else can be kept, the key follows as `&k=`.
 */

import { withoutKey, writtenKey } from "./keys.js";
import { deflate, inflate, showAddress } from "./powers.js";

/** @import {Shown, Spec} from "../types/page.d.ts" */
/** @typedef {{spec?: Spec, view?: Shown}} Saved what an address holds, as far as it is one of ours */

const PLAIN = ".";

/** @param {unknown} value @returns {Promise<string>} */
export async function pack(value) {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const small = await deflate(bytes);
  let text = "";
  for (const byte of small ?? bytes) text += String.fromCharCode(byte);
  return (small ? "" : PLAIN) + btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} text @returns {Promise<Saved>} */
export async function unpack(text) {
  const plain = text.startsWith(PLAIN);
  const raw = atob(
    text
      .slice(plain ? PLAIN.length : 0)
      .replaceAll("-", "+")
      .replaceAll("_", "/"),
  );
  const bytes = Uint8Array.from(raw, (c) => c.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(plain ? bytes : await inflate(bytes)));
}

/** The spec and view in a fragment, by default the address's own, or null. @returns {Promise<Saved | null>} */
export async function fromAddress(hash = location.hash) {
  const match = /^#s=(\.?[\w-]+)$/.exec(withoutKey(hash));
  if (!match) return null;
  return unpack(match[1]).catch(() => null);
}

/** Whether somebody has put a spec into the address: it ought to be one that can be read. */
export const claimsSpec = () => location.hash.startsWith("#s=");

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
  const writing = written.then(() => write(value, push, run, key));
  written = writing;
  return writing;
}

/** @type {(...what: Parameters<typeof toAddress>) => Promise<string>} */
async function write(value, push, run = null, key = null) {
  const url = new URL(location.href);
  const hash = `#s=${await pack(value)}`;
  url.hash = key ? `${hash}&${writtenKey(key)}` : hash;
  if (url.href === location.href && (history.state?.run ?? null) === run) return hash;
  showAddress(url, push, { run });
  return hash;
}
