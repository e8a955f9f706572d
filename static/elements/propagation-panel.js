/** Forward and back propagation of one example or a small batch, stage by stage, every number with where it comes from. */

import { html, nothing } from "lit";
import { short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { select } from "./controls.js";
import { PropagationNumbers, bracket } from "./propagation-numbers.js";
import * as icons from "./icons.js";

const PLAY_MS = 1300;

/** @typedef {import("./propagation-numbers.js").Stage} Stage */

class PropagationPanel extends PropagationNumbers {
  constructor() {
    super();
    this.stage = 0;
    this.from = 0;
    this.count = 1;
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
        : z ? html`<div class="derivation" dir="ltr"><p>a<sub>${unit + 1}</sub> = g(z<sub>${unit + 1}</sub>) = ${layer.activation}(${short(z[unit])}) = <b>${short(a[unit])}</b></p></div>`
        : ["Flatten", "Dropout"].includes(layer.type) ? html`<div class="derivation" dir="ltr"><p>a<sub>${unit + 1}</sub> = x<sub>${unit + 1}</sub> = <b>${short(a[unit])}</b></p></div>`
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
