/** The window on the page: its cells, its frame on a map, and the formula below. */

import { html, nothing } from "lit";
import { word } from "../controls/controls.js";
import { t } from "../core/i18n.js";
import { INK, HIGHLIGHT } from "../core/colors.js";

/** @import {About} from "../types/page.d.ts" */

/** Well-known 3×3 filters. */
export const PRESETS = {
  edge_h: [-1, -2, -1, 0, 0, 0, 1, 2, 1],
  edge_v: [-1, 0, 1, -2, 0, 2, -1, 0, 1],
  blur: Array(9).fill(1 / 9),
  sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
  emboss: [-2, -1, 0, -1, 1, 1, 0, 1, 2],
};

/**
 * @param {CanvasRenderingContext2D} to
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 * @param {number} sx
 * @param {number} sy
 * @param {import("../core/colors.js").Theme} which
 */
export function frameBox(to, x, y, w, h, sx, sy, which) {
  to.lineWidth = 4;
  to.strokeStyle = INK[which].windowRim;
  to.strokeRect(x * sx, y * sy, w * sx, h * sy);
  to.lineWidth = 2;
  to.strokeStyle = HIGHLIGHT;
  to.strokeRect(x * sx, y * sy, w * sx, h * sy);
}

/** @param {number} rows @param {number} columns @param {string} what @param {boolean} numbers */
export function grid(rows, columns, what, numbers) {
  return html`<div class="cells ${numbers ? "" : "small"}" role="img" aria-label=${what} data-columns=${columns}>
    ${Array.from(
      { length: rows * columns },
      (_, i) => html`<span data-cell=${i} data-what=${what} data-number=${numbers ? "1" : ""}></span>`,
    )}
  </div>`;
}

/** @param {number} rows @param {number} columns @param {(field: HTMLInputElement, cell: number) => void} change */
export function editable(rows, columns, change) {
  return html`<div class="cells" role="group" aria-label=${t("window_kernel")} data-columns=${columns}>
    ${Array.from(
      { length: rows * columns },
      (_, i) =>
        html`<input
          type="text"
          inputmode="decimal"
          data-cell=${i}
          data-what="w"
          aria-label="W ${Math.floor(i / columns) + 1},${(i % columns) + 1}"
          @change=${(/** @type {On} */ e) => change(e.target, i)}
        />`,
    )}
  </div>`;
}

/**
 * The sum, and what becomes of it.
 * @param {About<"window">} about @param {number} depth channels @param {number} channel
 */
export function formula(about, depth, channel) {
  return html`<p class="formula" dir="ltr">
      ${
        depth > 1
          ? html`Σ<sub>${Math.min(channel, depth - 1) + 1}</sub> = <span data-slot="here"></span> &nbsp;
              <bdi class="hint">${t("window_sum", { n: depth })}</bdi> `
          : nothing
      }Σ
      = <span data-slot="all"></span> &nbsp; b = <span data-slot="b"></span> &nbsp; z = Σ + b =
      <b data-slot="z"></b>
    </p>
    <p class="formula" dir="ltr">
      a = ${word("activation", about.activation ?? "linear")}(<span data-slot="z2"></span>) = <b data-slot="a"></b>
    </p>`;
}

/** @param {About<"window">} about */
export function pooled(about) {
  return html`<p class="formula">
    <bdi>${about.type === "MaxPooling2D" ? t("window_winner") : t("window_mean")}</bdi>:
    <b dir="ltr" data-slot="a"></b>
  </p>`;
}

/** @param {(name: keyof typeof PRESETS) => void} choose */
export function presetChoice(choose) {
  return html`<label class="example"
    >${t("filter_presets")}
    <select
      data-control="filter_preset"
      @change=${(/** @type {On<HTMLSelectElement>} */ e) => {
        if (e.target.value) choose(/** @type {keyof typeof PRESETS} */ (e.target.value));
        e.target.value = "";
      }}
    >
      <option value="">…</option>
      ${Object.keys(PRESETS).map((name) => html`<option value=${name}>${t(`preset_${name}`)}</option>`)}
    </select></label
  >`;
}
