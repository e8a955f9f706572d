/** Numbers for people. */

/** About three significant digits, without an exponent where it can be avoided. @param {number | null | undefined} x */
export function short(x) {
  if (x === null || x === undefined || Number.isNaN(x)) return "–";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  if (x === 0) return "0";
  const size = Math.abs(x);
  let text;
  if (size !== 0 && (size < 0.001 || size >= 1e5)) text = x.toExponential(1);
  else text = size >= 100 ? x.toFixed(0) : size >= 10 ? x.toFixed(1) : size >= 1 ? x.toFixed(2) : x.toFixed(3);
  return text.replaceAll("-", "−");
}

/** A number as a factor: negative ones in brackets. @param {number} x */
export const factor = (x) => (x < 0 ? `(${short(x)})` : short(x));

/** The number somebody typed, with either minus and either point; NaN if it is none. @param {string} text */
export const typed = (text) => (text.trim() === "" ? Number.NaN : Number(text.replaceAll("−", "-").replace(",", ".")));

/**
 * A number that can be drawn: what is not finite becomes something else.
 * @param {number} x
 * @param {number} [instead]
 */
export const finite = (x, instead = 0) => (Number.isFinite(x) ? x : instead);

/** A count in thousands, millions, thousand millions: 42.1k, 15.5G. @param {number} n */
export function counted(n) {
  for (const [size, letter] of /** @type {[number, string][]} */ ([
    [1e9, "G"],
    [1e6, "M"],
    [1e4, "k"],
  ]))
    if (n >= size) return `${short(n / (letter === "k" ? 1e3 : size))}${letter}`;
  return grouped(n);
}

/** Whole numbers in groups. @param {number} n */
export const grouped = (n) =>
  Math.floor(n)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");

/** Epochs that are over: what transport, lessons and code show. @param {number} n */
export const wholeEpochs = (n) => Math.floor(n + 1e-9);

/** @param {number | null} share */
export const percent = (share) =>
  share !== null && Number.isFinite(share) ? `${(100 * share).toFixed(share === 1 ? 0 : share > 0.995 ? 2 : 1)}%` : "–";

/** Engineered inputs as people write them. @param {string} name */
export const pretty = (name) =>
  tidy(name)
    .replace(/x(\d)/g, (_, d) => `x${"₀₁₂₃₄₅₆₇₈₉"[d]}`)
    .replace(/\^(\d+)/g, (_, d) => [...d].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]).join(""))
    .replaceAll("*", "·")
    .replace("sin(", "sin ")
    .replace(")", "");

const LONGEST_NAME = 48;
/** Control characters, and those that turn the direction of what follows. */
const UNRULY = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** A name of the visitor's (a class, a column) that fits into a list. @param {string} name */
export function tidy(name) {
  const letters = [...String(name).replace(UNRULY, " ").replace(/\s+/g, " ").trim()];
  return letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME - 1).join("")}…` : letters.join("");
}

/**
 * For JSON.parse: names of classes and inputs are tidied wherever they come in.
 * @param {string} key
 * @param {unknown} value
 */
export const tidied = (key, value) =>
  (key === "classes" || key === "inputs") && Array.isArray(value)
    ? value.map((name) => (typeof name === "string" ? tidy(name) : name))
    : value;

/**
 * A parameter as people write it: the output's weights and bias without their layer.
 * @param {string} name
 * @param {boolean} [lone] the only weight there is
 */
export function parameterName(name, lone = false) {
  const found = /^(.+)\/(kernel|bias)\[(.+)\]$/.exec(name);
  if (!found) return name;
  const [, layer, what, index] = found;
  const first = index.split(",")[0];
  const sub = [...String(Number(first) + 1)].map((d) => "₀₁₂₃₄₅₆₇₈₉"[Number(d)]).join("");
  if (layer === "out" && what === "bias") return index === "0" ? "b" : `b${sub}`;
  if (layer === "out" && /^\d+,0$/.test(index)) return lone ? "w" : `w${sub}`;
  return `${layer} ${what === "kernel" ? "W" : "b"}[${index}]`;
}
