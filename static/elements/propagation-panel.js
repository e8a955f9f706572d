/** Forward and back propagation of one example or a small batch, stage by stage, every number with where it comes from. */

import { html, nothing } from "lit";
import { Panel } from "../core/panel.js";
import { short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { signed, theme } from "../core/colors.js";
import { select } from "./controls.js";
import { forwardTerms, pooled, weightTerms } from "../core/window-terms.js";
import { sharp } from "../draw/canvas.js";
import * as icons from "./icons.js";

const MOST_SHOWN = 16;
const MOST_TERMS = 6;
const PLAY_MS = 1300;
const MAP = 150;

/** @typedef {{kind: "input" | "forward" | "loss" | "backward" | "update", layer: number}} Stage */

class PropagationPanel extends Panel {
  constructor() {
    super();
    this.stage = 0;
    this.unit = 0;
    this.from = 0;
    this.count = 1;
    this.example = 0;
    /** The number that is looked at in a picture: row, column, channel; null: the middle. */
    /** @type {number[] | null} */ this.place = null;
    /** The weight of a filter: row, column, input channel. */ this.tap = [0, 0, 0];
  }

  /** @param {boolean} [jump] */
  open(jump = true) {
    this.stage = 0;
    super.open(jump);
  }

  willUpdate() {
    const { session } = this;
    session.want(this, this.opened ? { propagation: { index: Math.max(0, session.example), count: this.count } } : null);
  }

  onFrame() {
    if (this.opened) this.requestUpdate();
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

  /** Inputs, every layer forward, the loss, every layer backward, the update. @returns {Stage[]} */
  get stages() {
    const n = this.about?.layers.length ?? 0;
    const layers = Array.from({ length: n }, (_, i) => i);
    return [
      { kind: "input", layer: -1 },
      ...layers.map((layer) => /** @type {Stage} */ ({ kind: "forward", layer })),
      { kind: "loss", layer: n - 1 },
      ...layers.reverse().map((layer) => /** @type {Stage} */ ({ kind: "backward", layer })),
      { kind: "update", layer: n - 1 },
    ];
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

  /** @param {number} by */
  step(by) {
    this.go(this.stage + by);
  }

  /** @param {number} stage */
  go(stage) {
    const last = this.stages.length - 1;
    this.stage = Math.max(0, Math.min(last, stage));
    if (this.stage === last) {
      this.rest();
      this.session.did("propagated");
    }
    this.requestUpdate();
  }

  play() {
    if (this.clock) this.rest();
    else {
      if (this.stage === this.stages.length - 1) this.stage = 0;
      this.every(PLAY_MS, () => this.step(1));
    }
    this.requestUpdate();
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

  /** Weights of a dense layer as (I, O); null for other layers. @param {any} layer @param {string} [kind] */
  kernel(layer, kind = "w") {
    if (layer.type !== "Dense") return null;
    return this.whole(`${layer.id}/${kind}/kernel`);
  }

  /** @param {Stage} stage */
  forward(stage) {
    const layer = this.about.layers[stage.layer];
    if (layer.shape.length === 3) return this.picture(stage);
    const z = this.row(`${layer.id}/z`);
    const a = this.row(`${layer.id}/a`) ?? [];
    const unit = Math.min(this.unit, a.length - 1);
    const w = this.kernel(layer);
    const bias = this.whole(`${layer.id}/w/bias`)?.data[unit] ?? 0;
    const x = this.given(stage.layer);
    return html`${this.table([this.cells(t("prop_in"), x), z && w ? this.cells("z", z, true) : nothing, this.cells("a", a, true)])}
      ${w && z ? html`<div class="derivation" dir="ltr">
        <p>z<sub>${unit + 1}</sub> = Σ<sub>i</sub> W<sub>i${unit + 1}</sub> x<sub>i</sub> + b<sub>${unit + 1}</sub> = ${this.sum(x.map((v, i) => [w.data[i * w.shape[1] + unit], v]), bias, "b")} = <b>${short(z[unit])}</b></p>
        <p>a<sub>${unit + 1}</sub> = g(z<sub>${unit + 1}</sub>) = ${layer.activation === "softmax" ? html`e<sup>${short(z[unit])}</sup> / Σ e<sup>z</sup>` : html`${layer.activation}(${short(z[unit])})`} = <b>${short(a[unit])}</b></p></div>`
        : html`<p class="hint">${t("prop_other", { type: layer.type, n: a.length })}</p>`}`;
  }

  loss() {
    const { about } = this;
    const last = about.layers[about.layers.length - 1];
    const a = this.row(`${last.id}/a`) ?? [];
    const target = this.row("target") ?? [];
    return html`${this.table([this.cells("ŷ", a), this.cells("y", target)])}
      <div class="derivation" dir="ltr"><p>${formulaOfLoss(about.loss, a, target)}</p>
      <p>J = ${about.count > 1 ? html`1/${about.count} Σ L = ` : "L = "}<b>${short(about.cost)}</b></p></div>`;
  }

  /** @param {Stage} stage */
  backward(stage) {
    const { about } = this;
    const layer = about.layers[stage.layer];
    if (layer.shape.length === 3) return this.picture(stage);
    const after = about.layers[stage.layer + 1];
    const da = this.row(`${layer.id}/da`);
    const dz = this.row(`${layer.id}/dz`);
    const a = this.row(`${layer.id}/a`) ?? [];
    const w = this.kernel(layer);
    const dw = this.kernel(layer, "dw");
    const x = this.given(stage.layer);
    const unit = Math.min(this.unit, a.length - 1);
    const from = Math.min(this.from, x.length - 1);
    const next = after && this.kernel(after);
    const nextDz = after && this.row(`${after.id}/dz`);
    const lines = [];
    if (da && next && nextDz) lines.push(html`<p>∂J/∂a<sub>${unit + 1}</sub> = Σ<sub>k</sub> W<sub>${unit + 1}k</sub> ∂J/∂z<sub>k</sub> = ${this.sum(nextDz.map((/** @type {number} */ d, /** @type {number} */ k) => [next.data[unit * next.shape[1] + k], d]), 0)} = <b>${short(da[unit])}</b></p>`);
    else if (da && !after) lines.push(html`<p>∂J/∂ŷ<sub>${unit + 1}</sub> = <b>${short(da[unit])}</b></p>`);
    if (layer.joined && dz) lines.push(html`<p>${t("prop_joined")}: ∂J/∂z<sub>${unit + 1}</sub> = (ŷ<sub>${unit + 1}</sub> − y<sub>${unit + 1}</sub>)${about.count > 1 ? html`/${about.count}` : nothing} = <b>${short(dz[unit])}</b></p>`);
    else if (da && dz && layer.activation !== "softmax") lines.push(html`<p>∂J/∂z<sub>${unit + 1}</sub> = ∂J/∂a<sub>${unit + 1}</sub> · g′(z<sub>${unit + 1}</sub>) = ${bracket(da[unit])}·${bracket(da[unit] ? dz[unit] / da[unit] : 0)} = <b>${short(dz[unit])}</b></p>`);
    if (dz && w && dw) {
      const value = dw.data[from * dw.shape[1] + unit];
      const name = html`W<sub>${from + 1},${unit + 1}</sub>`;
      lines.push(html`<p>∂J/∂${name} = ${about.count > 1 ? html`Σ<sub>batch</sub> ` : nothing}∂J/∂z<sub>${unit + 1}</sub> · x<sub>${from + 1}</sub>${about.penalised ? html` + 2 l2 ${name}` : nothing} = ${this.sum(this.batch(layer, stage.layer, unit, from), 0)}${about.penalised ? " + …" : ""} = <b data-gradient>${short(value)}</b></p>`);
      lines.push(html`<p>${t("prop_chain")}: ∂J/∂${name} = ∂J/∂a<sub>${unit + 1}</sub> · ∂a<sub>${unit + 1}</sub>/∂z<sub>${unit + 1}</sub> · ∂z<sub>${unit + 1}</sub>/∂${name}</p>`);
    }
    return html`${this.table([this.cells("∂J/∂a", da, true), this.cells("∂J/∂z", dz, true)])}
      ${w ? this.weightChooser(x.length) : nothing}
      ${lines.length ? html`<div class="derivation" dir="ltr">${lines}</div>` : html`<p class="hint">${t("prop_other_back", { type: layer.type })}</p>`}`;
  }

  /** (∂J/∂z, x) of every example of the batch. @param {any} layer @param {number} at @param {number} unit @param {number} from @returns {[number, number][]} */
  batch(layer, at, unit, from) {
    const dz = this.whole(`${layer.id}/dz`);
    const x = this.whole(at > 0 ? `${this.about.layers[at - 1].id}/a` : "input");
    if (!dz || !x) return [];
    const [n, m] = [dz.data.length / dz.shape[0], x.data.length / x.shape[0]];
    return Array.from({ length: dz.shape[0] }, (_, b) => [dz.data[b * n + unit], x.data[b * m + from]]);
  }

  /** @param {number} inputs */
  weightChooser(inputs) {
    const options = /** @type {[string, string][]} */ (Array.from({ length: Math.min(64, inputs) }, (_, i) => [String(i), `x${i + 1}`]));
    return html`<div class="row">${select({ name: "prop_from", label: t("prop_weight_from"), value: String(this.from), options, free: true, compact: true, change: (v) => { this.from = Number(v); this.requestUpdate(); } })}</div>`;
  }

  parameters() {
    const { about } = this;
    return html`<p class="hint">${about.plain ? html`<bdi dir="ltr">p ← p − α ∂J/∂p,  α = ${short(about.rate)}</bdi>` : t("prop_optimizer", { name: about.optimizer })}</p>
      <div class="scroll" tabindex="0" role="region" aria-label=${t("prop_update")}><table class="plain updates" dir="ltr"><thead><tr><th scope="col">p</th><th scope="col">p</th><th scope="col">∂J/∂p</th><th scope="col">p − α ∂J/∂p</th></tr></thead><tbody>
      ${about.layers.flatMap((/** @type {any} */ layer) => {
        const rows = [];
        for (const name of ["kernel", "bias"]) {
          const [w, dw, new_] = ["w", "dw", "new"].map((kind) => this.whole(`${layer.id}/${kind}/${name}`));
          if (!w || !dw || !new_) continue;
          for (let i = 0; i < Math.min(w.data.length, name === "kernel" ? 8 : 2); i++) {
            const place = name === "kernel" ? `W[${w.shape.length === 2 ? `${Math.floor(i / w.shape[1]) + 1},${(i % w.shape[1]) + 1}` : i + 1}]` : `b[${i + 1}]`;
            rows.push(html`<tr><th scope="row">${layer.id} ${place}</th><td>${short(w.data[i])}</td><td>${short(dw.data[i])}</td><td><b>${short(new_.data[i])}</b></td></tr>`);
          }
        }
        return rows;
      })}</tbody></table></div>`;
  }

  /** @param {unknown[]} rows */
  table(rows) {
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("prop_numbers")}><table class="plain numbers-table"><tbody>${rows}</tbody></table></div>`;
  }

  render() {
    if (!this.opened) return nothing;
    const { about, session } = this;
    const { stages } = this;
    const stage = stages[Math.min(this.stage, stages.length - 1)];
    const layer = about?.layers[stage.layer];
    const title = { input: t("prop_input"), forward: t("prop_forward", { layer: layer?.id ?? "" }), loss: t("prop_loss"), backward: t("prop_backward", { layer: layer?.id ?? "" }), update: t("prop_update") }[stage.kind];
    const bodies = { input: () => this.table([this.cells("x", this.row("input")), this.cells("y", this.row("target"))]), forward: () => this.forward(stage), loss: () => this.loss(), backward: () => this.backward(stage), update: () => this.parameters() };
    return html`<div class="card propagation"><header class="row"><h2>${t("propagation")}</h2>
        ${select({ name: "prop_count", label: t("prop_count"), value: String(this.count), options: [["1", "1"], ["2", "2"], ["4", "4"], ["8", "8"]], free: true, compact: true, change: (v) => { this.count = Number(v); this.example = 0; this.requestUpdate(); } })}
        ${this.count > 1 ? select({ name: "prop_example", label: t("example"), value: String(this.example), options: Array.from({ length: about?.count ?? 1 }, (_, i) => [String(i), String(i + 1)]), free: true, compact: true, change: (v) => { this.example = Number(v); this.requestUpdate(); } }) : nothing}
        <button type="button" data-control="prop_next_example" @click=${() => { session.example = Math.max(0, session.example) + this.count; session.emit("change"); }}>${t("prop_next_example")}</button>
        <button type="button" class="tool push" aria-label=${t("close")} data-control="propagation_close" @click=${this.close}>${icons.close}</button></header>
      <ol class="stages" dir="ltr">${stages.map((s, i) => html`<li class=${s.kind}><button type="button" aria-current=${i === this.stage ? "step" : "false"} @click=${() => this.go(i)} title=${s.kind}>${{ input: "x", forward: about?.layers[s.layer]?.id, loss: "J", backward: html`∂ ${about?.layers[s.layer]?.id}`, update: "p ←" }[s.kind]}</button></li>`)}</ol>
      <div class="row"><button type="button" data-control="prop_back" ?disabled=${this.stage === 0} @click=${() => this.step(-1)}>${t("prop_previous")}</button>
        <button type="button" class="primary" data-control="prop_next" ?disabled=${this.stage === stages.length - 1} @click=${() => this.step(1)}>${t("prop_next")}</button>
        <button type="button" data-control="prop_play" @click=${this.play}>${t(this.clock ? "pause" : "play")}</button><h3>${title}</h3></div>
      <p class="hint">${t(`prop_${stage.kind}_help`)}</p>
      ${about ? bodies[stage.kind]() : html`<div class="skeleton"></div>`}</div>`;
  }
}

/** @param {number} v */
const bracket = (v) => (v < 0 ? html`(${short(v)})` : short(v));

/** @param {number} share @param {import("../core/colors.js").Theme} which */
const swatch = (share, which) => html`<svg width="10" height="10" aria-hidden="true"><rect width="10" height="10" rx="3" fill=${signed(share, which)}></rect></svg>`;

/** L with its numbers. @param {string} loss @param {number[]} a @param {number[]} y */
function formulaOfLoss(loss, a, y) {
  const first = [short(a[0]), short(y[0])];
  switch (loss) {
    case "half_mse": return html`L = ½ (ŷ − y)² = ½ (${first[0]} − ${bracket(y[0])})²${a.length > 1 ? " + …" : ""}`;
    case "mse": return html`L = (ŷ − y)² = (${first[0]} − ${bracket(y[0])})²${a.length > 1 ? " + …" : ""}`;
    case "mae": return html`L = |ŷ − y| = |${first[0]} − ${bracket(y[0])}|`;
    case "binary_crossentropy": return html`L = −y ln ŷ − (1−y) ln(1−ŷ) = ${y[0] > 0.5 ? html`−ln ${first[0]}` : html`−ln(1 − ${first[0]})`}`;
    case "sparse_categorical_crossentropy":
    case "categorical_crossentropy": {
      const c = y.indexOf(Math.max(...y));
      return html`L = −ln ŷ<sub>c</sub> = −ln ${short(a[c])} (c = ${c})`;
    }
    default: return html`L: ${loss}`;
  }
}

customElements.define("d-propagation", PropagationPanel);
