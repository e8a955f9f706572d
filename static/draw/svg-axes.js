/** Axes of plots that are SVG: a line and a number at each round tick, and the names at their ends. */

import { html, svg } from "lit";
import { marks } from "./canvas.js";
import { placesIn, tickLabels, ticks } from "./axes.js";

/** @typedef {import("./axes.js").Box} Box */
/** @typedef {import("./axes.js").Axis} Axis */

const small = () => 13 * marks();

/**
 * Below and on the left of a box.
 * @param {Box} box @param {Axis} x @param {Axis} y
 */
export function axes(box, x, y) {
  const { px, py } = placesIn(box, x, y);
  const across = ticks(x.low, x.high, x.most ?? 6);
  const up = ticks(y.low, y.high, y.most ?? 5);
  const [words, heights] = [tickLabels(across, x.write), tickLabels(up, y.write)];
  return svg`<g class="axes">
    ${up.map(
      (v, i) => svg`<line class="grid" x1=${box.left} x2=${box.right} y1=${py(v)} y2=${py(v)}></line>
        <text x=${box.left - 5} y=${py(v) + 4} text-anchor="end">${heights[i]}</text>`,
    )}
    ${across.map(
      (v, i) => svg`<line class="tick" x1=${px(v)} x2=${px(v)} y1=${box.bottom} y2=${box.bottom + 4}></line>
        <text x=${px(v)} y=${box.bottom + 4 + small()} text-anchor="middle">${words[i]}</text>`,
    )}
    <text x=${(box.left + box.right) / 2} y=${box.bottom + 6 + 2 * small()} text-anchor="middle">${x.name}</text>
    <text x="2" y=${box.top - 11}>${y.name}</text>
  </g>`;
}

/** Pixels beside a picture. */
export const SIDE = 44;
/** And below it. */
export const footOf = () => 12 + 2 * small();

/**
 * A picture with its axes beside and below it, whose numbers are those of its edges.
 * @param {unknown} picture @param {number} size of the picture, in pixels @param {Axis} x @param {Axis} y
 */
export function ruled(picture, size, x, y) {
  const box = { left: SIDE, top: 0, right: SIDE + size, bottom: size };
  const { px, py } = placesIn(box, x, y);
  const across = ticks(x.low, x.high, Math.max(2, Math.floor(size / 60)));
  const up = ticks(y.low, y.high, Math.max(2, Math.floor(size / 44)));
  const [words, heights] = [tickLabels(across), tickLabels(up)];
  const foot = footOf();
  const start = (/** @type {number} */ at) => Math.max(SIDE + 8, Math.min(SIDE + size - 10, at));
  return html`<div class="ruled" dir="ltr">
    <svg class="side" width=${SIDE} height=${size} viewBox="0 0 ${SIDE} ${size}" aria-hidden="true">
      ${up.map(
        (v, i) => svg`<line class="tick" x1=${SIDE - 4} x2=${SIDE} y1=${py(v)} y2=${py(v)}></line>
          <text x=${SIDE - 6} y=${Math.max(9, Math.min(size - 2, py(v) + 4))} text-anchor="end">${heights[i]}</text>`,
      )}
      <text x="10" y=${size / 2} text-anchor="middle" transform="rotate(-90 10 ${size / 2})">${y.name}</text>
    </svg>
    ${picture}
    <svg class="foot" width=${SIDE + size} height=${foot} viewBox="0 ${size} ${SIDE + size} ${foot}" aria-hidden="true">
      ${across.map(
        (v, i) => svg`<line class="tick" x1=${px(v)} x2=${px(v)} y1=${size} y2=${size + 4}></line>
          <text x=${start(px(v))} y=${size + 4 + small()} text-anchor="middle">${words[i]}</text>`,
      )}
      <text x=${SIDE + size / 2} y=${size + 6 + 2 * small()} text-anchor="middle">${x.name}</text>
    </svg>
  </div>`;
}
