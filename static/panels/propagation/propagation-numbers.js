/** Numbers of forward and back propagation: rows of cells and pictures to choose one in. */

import { html, nothing } from "lit";
import { Panel } from "../../core/panel.js";
import { short } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { HIGHLIGHT, theme } from "../../core/colors.js";
import { aroundZero, colorOf } from "../../core/scales.js";
import { sharp } from "../../draw/canvas.js";
import { select } from "../../controls/controls.js";

const MOST_SHOWN = 16;
const MAP = 150;

/** @import {About, StageRow as Layer} from "../../types/page.d.ts" */

/** Row, column and channel of a number, and back. @param {number[]} shape @param {number} index */
const placed = ([, columns, channels], index) => [
  Math.floor(index / (columns * channels)),
  Math.floor(index / channels) % columns,
  index % channels,
];
/** @param {number[]} shape @param {number[]} place */
const indexed = ([, columns, channels], [row, column, channel]) => (row * columns + column) * channels + channel;

export class PropagationNumbers extends Panel {
  constructor() {
    super();
    /** The number that is looked at: of a vector, */ this.unit = 0;
    /** and of a picture: row, column, channel; null: the middle. */
    /** @type {number[] | null} */ this.place = null;
    /** The example of the batch. */ this.example = 0;
  }

