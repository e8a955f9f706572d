/** The loss of one output with its numbers, and its slope: the formulas of engine/losses.py. */

import { factor as n, short } from "../../core/format.js";

const ONE_FOR_ALL = ["categorical_crossentropy", "sparse_categorical_crossentropy"];

/**
 * @typedef {object} LossStep
 * @property {string} formula L of output k
 * @property {string} numbers
 * @property {number} value
 * @property {string} slope ∂J/∂ŷ, or ∂J/∂z where loss and activation are one formula
 * @property {string} slopeNumbers
 * @property {number} slopeValue
 */

/** How many numbers J is the mean of. @param {string} loss @param {number} outputs @param {number} count examples @param {number} last outputs along the last axis */
export const averaged = (loss, outputs, count, last) =>
  ONE_FOR_ALL.includes(loss) ? (outputs / last) * count : outputs * count;

/**
 * @param {Record<string, any>} loss name and settings @param {boolean} joined @param {number} yhat @param {number} y
 * @param {number} z what the last activation got @param {number} over how many numbers J is the mean of @param {number[]} all the outputs of this example along the last axis
 * @returns {LossStep | null} null for losses of many terms (detection)
 */
export function lossStep(loss, joined, yhat, y, z, over, all) {
  const [a, b, m] = [n(yhat), n(y), over > 1 ? ` / ${over}` : ""];
  const made = (
    /** @type {string} */ formula,
    /** @type {string} */ numbers,
    /** @type {number} */ value,
    /** @type {string} */ slope,
    /** @type {string} */ slopeNumbers,
    /** @type {number} */ slopeValue,
  ) => ({
    formula,
    numbers,
    value,
    slope: slope + (over > 1 ? " / N" : ""),
    slopeNumbers: slopeNumbers + m,
    slopeValue: slopeValue / over,
  });
  const e = yhat - y;
  switch (loss.name) {
    case "mse":
      return made("(ŷ − y)²", `(${a} − ${b})²`, e * e, "2 (ŷ − y)", `2·(${a} − ${b})`, 2 * e);
    case "half_mse":
      return made("½ (ŷ − y)²", `½ (${a} − ${b})²`, (e * e) / 2, "(ŷ − y)", `(${a} − ${b})`, e);
    case "mae":
      return made("|ŷ − y|", `|${a} − ${b}|`, Math.abs(e), "sign(ŷ − y)", `sign(${short(e)})`, Math.sign(e));
    case "huber": {
      const d = loss.delta;
      const inside = Math.abs(e) <= d;
      const r = Math.max(-d, Math.min(d, e));
      return made(
        inside ? "½ (ŷ − y)²" : "δ |ŷ − y| − ½ δ²",
        inside ? `½ (${a} − ${b})²` : `${n(d)}·|${a} − ${b}| − ½·${n(d)}²`,
        r * (e - r / 2),
        "clip(ŷ − y, −δ, δ)",
        `clip(${short(e)}, −${short(d)}, ${short(d)})`,
        r,
      );
    }
    case "hinge": {
      const margin = 1 - y * yhat;
      return made(
        "max(0, 1 − y ŷ)",
        `max(0, 1 − ${b}·${a})`,
        Math.max(0, margin),
        margin > 0 ? "−y" : "0",
        margin > 0 ? short(-y) : "0",
        margin > 0 ? -y : 0,
      );
    }
    case "perceptron": {
      const told = z >= 0 ? 1 : 0;
      return made("(ŷ − y) z", `(${told} − ${b})·${n(z)}`, (told - y) * z, "(ŷ − y)", `(${told} − ${b})`, told - y);
    }
    case "binary_crossentropy": {
      const p = loss.from_logits ? 1 / (1 + Math.exp(-yhat)) : yhat;
      const q = Math.min(1 - 1e-7, Math.max(1e-7, p));
      const value = joined
        ? Math.max(z, 0) - y * z + Math.log1p(Math.exp(-Math.abs(z)))
        : -y * Math.log(q) - (1 - y) * Math.log(1 - q);
      const name = loss.from_logits ? "σ(ŷ)" : "ŷ";
      const numbers =
        y === 1 ? `−ln ${n(p)}` : y === 0 ? `−ln(1 − ${n(p)})` : `−${b} ln ${n(p)} − ${n(1 - y)} ln ${n(1 - p)}`;
      const formula = `−y ln ${name} − (1 − y) ln(1 − ${name})`;
      if (joined || loss.from_logits) return made(formula, numbers, value, `(${name} − y)`, `(${n(p)} − ${b})`, p - y);
      return made(
        formula,
        numbers,
        value,
        "(ŷ − y) / (ŷ (1 − ŷ))",
        `(${n(q)} − ${b}) / (${n(q)}·${n(1 - q)})`,
        (q - y) / (q * (1 - q)),
      );
    }
    case "categorical_crossentropy":
    case "sparse_categorical_crossentropy": {
      const mass = all.reduce((s, v) => s + v, 0);
      const top = Math.max(...all);
      const p = loss.from_logits ? Math.exp(yhat - top) / all.reduce((s, v) => s + Math.exp(v - top), 0) : yhat / mass;
      const q = Math.min(1 - 1e-7, Math.max(1e-7, p));
      const name = loss.from_logits ? "softmax(ŷ)" : "ŷ";
      const value = joined ? (y ? -y * Math.log(p) : 0) : -y * Math.log(q);
      const numbers = `−${b}·ln ${n(p)}`;
      if (joined || loss.from_logits)
        return made(`−y ln ${name}`, numbers, value || 0, `(${name} − y)`, `(${n(p)} − ${b})`, p - y);
      return made(
        "−y ln ŷ",
        numbers,
        value,
        "(1 − y / ŷ) / Σ ŷ",
        `(1 − ${b} / ${n(q)}) / ${n(mass)}`,
        (1 - y / q) / mass,
      );
    }
    default:
      return null;
  }
}
