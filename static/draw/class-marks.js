/** A stroke on each example says its class where colours do not: in print, in grey, to eyes that lack a colour. */

import { html, nothing } from "lit";
import { CLASS_COLORS } from "../core/colors.js";
import { dashOf, strokeOf } from "./strokes.js";

/** A class in a legend: its colour and its stroke. @param {number} index */
export function classSign(index) {
  const path = strokeOf(index).map(([x1, y1, x2, y2]) => `M${6 + 5 * x1} ${6 + 5 * y1}L${6 + 5 * x2} ${6 + 5 * y2}`);
  return html`<svg class="class-sign" width="12" height="12" aria-hidden="true">
    <circle cx="6" cy="6" r="5" fill=${CLASS_COLORS[index % CLASS_COLORS.length]}></circle>
    <path d=${path.join("")} stroke-width="2" stroke-linecap="round"></path>
  </svg>`;
}

/** A line in a legend: its colour and its dashes. @param {string} color @param {number} index */
export const lineSign = (color, index) =>
  html`<svg width="26" height="10" aria-hidden="true">
    <line
      x2="26"
      y1="5"
      y2="5"
      stroke=${color}
      stroke-width="3"
      stroke-dasharray=${dashOf(index).join(" ") || nothing}
    ></line>
  </svg>`;
