/**
 * The visitor's runs: where on the site each was begun, and the key (its token) that steers it. They are kept in the
 * browser's storage; where that is denied, in memory and in the fragment of the page's address.
 */

import { keep, keepInTab, may, recallInTab, recallJson } from "./powers.js";

const KEPT = "descent-runs";
/** More runs than a visitor comes back to; the one not seen for longest leaves first. */
const MOST = 200;

/**
 * @typedef {object} Key
 * @property {string} run
 * @property {string} token
 * @property {string} place what was opened when it was begun: a path, and the link's fragment if it had one
 * @property {string} hash the fragment of its newest address
 * @property {number} at when it was last seen, in milliseconds
 */

/** Whether the browser keeps nothing; null as long as nobody has tried. @type {boolean | null} */
let denied = null;

/** @returns {Key[]} */
function all() {
  const found = recallJson(KEPT, /** @type {Key[]} */ ([]));
  return Array.isArray(found) ? found : []; // others have written there
}

/** @param {Key[]} keys */
function keepAll(keys) {
  denied = !keep(KEPT, JSON.stringify(keys.sort((a, b) => b.at - a.at).slice(0, MOST)));
}

/** Whether the address has to carry the key, since the browser keeps nothing. */
export const keptNowhere = () => denied ?? !may("storage");

/** The key of a run, if it is the visitor's. @param {string | null | undefined} run @returns {Key | null} */
export const keyOf = (run) => all().find((key) => key.run === run) ?? null;

/** A run is the visitor's from now on. @param {Omit<Key, "at">} key */
export function keepKey(key) {
  keepAll([{ ...key, at: Date.now() }, ...all().filter((other) => other.run !== key.run)]);
}

/** The visitor's run has come to another address, or is seen again. @param {string} run @param {string} hash */
export function noteAddress(run, hash) {
  const key = keyOf(run);
  if (key) keepKey({ ...key, hash });
}

/** @param {string} run */
export function forgetKey(run) {
  keepAll(all().filter((key) => key.run !== run));
}

/**
 * The run last seen of those that were begun at a place, or whose own newest address this is.
 * @param {string} path @param {string} hash of the address: a link's spec, or nothing
 */
export function newestAt(path, hash) {
  const here = all().filter(
    ({ place, hash: own }) => place === path + hash || (hash && own === hash && place.startsWith(path)),
  );
  return here.sort((a, b) => b.at - a.at)[0] ?? null;
}

// -- of this tab -----------------------------------------------------------------------------------------------------
/** The run that this tab had last, also on the page before. */
let last = "";

/** A run stands in this tab; the visitor's key of the one that stood here before. @param {string} run */
export function standHere(run) {
  const before = keyOf(last || recallInTab(KEPT));
  last = run;
  keepInTab(KEPT, run);
  return before && before.run !== run ? before : null;
}

// -- in an address ---------------------------------------------------------------------------------------------------
/** A key as an address has it. @param {{run: string, token: string}} key */
export const writtenKey = ({ run, token }) => `k=${run}.${token}`;

/** The key in a fragment, if there is one. @param {string} hash @returns {{run: string, token: string} | null} */
export function readKey(hash) {
  const match = /(?:^#|&)k=([\w-]+)\.([\w-]+)(?=&|$)/.exec(hash);
  return match && { run: match[1], token: match[2] };
}

/** A fragment, or an address, without the key: what may be shown to others. @param {string} text */
export const withoutKey = (text) => text.replace(/([#&])k=[\w-]+\.[\w-]+&?/, "$1").replace(/[#&]$/, "");
