/** Sums and formulas of the engine (engine/core/terms.py) as people write them: nothing is worked out here. */

import { html, nothing } from "lit";
import { factor, short } from "../../core/format.js";
import { t } from "../../core/i18n.js";

const MOST_TERMS = 6;

/** @import {Formula, Sum, Terms} from "../../types/page.d.ts" */

/**
 * Letters with what is below and above the line: W_i, e^z, x_{max}; _k is the number's own place.
 * @param {string} text @param {unknown} [k]
 */
export function letters(text, k = nothing) {
  return text
    .split(/([_^](?:\{[^}]*\}|.))/)
    .map((part) =>
      part === "_k"
        ? k
        : part[0] === "_"
          ? html`<sub>${bare(part)}</sub>`
          : part[0] === "^" && part.length > 1
            ? html`<sup>${bare(part)}</sup>`
            : part,
    );
}

/** @param {string} part */
const bare = (part) => part.slice(1).replace(/[{}]/g, "");

/** A whole number as an exponent. @param {number} n */
const power = (n) => [...String(n)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)] ?? "⁻").join("");

/**
 * Numbers in their places. Negative ones are in brackets, unless nothing stands before them.
 * @param {Formula} formula
 */
export function filled({ numbers, parts }) {
  const pieces = numbers.split(/(\^?\{[^{}]+\})/);
  return pieces.map((piece, i) => {
    const name = piece.replace(/^\^?\{|\}$/g, "");
    if (!/^\^?\{/.test(piece)) return piece;
    const value = parts[name] ?? Number.NaN;
    if (piece[0] === "^") return Number.isInteger(value) ? power(value) : html`<sup>${short(value)}</sup>`;
    const alone = /(^|[(|]|, )$/.test(pieces[i - 1]) && !/^[²^]/.test(pieces[i + 1] || "");
    return alone ? short(value) : factor(value);
  });
}

/** a₁·b₁ + a₂·b₂ + …, the largest products where there are many. @param {Sum} sum */
export function sum({ values, factors, count, total }) {
  if (!count) return html`0`;
  const product = (/** @type {number} */ i) => (factors ? (factors[i] ?? Number.NaN) : 1) * (values[i] ?? Number.NaN);
  let shown = values.map((_, i) => i);
  if (count > MOST_TERMS + 1)
    shown = shown.sort((i, j) => Math.abs(product(j)) - Math.abs(product(i))).slice(0, MOST_TERMS);
  const others = count - shown.length;
  const rest = (total ?? Number.NaN) - shown.reduce((all, i) => all + product(i), 0);
  const term = (/** @type {number} */ i) =>
    html`${factors ? `${factor(factors[i] ?? Number.NaN)}·` : ""}${factor(values[i] ?? Number.NaN)}`;
  const more = html` + <bdi class="others">${t("terms_more", { n: others, sum: short(rest) })}</bdi>`;
  return html`${shown.map((i, n) => html`${n ? " + " : ""}${term(i)}`)}${others ? more : nothing}`;
}

/** The numbers of a sum or a formula. @param {Terms} terms */
export function numbersOf(terms) {
  if ("numbers" in terms) return terms.numbers ? filled(terms) : null;
  if (terms.kind === "max")
    return html`max(${terms.values.map(short).join(", ")}${terms.count > terms.values.length ? ", …" : ""})`;
  const all = terms.over > 1 ? html`1/${terms.over} (${sum(terms)})` : sum(terms);
  return terms.rest === null ? all : html`${all} + ${factor(terms.rest)}`;
}

/** Formula = numbers. @param {Terms} terms @param {unknown} [k] the number's place */
export function written(terms, k = nothing) {
  if (terms.kind === "padding") return html`<span dir="auto">${t("prop_padding")}</span>`;
  const numbers = numbersOf(terms);
  if (!terms.formula) return numbers;
  return numbers === null ? letters(terms.formula, k) : html`${letters(terms.formula, k)} = ${numbers}`;
}
