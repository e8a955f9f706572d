/** What plots with number axes share: round ticks that differ from each other, and lines that are cut at the edge. */

import { short } from "../core/format.js";

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */
/** @typedef {[number, number]} Place */
/**
 * An axis with its ends, its name, how many ticks it has about, and how they are written.
 * @typedef {{low: number, high: number, name: string, most?: number, write?: (v: number) => string}} Axis
 */

/** Where numbers lie in a box. @param {Box} box @param {Axis} x @param {Axis} y */
export const placesIn = (box, x, y) => ({
  px: (/** @type {number} */ v) => box.left + ((v - x.low) / (x.high - x.low || 1)) * (box.right - box.left),
  py: (/** @type {number} */ v) => box.bottom - ((v - y.low) / (y.high - y.low || 1)) * (box.bottom - box.top),
});

/**
 * The round distance of ticks: 1, 2 or 5 times a power of ten, so that about so many fit.
 * @param {number} low @param {number} high @param {number} most
 */
export function tickStep(low, high, most) {
  const rough = (high - low) / Math.max(1, most);
  if (!(rough > 0) || !Number.isFinite(rough)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((k) => k * power >= rough * (1 - 1e-9)) ?? 10);
}

/**
 * Round numbers from low to high, at most about so many.
 * @param {number} low @param {number} high @param {number} most
 */
export function ticks(low, high, most) {
  const step = tickStep(low, high, most);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, Math.min(50, count)) }, (_, i) => (first + i) * step + 0);
}

/**
 * Round numbers for a logarithmic axis: powers of ten, of so many decades that about so many fit; within two decades
 * also 2 and 5 times them, and within one whatever is round.
 * @param {number} low above 0 @param {number} high @param {number} most
 */
export function logTicks(low, high, most) {
  const decades = Math.log10(high / low);
  if (!(low > 0) || !(decades > 0) || !Number.isFinite(decades)) return [];
  if (decades < 1) return ticks(low, high, most);
  const every = Math.max(1, Math.ceil(decades / Math.max(1, most)));
  const factors = decades <= 2 && most >= 4 ? [1, 2, 5] : [1];
  /** @type {number[]} */ const found = [];
  for (let k = Math.floor(Math.log10(low)); k <= Math.log10(high); k++)
    if (k % every === 0)
      for (const f of factors) {
        const v = Number(`${f}e${k}`);
        if (v >= low * (1 - 1e-9) && v <= high * (1 + 1e-9)) found.push(v);
      }
  return found;
}

/** A round number as it is written by hand: 0.2, −6, 1000; long ones in short. @param {number} v */
function tickText(v) {
  const text = String(v).replaceAll("-", "−");
  return text.length <= 5 && !text.includes("e") ? text : short(v);
}

/**
 * Numbers in short, with as many digits as tell them apart.
 * @param {number[]} values @param {(v: number) => string} [write] @returns {string[]}
 */
export function tickLabels(values, write = tickText) {
  const plain = values.map((v) => write(Number(v.toPrecision(12))));
  for (let digits = 4; new Set(plain).size < values.length && digits <= 12; digits++)
    values.forEach((v, i) => (plain[i] = String(Number(v.toPrecision(digits)))));
  return plain;
}

/**
 * The range of a plot: what the examples span, and what is drawn over them as far as it reaches no more than `times`
 * their span beyond; so a line that runs away does not squeeze the examples into a stroke. Ends are round.
 * @param {ArrayLike<number>} examples @param {ArrayLike<number>} drawn @param {number} [times]
 */
export function rangeOf(examples, drawn, times = 2) {
  const [low, high] = ends(examples) ?? [0, 1];
  const span = high - low || Math.abs(high) || 1;
  const [least, most] = ends(drawn) ?? [low, high];
  const bottom = Math.max(low - times * span, Math.min(low, least));
  const top = Math.min(high + times * span, Math.max(high, most));
  const step = tickStep(bottom, top, 4) / 2;
  return { low: Math.floor(bottom / step - 0.1) * step, high: Math.ceil(top / step + 0.1) * step };
}

/** The least and the largest finite number. @param {ArrayLike<number>} values @returns {[number, number] | null} */
function ends(values) {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  return low <= high ? [low, high] : null;
}

/**
 * A line cut at the edges of a box: what is inside, piece by piece, and where it leaves or comes in. Where a place is
 * no number the line breaks.
 * @param {Place[]} places @param {Box} box @returns {{pieces: Place[][], exits: Place[]}}
 */