  updated() {
    for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (this.querySelectorAll("canvas[data-map]")))
      this.paintMap(canvas, canvas.dataset.map ?? "");
  }

  get about() {
    return this.session.about.propagation;
  }

  /** The same, once it has come: a stage is drawn only then. */
  get come() {
    return /** @type {About<"propagation">} */ (this.about);
  }

  /** @param {string} name */
  whole(name) {
    return this.session.tensor(`propagation/${name}`);
  }

  /** Numbers of the example that is looked at. @param {string} name @returns {number[] | null} */
  row(name) {
    const tensor = this.whole(name);
    if (!tensor) return null;
    const each = tensor.data.length / tensor.shape[0];
    const at = Math.min(this.example, tensor.shape[0] - 1);
    return Array.prototype.slice.call(tensor.data, at * each, (at + 1) * each);
  }

  /**
   * What the colours of some numbers mean: of answers and targets what they mean everywhere, of others how far from 0.
   * @param {string} name @param {number[]} values @returns {import("../../core/scales.js").Scale}
   */
  scaleOf(name, values) {
    const last = this.about?.layers.at(-1);
    const answers = this.whole(`${last?.id}/a`);
    const each = answers ? answers.data.length / answers.shape[0] : 0;
    if (this.about?.scale && (name === `${last?.id}/a` || (name === "target" && values.length === each)))
      return this.about.scale;
    return aroundZero(values.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-12));
  }

  // -- choosing a number ----------------------------------------------------------------------------------------------
  /** The chosen place, kept inside a layer's picture. @param {Layer} layer */
  at(layer) {
    const place = this.place ?? [layer.shape[0] >> 1, layer.shape[1] >> 1, 0];
    return place.map((v, i) => Math.min(v, layer.shape[i] - 1));
  }

  /** The chosen number of a layer's output. @param {Layer} layer */
  index(layer) {
    if (layer.shape.length === 3) return indexed(layer.shape, this.at(layer));
    return Math.min(this.unit, layer.shape.reduce((a, b) => a * b, 1) - 1);
  }

  /** @param {number} index @param {Layer} layer */
  choose(index, layer) {
    if (layer.shape.length === 3) this.place = placed(layer.shape, index);
    else this.unit = index;
    this.requestUpdate();
  }

  /**
   * One channel of a picture in colours, the chosen place framed.
   * @param {HTMLCanvasElement} canvas @param {string} name
   */
  paintMap(canvas, name) {
    const values = this.row(name);
    const layer = this.about?.layers.find((/** @type {Layer} */ l) => l.id === canvas.dataset.layer);
    if (!values || !layer) return;
    const [rows, columns, channels] = layer.shape;
    const [row, column, channel] = this.at(layer);
    const to = sharp(canvas, MAP, MAP);
    const [w, h] = [MAP / columns, MAP / rows];
    const scale = this.scaleOf(name, values);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        to.fillStyle = colorOf(values[(r * columns + c) * channels + channel], scale, theme(), channel);
        to.fillRect(c * w, r * h, w + 0.5, h + 0.5);
      }
    }
    to.strokeStyle = HIGHLIGHT;
    to.lineWidth = 2;
    to.strokeRect(column * w + 1, row * h + 1, Math.max(2, w - 2), Math.max(2, h - 2));
  }

  /** A picture to choose a number in, by pointer or keys. @param {Layer} layer @param {string} kind */
  map(layer, kind) {
    const [rows, columns, channels] = layer.shape;
    const [row, column, channel] = this.at(layer);
    const move = (/** @type {number} */ r, /** @type {number} */ c) => {
      this.place = [Math.max(0, Math.min(rows - 1, r)), Math.max(0, Math.min(columns - 1, c)), channel];
      this.requestUpdate();
    };
    const steps = /** @type {Record<string, [number, number]>} */ ({
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    });
    return html`<figure class="prop-map" dir="ltr">
      <canvas
        data-map="${layer.id}/${kind}"
        data-layer=${layer.id}
        width=${MAP}
        height=${MAP}
        tabindex="0"
        role="img"
        aria-label=${t("prop_map", { layer: layer.id, row: row + 1, column: column + 1 })}
        @pointerdown=${(/** @type {On<HTMLCanvasElement, PointerEvent>} */ e) => {
          const box = e.currentTarget.getBoundingClientRect();
          move(
            Math.floor(((e.clientY - box.top) / box.height) * rows),
            Math.floor(((e.clientX - box.left) / box.width) * columns),
          );
        }}
        @keydown=${(/** @type {On<HTMLCanvasElement, KeyboardEvent>} */ e) => {
          const by = steps[e.key];
          if (!by) return;
          e.preventDefault();
          move(row + by[0], column + by[1]);
        }}
      ></canvas>
      <figcaption class="hint">
        ${select({
          name: "prop_channel",
          label: t("channel"),
          value: String(channel),
          options: Array.from({ length: channels }, (_, i) => [String(i), `${pretty(kind)}, ${i + 1}`]),
          free: true,
          compact: true,
          change: (v) => {
            this.place = [row, column, Number(v)];
            this.requestUpdate();
          },
        })}
        [${row + 1}, ${column + 1}]
      </figcaption>
    </figure>`;
  }

  /**
   * Numbers as cells; those of a layer can be chosen.
   * @param {string} label @param {string} name of the array @param {Layer} [layer]
   */
  cells(label, name, layer) {
    const values = this.row(name);
    if (!values) return nothing;
    const scale = this.scaleOf(name, values);
    const which = theme();
    const chosen = layer ? this.index(layer) : -1;
    const cell = (/** @type {number} */ v, /** @type {number} */ i) =>
      html`${swatch(colorOf(v, scale, which, i))}${short(v)}`;
    const choice = (/** @type {Layer} */ of, /** @type {number} */ v, /** @type {number} */ i) =>
      html`<button type="button" aria-pressed=${chosen === i} data-unit=${i} @click=${() => this.choose(i, of)}>
        ${cell(v, i)}
      </button>`;
    const more = values.length - MOST_SHOWN;
    return html`<tr>
      <th scope="row"><bdi dir="ltr">${label}</bdi></th>
      <td>
        <ol class="number-cells" dir="ltr">
          ${values
            .slice(0, MOST_SHOWN)
            .map((v, i) => html`<li>${layer ? choice(layer, v, i) : html`<span>${cell(v, i)}</span>`}</li>`)}
          ${more > 0 ? html`<li class="hint">${t("and_more", { n: more })}</li>` : nothing}
        </ol>
      </td>
    </tr>`;
  }

  /** @param {unknown[]} rows */
  table(rows) {
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("prop_numbers")}>
      <table class="plain numbers-table">
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
  }
}

/** How people write the names of the view's arrays. @param {string} kind */
const pretty = (kind) => ({ da: "∂J/∂a", dz: "∂J/∂z" })[kind] ?? kind;

/** @param {string} color */
const swatch = (color) =>
  html`<svg width="10" height="10" aria-hidden="true">
    <rect width="10" height="10" rx="3" fill=${color}></rect>
  </svg>`;
