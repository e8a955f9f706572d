/** What an optimiser makes of one slope, line by line: the formulas of engine/optimizers.py with their numbers. */

import { factor as n, short } from "../../core/format.js";

/** @typedef {{name: string, formula: string, numbers: string, value: number}} Line */

/** As an exponent. @param {number} k */
const power = (k) => [...String(k)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");

/**
 * The last line's value is the new parameter.
 * @param {Record<string, any>} optimizer its name and settings
 * @param {{rate: number, age: number, clip: number}} state α, t of the coming step since this optimiser's state began, and what clipping leaves of g
 * @param {number} p @param {number} slope ∂J/∂p
 * @param {(slot: string) => number} slot what the optimiser remembers of p
 * @returns {Line[]}
 */
export function updateSteps(optimizer, { rate, age, clip }, p, slope, slot) {
  /** @type {Line[]} */ const lines = [];
  const line = (
    /** @type {string} */ name,
    /** @type {string} */ formula,
    /** @type {string} */ numbers,
    /** @type {number} */ value,
  ) => {
    lines.push({ name, formula, numbers, value });
    return value;
  };
  const g = clip < 1 ? line("g", "∂J/∂p · clip", `${n(slope)}·${n(clip)}`, slope * clip) : slope;
  switch (optimizer.name) {
    case "SGD": {
      const mu = optimizer.momentum;
      if (!mu) line("p", "p − α g", `${n(p)} − ${n(rate)}·${n(g)}`, p - rate * g);
      else {
        const v = line(
          "v",
          "μ v − α g",
          `${n(mu)}·${n(slot("momentum"))} − ${n(rate)}·${n(g)}`,
          mu * slot("momentum") - rate * g,
        );
        if (optimizer.nesterov)
          line("p", "p + μ v − α g", `${n(p)} + ${n(mu)}·${n(v)} − ${n(rate)}·${n(g)}`, p + mu * v - rate * g);
        else line("p", "p + v", `${n(p)} + ${n(v)}`, p + v);
      }
      break;
    }
    case "Adagrad": {
      const s = line("s", "s + g²", `${n(slot("accumulator"))} + ${n(g)}²`, slot("accumulator") + g * g);
      line(
        "p",
        "p − α g / √(s + ε)",
        `${n(p)} − ${n(rate)}·${n(g)} / √${n(s)}`,
        p - (rate * g) / Math.sqrt(s + optimizer.epsilon),
      );
      break;
    }
    case "RMSprop": {
      const { rho, momentum, epsilon } = optimizer;
      const s = line(
        "s",
        "ρ s + (1 − ρ) g²",
        `${n(rho)}·${n(slot("velocity"))} + ${n(1 - rho)}·${n(g)}²`,
        rho * slot("velocity") + (1 - rho) * g * g,
      );
      const own = (rate * g) / Math.sqrt(s + epsilon);
      if (!momentum) line("p", "p − α g / √(s + ε)", `${n(p)} − ${n(rate)}·${n(g)} / √${n(s)}`, p - own);
      else {
        const v = line(
          "v",
          "μ v + α g / √(s + ε)",
          `${n(momentum)}·${n(slot("momentum"))} + ${n(own)}`,
          momentum * slot("momentum") + own,
        );
        line("p", "p − v", `${n(p)} − ${n(v)}`, p - v);
      }
      break;
    }
    case "Adam":
    case "AdamW": {
      const [b1, b2] = [optimizer.beta_1, optimizer.beta_2];
      const decayed = optimizer.weight_decay
        ? line(
            "p",
            "p (1 − α λ)",
            `${n(p)}·(1 − ${n(rate)}·${n(optimizer.weight_decay)})`,
            p * (1 - rate * optimizer.weight_decay),
          )
        : p;
      const m = line(
        "m",
        "β₁ m + (1 − β₁) g",
        `${n(b1)}·${n(slot("m"))} + ${n(1 - b1)}·${n(g)}`,
        b1 * slot("m") + (1 - b1) * g,
      );
      const v = line(
        "v",
        "β₂ v + (1 − β₂) g²",
        `${n(b2)}·${n(slot("v"))} + ${n(1 - b2)}·${n(g)}²`,
        b2 * slot("v") + (1 - b2) * g * g,
      );
      const fair = line(
        "α̂",
        "α √(1 − β₂ᵗ) / (1 − β₁ᵗ)",
        `${n(rate)}·√(1 − ${n(b2)}${power(age)}) / (1 − ${n(b1)}${power(age)})`,
        (rate * Math.sqrt(1 - b2 ** age)) / (1 - b1 ** age),
      );
      line(
        "p",
        "p − α̂ m / (√v + ε)",
        `${n(decayed)} − ${n(fair)}·${n(m)} / √${n(v)}`,
        decayed - (fair * m) / (Math.sqrt(v) + optimizer.epsilon),
      );
      break;
    }
  }
  return lines;
}