export function cut(places, box) {
  /** @type {Place[][]} */ const pieces = [];
  /** @type {Place[]} */ const exits = [];
  /** @type {Place[] | null} */ let piece = null;
  const inside = ([x, y] = /** @type {Place} */ ([NaN, NaN])) =>
    x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  if (places.length === 1 && inside(places[0])) pieces.push([places[0]]);
  for (let i = 1; i < places.length; i++) {
    const [a, b] = [places[i - 1], places[i]];
    const shares = share(a, b, box);
    if (!shares) {
      piece = null;
      continue;
    }
    const [from, to] = shares.map((s) => /** @type {Place} */ ([a[0] + s * (b[0] - a[0]), a[1] + s * (b[1] - a[1])]));
    if (shares[0] > 0) exits.push(from);
    if (!piece || shares[0] > 0) pieces.push((piece = [from]));
    piece.push(shares[1] < 1 ? to : b);
    if (shares[1] < 1) {
      exits.push(to);
      piece = null;
    }
  }
  return { pieces, exits };
}

/**
 * From where to where (0 … 1) a stretch lies in a box; null if it does not (Liang and Barsky 1984).
 * @param {Place} a @param {Place} b @param {Box} box @returns {[number, number] | null}
 */
function share(a, b, box) {
  if (![...a, ...b].every(Number.isFinite)) return null;
  let [from, to] = [0, 1];
  const sides = [
    [a[0] - b[0], a[0] - box.left],
    [b[0] - a[0], box.right - a[0]],
    [a[1] - b[1], a[1] - box.top],
    [b[1] - a[1], box.bottom - a[1]],
  ];
  for (const [way, room] of sides) {
    if (way === 0 && room < 0) return null;
    if (way < 0) from = Math.max(from, room / way);
    if (way > 0) to = Math.min(to, room / way);
  }
  return from <= to ? [from, to] : null;
}

/**
 * The place on the edge of a box towards a place outside, seen from its middle; a place inside stays.
 * @param {number} x @param {number} y @param {Box} box @returns {Place}
 */
export function towards(x, y, box) {
  const [cx, cy] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const [dx, dy] = [x - cx, y - cy];
  if (!Number.isFinite(dx) || !Number.isFinite(dy)) return [box.right, cy];
  const out = Math.max(Math.abs(dx) / (box.right - cx), Math.abs(dy) / (box.bottom - cy), 1);
  return [cx + dx / out, cy + dy / out];
}

/**
 * Marks where something goes on beyond an edge: a triangle that points outwards, one for places close together.
 * @param {CanvasRenderingContext2D} to @param {Place[]} places on the edge @param {Box} box @param {string} color
 */
export function markExits(to, places, box, color) {
  /** @type {Place[]} */ const marked = [];
  to.fillStyle = color;
  for (const [x, y] of places) {
    if (marked.some(([a, b]) => Math.hypot(a - x, b - y) < NEAR)) continue;
    marked.push([x, y]);
    to.beginPath();
    triangle(x, y, box).forEach(([a, b], i) => (i ? to.lineTo(a, b) : to.moveTo(a, b)));
    to.closePath();
    to.fill();
  }
}

/** The same as the path of an SVG. @param {Place[]} places on the edge @param {Box} box */
export function exitPath(places, box) {
  /** @type {Place[]} */ const marked = [];
  for (const [x, y] of places) if (!marked.some(([a, b]) => Math.hypot(a - x, b - y) < NEAR)) marked.push([x, y]);
  return marked.map(([x, y]) => `${linePath(triangle(x, y, box))}Z`).join("");
}

/** Places as the path of an SVG. @param {Place[]} places */
export const linePath = (places) =>
  places.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

/** Points outwards at the nearest edge. @param {number} x @param {number} y @param {Box} box @returns {Place[]} */
function triangle(x, y, box) {
  const gaps = [x - box.left, box.right - x, y - box.top, box.bottom - y].map(Math.abs);
  const [ox, oy] = OUTWARDS[gaps.indexOf(Math.min(...gaps))];
  return [
    [x, y],
    [x - LONG * ox + WIDE * oy, y - LONG * oy + WIDE * ox],
    [x - LONG * ox - WIDE * oy, y - LONG * oy - WIDE * ox],
  ];
}

const [NEAR, LONG, WIDE] = [9, 7, 4.5];
const OUTWARDS = [
  [-1, 0],
  [1, 0],
  [0, -1],
  [0, 1],
];
