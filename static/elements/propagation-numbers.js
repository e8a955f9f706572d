/** Numbers of forward and back propagation with where they came from: rows of cells, sums, and pictures to choose in. */

import { html, nothing } from "lit";
import { Panel } from "../core/panel.js";
import { short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { signed, theme } from "../core/colors.js";
import { forwardTerms, pooled, weightTerms } from "../core/window-terms.js";
import { sharp } from "../draw/canvas.js";
import { select } from "./controls.js";

const MOST_SHOWN = 16;
const MOST_TERMS = 6;
const MAP = 150;

/** @typedef {{kind: "input" | "forward" | "loss" | "backward" | "update", layer: number}} Stage */

export class PropagationNumbers extends Panel {
  constructor() {
    super();
    this.unit = 0;
    this.example = 0;
    /** The number that is looked at in a picture: row, column, channel; null: the middle. */
    /** @type {number[] | null} */ this.place = null;
    /** The weight of a filter: row, column, input channel. */ this.tap = [0, 0, 0];
  }

  updated() {
    for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (this.querySelectorAll("canvas[data-map]"))) this.paintMap(canvas, canvas.dataset.map ?? "");
  }

  /** One channel of a picture in colours, the chosen place framed. @param {HTMLCanvasElement} canvas @param {string} name */
  paintMap(canvas, name) {
    const values = this.row(name);
    const layer = this.about.layers.find((/** @type {any} */ l) => name.startsWith(`${l.id}/`));
    if (!values || !layer) return;
    const [rows, columns, channels] = layer.shape;
    const [row, column, channel] = this.at(layer);
    const to = sharp(canvas, MAP, MAP);
    const [w, h] = [MAP / columns, MAP / rows];
    const top = Math.max(1e-12, ...values.map(Math.abs));
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        to.fillStyle = signed(values[(r * columns + c) * channels + channel] / top, theme());
        to.fillRect(c * w, r * h, w + 0.5, h + 0.5);
      }
    }
    to.strokeStyle = "#e0245e";
    to.lineWidth = 2;
    to.strokeRect(column * w + 1, row * h + 1, Math.max(2, w - 2), Math.max(2, h - 2));
  }

  /** The chosen place, kept inside a layer's picture. @param {any} layer */
  at(layer) {
    const place = this.place ?? [layer.shape[0] >> 1, layer.shape[1] >> 1, 0];
    return place.map((v, i) => Math.min(v, layer.shape[i] - 1));
  }

  /** A picture to choose a number in, by pointer or keys. @param {any} layer @param {string} kind */
  map(layer, kind) {
    const [rows, columns, channels] = layer.shape;
    const [row, column, channel] = this.at(layer);
    const move = (/** @type {number} */ r, /** @type {number} */ c) => { this.place = [Math.max(0, Math.min(rows - 1, r)), Math.max(0, Math.min(columns - 1, c)), channel]; this.requestUpdate(); };
    const steps = /** @type {Record<string, [number, number]>} */ ({ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] });
    return html`<figure class="prop-map" dir="ltr"><canvas data-map="${layer.id}/${kind}" width=${MAP} height=${MAP} tabindex="0" role="img" aria-label=${t("prop_map", { layer: layer.id, row: row + 1, column: column + 1 })}
        @pointerdown=${(/** @type {any} */ e) => { const box = e.currentTarget.getBoundingClientRect(); move(Math.floor(((e.clientY - box.top) / box.height) * rows), Math.floor(((e.clientX - box.left) / box.width) * columns)); }}
        @keydown=${(/** @type {any} */ e) => { const by = steps[e.key]; if (!by) return; e.preventDefault(); move(row + by[0], column + by[1]); }}></canvas>
      <figcaption class="hint">${select({ name: "prop_channel", label: t("channel"), value: String(channel), options: Array.from({ length: channels }, (_, i) => [String(i), `${kind}, ${i + 1}`]), free: true, compact: true, change: (v) => { this.place = [row, column, Number(v)]; this.requestUpdate(); } })} [${row + 1}, ${column + 1}]</figcaption></figure>`;
  }

  /** A stage of a layer whose numbers are a picture. @param {Stage} stage */
  picture(stage) {
    const { about } = this;
    const layer = about.layers[stage.layer];
    const place = this.at(layer);
    const index = (place[0] * layer.shape[1] + place[1]) * layer.shape[2] + place[2];
    const [a, z, da, dz] = ["a", "z", "da", "dz"].map((kind) => this.row(`${layer.id}/${kind}`));
    const x = this.given(stage.layer);
    const kernel = layer.type === "Conv2D" ? this.whole(`${layer.id}/w/kernel`)?.data : null;
    const lines = [];
    if (stage.kind === "forward") {
      if (kernel && z) {
        const bias = this.whole(`${layer.id}/w/bias`)?.data[place[2]] ?? 0;
        lines.push(html`<p>z = Σ W·x + b = ${this.sum(forwardTerms(layer, kernel, x, place), bias, "b")} = <b>${short(z[index])}</b></p>`);
        lines.push(html`<p>a = g(z) = ${layer.activation}(${short(z[index])}) = <b>${short(a?.[index])}</b></p>`);
      } else if (layer.kernel) {
        const under = pooled(layer, x, place);
        lines.push(html`<p>a = ${layer.type === "MaxPooling2D" ? "max" : "mean"}(${under.map((v) => short(v)).join(", ")}) = <b>${short(a?.[index])}</b></p>`);
      }
      return html`<div class="surface-body">${this.map(layer, "a")}<div class="derivation" dir="ltr">${lines.length ? lines : html`<p>a = <b>${short(a?.[index])}</b></p>`}</div></div>`;
    }
    if (da && dz) lines.push(html`<p>∂J/∂z = ∂J/∂a · g′(z) = ${bracket(da[index])}·${bracket(da[index] ? dz[index] / da[index] : 0)} = <b>${short(dz[index])}</b></p>`);
    else if (da) lines.push(html`<p>∂J/∂a = <b>${short(da[index])}</b></p>`);
    if (kernel && dz) {
      const channels = layer.input_shape[2];
      const [i, j, c] = this.tap.map((v, k) => Math.min(v, [layer.kernel[0], layer.kernel[1], channels][k] - 1));
      const slope = this.whole(`${layer.id}/dw/kernel`)?.data[((i * layer.kernel[1] + j) * channels + c) * layer.shape[2] + place[2]];
      const name = html`W<sub>${i + 1},${j + 1},${c + 1},${place[2] + 1}</sub>`;
      const before = stage.layer > 0 ? `${about.layers[stage.layer - 1].id}/a` : "input";
      const terms = Array.from({ length: about.count }, (_, b) => weightTerms(layer, this.row(`${layer.id}/dz`, b) ?? [], this.row(before, b) ?? [], [i, j, c, place[2]])).flat();
      lines.push(html`<p>∂J/∂${name} = Σ<sub>${t("prop_places")}</sub> ∂J/∂z · x${about.penalised ? html` + 2 l2 ${name}` : nothing} = ${this.sum(terms, 0)}${about.penalised ? " + …" : ""} = <b data-gradient>${short(slope)}</b></p>`);
      lines.push(html`<p>${t("prop_chain")}: ∂J/∂${name} = Σ ∂J/∂a · ∂a/∂z · ∂z/∂${name}</p>`);
    }
    return html`<div class="surface-body">${da || dz ? this.map(layer, dz ? "dz" : "da") : nothing}<div class="derivation" dir="ltr">${lines}</div></div>
      ${kernel ? html`<div class="row">${["prop_tap_row", "prop_tap_column", "prop_tap_channel"].map((name, k) => select({ name, label: t(name), value: String(this.tap[k]), options: Array.from({ length: [layer.kernel[0], layer.kernel[1], layer.input_shape[2]][k] }, (_, n) => [String(n), `${["i", "j", "c"][k]} = ${n + 1}`]), free: true, compact: true, change: (v) => { this.tap = this.tap.map((old, n) => (n === k ? Number(v) : old)); this.requestUpdate(); } }))}</div>` : nothing}`;
  }

  get about() {
    return this.session.about.propagation;
  }

  /** Numbers of one example of the batch. @param {string} name @param {number} [example] @returns {number[] | null} */
  row(name, example = this.example) {
    const tensor = this.session.tensor(`propagation/${name}`);
    if (!tensor) return null;
    const each = tensor.data.length / tensor.shape[0];
    const at = Math.min(example, tensor.shape[0] - 1);
    return Array.from(tensor.data.slice(at * each, (at + 1) * each));
  }

  /** @param {string} name */
  whole(name) {
    return this.session.tensor(`propagation/${name}`);
  }

  /** What a layer gets. @param {number} layer */
  given(layer) {
    return this.row(layer > 0 ? `${this.about.layers[layer - 1].id}/a` : "input") ?? [];
  }

  // -- numbers ----------------------------------------------------------------------------------------------------
  /** Numbers as cells that can be chosen. @param {string} label @param {number[] | null} values @param {boolean} [choose] */
  cells(label, values, choose = false) {
    if (!values) return nothing;
    const top = Math.max(1e-12, ...values.map(Math.abs));
    const which = theme();
    return html`<tr><th scope="row"><bdi dir="ltr">${label}</bdi></th><td><ol class="number-cells" dir="ltr">${values.slice(0, MOST_SHOWN).map((v, i) => html`<li>
      ${choose ? html`<button type="button" aria-pressed=${this.unit === i} data-unit=${i} @click=${() => { this.unit = i; this.requestUpdate(); }}>${swatch(v / top, which)}${short(v)}</button>` : html`<span>${swatch(v / top, which)}${short(v)}</span>`}</li>`)}
      ${values.length > MOST_SHOWN ? html`<li class="hint">${t("and_more", { n: values.length - MOST_SHOWN })}</li>` : nothing}</ol></td></tr>`;
  }

  /** a₁·b₁ + a₂·b₂ + … with its value. @param {[number, number][]} terms @param {number} rest added at the end @param {string} [name] */
  sum(terms, rest, name = "") {
    const shown = terms.length > MOST_TERMS + 1 ? [...terms].sort((p, q) => Math.abs(q[0] * q[1]) - Math.abs(p[0] * p[1])).slice(0, MOST_TERMS) : terms;
    const others = terms.length - shown.length;
    const partial = shown.reduce((s, [a, b]) => s + a * b, 0);
    const all = terms.reduce((s, [a, b]) => s + a * b, 0);
    return html`${shown.map(([a, b], i) => html`${i ? " + " : ""}${bracket(a)}·${bracket(b)}`)}${others ? html` + <em>${t("terms_more", { n: others, sum: short(all - partial) })}</em>` : nothing}${name ? html` + ${bracket(rest)}` : nothing}`;
  }
}


/** A number as a factor: negative ones in brackets. @param {number} v */
export const bracket = (v) => (v < 0 ? html`(${short(v)})` : short(v));

/** @param {number} share @param {import("../core/colors.js").Theme} which */
const swatch = (share, which) => html`<svg width="10" height="10" aria-hidden="true"><rect width="10" height="10" rx="3" fill=${signed(share, which)}></rect></svg>`;
