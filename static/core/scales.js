/**
 * What the colours of a number mean. A quantity has one scale, which the engine says (`scale` and `scales` of the
 * views); every picture of it, its legend, its points and files are coloured from here.
 */

import { CLASS_COLORS, SCALE, classPixel } from "./colors.js";

/** @typedef {import("./colors.js").Theme} Theme */

/**
 * middle has the ground's colour, middle ± reach the ends'; kind "signed": orange below and blue above the middle;
 * "classes": unit k goes from the ground to class k's colour.
 * @typedef {{kind: string, middle: number, reach: number}} Scale
 */

/** Around zero, as far as `reach`. @param {number} reach @returns {Scale} */
export const aroundZero = (reach) => ({ kind: "signed", middle: 0, reach });
/** How much of something there is: none is the ground, all is blue. */
export const SHARE = aroundZero(1);

/**
 * The colour of a number as packed RGBA; what lies beyond an end has its colour, what is no number has the ground's.
 * @param {number} value @param {Scale} scale @param {Theme} which @param {number} [unit]
 */
export function pixelOf(value, { kind, middle, reach }, which, unit = 0) {
  const x = Math.max(-1, Math.min(1, (value - middle) / reach || 0));
  if (kind === "classes") return classPixel(unit, Math.max(0, x), which);
  return SCALE[which][Math.round(127.5 + 127.5 * x + 1e-6)]; // 0 is 128 however it was rounded
}

/** The same as CSS. @param {number} value @param {Scale} scale @param {Theme} which @param {number} [unit] */
export function colorOf(value, scale, which, unit = 0) {
  const packed = pixelOf(value, scale, which, unit);
  return `rgb(${[packed, packed >>> 8, packed >>> 16].map((c) => c & 255).join(" ")})`;
}

/** @type {Map<string, Uint32Array>} */
const tables = new Map();

/**
 * The colours of 256 bytes that stand for numbers from `low` to `high`.
 * @param {Scale} scale @param {number} low @param {number} high @param {Theme} which @param {number} [unit]
 */
export function tableOf(scale, low, high, which, unit = 0) {
  const ends = [low, high].map((v) => ((v - scale.middle) / scale.reach).toFixed(9));
  const key = `${scale.kind} ${ends} ${which} ${scale.kind === "classes" ? unit % CLASS_COLORS.length : 0}`;
  let table = tables.get(key);
  if (!table) {
    const [from, to] = ends.map(Number);
    const plain = { kind: scale.kind, middle: 0, reach: 1 };
    table = Uint32Array.from({ length: 256 }, (_, i) => pixelOf(from + ((to - from) * i) / 255, plain, which, unit));
    tables.set(key, table);
  }
  return table;
}

/**
 * The colours of a map's bytes: 128 is the middle, 255 the upper end (`neurons`, `window`).
 * @param {Scale | undefined} scale @param {Theme} which @param {number} [unit]
 */
export function tableOfMap(scale, which, unit = 0) {
  return tableOf({ kind: scale?.kind ?? "signed", middle: 0, reach: 1 }, -128 / 127, 1, which, unit);
}

/** The numbers at the ends of a legend. @param {Scale} scale @returns {[number, number]} */
export function endsOf({ kind, middle, reach }) {
  return [kind === "classes" ? middle : middle - reach, middle + reach];
}
