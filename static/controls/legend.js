/** The legend of a scale: its colours from end to end, and the numbers there. */

import { html, svg } from "lit";
import { short } from "../core/format.js";
import { colorOf, endsOf } from "../core/scales.js";

const STEPS = 32;

/**
 * Numbers that move are written by `Element.put` into "scale_low" and "scale_high".
 * @param {import("../core/scales.js").Scale} scale @param {import("../core/colors.js").Theme} which
 * @param {{unit?: number, names?: string[]}} [of] the unit; names instead of the numbers at the ends
 */
export function scaleLegend(scale, which, { unit = 0, names } = {}) {
  const [low, high] = endsOf(scale);
  const [first, last] = names ?? endsOf(scale).map(short);
  const value = (/** @type {number} */ i) => low + ((high - low) * i) / (STEPS - 1);
  return html`<div class="scale" dir="ltr">
    <bdi data-slot="scale_low" .textContent=${first}></bdi>
    <svg viewBox="0 0 ${STEPS} 1" preserveAspectRatio="none" aria-hidden="true">
      ${Array.from(
        { length: STEPS },
        (_, i) => svg`<rect x=${i} width="1.1" height="1" fill=${colorOf(value(i), scale, which, unit)}></rect>`,
      )}
    </svg>
    <bdi data-slot="scale_high" .textContent=${last}></bdi>
  </div>`;
}
