/** Forward and back propagation of one example or a small batch, stage by stage, every number with where it comes from. */

import { html, nothing } from "lit";
import { flat } from "./derivation.js";
import { factor, short } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { averaged, lossStep } from "./loss-steps.js";
import { updateSteps } from "./update-steps.js";
import { select } from "../../controls/controls.js";
import { PropagationNumbers, sum } from "./propagation-numbers.js";
import * as icons from "../../controls/icons.js";

const PLAY_MS = 1300;
const MOST_ROWS = 6;
const MOST_VALUES = 12;
/** The names of weights that learn. */
const WEIGHTS = ["kernel", "depthwise_kernel", "pointwise_kernel", "bias", "gamma", "beta"];
/** The letter of a weight in formulas. @param {string} name */
const letter = (name) => ({ bias: "b", gamma: "γ", beta: "β" })[name] ?? "W";

/** @typedef {import("./derivation.js").Stage} Layer */
/** @typedef {{kind: "input" | "forward" | "loss" | "backward" | "update", layer: number}} Stage */

class PropagationPanel extends PropagationNumbers {
  constructor() {
    super();
    this.stage = 0;
    this.count = 1;
    /** The input whose weight is looked at. */ this.from = 0;
    /** The weight of a filter: row, column, input channel. */ this.tap = [0, 0, 0];
    /** The weight that is looked at, by name. */ this.parameter = "kernel";
    /** The parameter whose update is spelt out: its layer, name and place; null: the first. */
    /** @type {{layer: string, name: string, at: number} | null} */ this.updating = null;
    /** The weight last looked at on the way back. */
    /** @type {{layer: string, name: string, at: number} | null} */ this.looked = null;
  }

  /** @param {boolean} [jump] */
  open(jump = true) {
    this.stage = 0;
    super.open(jump);
  }

  willUpdate() {
    const { session } = this;
    session.want(
      this,
      this.opened ? { propagation: { index: Math.max(0, session.example), count: this.count } } : null,
    );
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
    this.updateComplete.then(() => {
      const [list, chip] = [".stages", ".stages [aria-current=step]"].map(
        (selector) => /** @type {HTMLElement | null} */ (this.querySelector(selector)),
      );
      if (!list || !chip) return;
      const [outer, inner] = [list, chip].map((element) => element.getBoundingClientRect());
      list.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
    });
  }

  play() {
    if (this.clock) this.rest();
    else {
      if (this.stage === this.stages.length - 1) this.stage = 0;
      this.every(PLAY_MS, () => this.step(1));
    }
    this.requestUpdate();
  }

  /** Cells or a picture, and beside it the lines. @param {Layer} layer @param {[string, string][]} kinds arrays and their names @param {unknown[]} lines @param {string} shown the array that a picture shows */
  body(layer, kinds, lines, shown) {
    const derivation = html`<div class="derivation" dir="ltr">${lines}</div>`;
    if (layer.shape.length === 3)
      return html`<div class="surface-body">
        ${this.whole(`${layer.id}/${shown}`) ? this.map(layer, shown) : nothing}${derivation}
      </div>`;
    return html`${this.table(kinds.map(([kind, name]) => this.cells(name, this.row(`${layer.id}/${kind}`), layer)))}${derivation}`;
  }

  /** Of a vector, which number. @param {Layer} layer */
  sub(layer) {
    return layer.shape.length === 3 ? nothing : html`<sub>${this.index(layer) + 1}</sub>`;
  }

  // -- the stages -----------------------------------------------------------------------------------------------------
  /** @param {Stage} stage */
  forward(stage) {
    /** @type {Layer} */ const layer = this.about.layers[stage.layer];
    const { derivation } = this;
    const index = this.index(layer);
    const k = this.sub(layer);
    const found = derivation.forward(layer, index, this.example);
    const [a, z] = ["a", "z"].map((kind) => this.row(`${layer.id}/${kind}`)?.[index]);
    const bends =
      layer.activation !== null && z !== undefined && (layer.activation !== "linear" || layer.type === "Dense");
    const lines = [];
    if (!found) lines.push(html`<p dir="auto" class="hint">${t("prop_left_out")}</p>`);
    else if (layer.type !== "Activation")
      lines.push(
        html`<p>${bends ? "z" : "a"}${k} = ${this.formula(layer, found, index)} = <b>${short(bends ? z : a)}</b></p>`,
      );
    if (bends)
      lines.push(
        html`<p>
          a${k} = g(z${k}) =
          ${layer.activation === "softmax" ? html`e<sup>${short(z)}</sup> / Σ e<sup>z</sup>` : html`${layer.activation}(${short(z)})`}
          = <b>${short(a)}</b>
        </p>`,
      );
    const x = derivation.given(layer, this.example);
    if (layer.shape.length === 3) return this.body(layer, [], lines, "a");
    return html`${this.table([this.cells(t("prop_in"), x), layer.activation && layer.type !== "Activation" ? this.cells("z", this.row(`${layer.id}/z`), layer) : nothing, this.cells("a", this.row(`${layer.id}/a`), layer)])}
      <div class="derivation" dir="ltr">${lines}</div>`;
  }

  /** What a number is made of. @param {Layer} layer @param {import("./derivation.js").Sum} found @param {number} index */
  formula(layer, found, index) {
    const { kind, terms, rest } = found;
    const k = this.sub(layer);
    const values =
      terms
        .slice(0, MOST_VALUES)
        .map(([, v]) => short(v))
        .join(", ") + (terms.length > MOST_VALUES ? ", …" : "");
    switch (kind) {
      case "products": {
        const bias = this.whole(`${layer.id}/w/bias`);
        return html`Σ<sub>i</sub> W<sub>i</sub> x<sub>i</sub>${bias ? html` + b${k}` : nothing} =
          ${sum(terms)}${bias ? html` + ${factor(rest)}` : nothing}`;
      }
      case "max":
        return html`max(${values})`;
      case "mean":
        return html`1/${terms.length} Σ x = 1/${terms.length} (${sum(terms, true)})`;
      case "add":
        return html`${layer.inputs.map((id, i) => html`${i ? " + " : ""}<span title=${id}>x<sub>${i + 1}</sub></span>`)}
        = ${sum(terms, true)}`;
      case "normalise": {
        const { gamma, mean, deviation, beta } = this.derivation.normal(layer, index);
        const x = this.derivation.given(layer, this.example)?.[index] ?? 0;
        return html`γ (x − μ) / √(σ² + ε) + β = ${factor(gamma)}·(${short(x)} − ${factor(mean)}) / ${short(deviation)} +
        ${factor(beta)}`;
      }
      case "leaky": {
        const [slope, x] = terms[0];
        if (slope === 1) return html`x`;
        if (!slope) return html`${short(rest)}`;
        return rest
          ? html`${short(slope)} (x − ${short(layer.threshold ?? 0)}) = ${short(slope)} (${short(x)} −
            ${short(layer.threshold ?? 0)})`
          : html`${short(slope)} x = ${sum(terms)}`;
      }
      case "padding":
        return html`<span dir="auto">${t("prop_padding")}</span>`;
      default:
        return html`x`;
    }
  }

  /** The last layer's answer, what it should have been, and the loss between them. */
  end() {
    const { about } = this;
    /** @type {Layer} */ const last = about.layers[about.layers.length - 1];
    const y = this.row("target") ?? [];
    const a = this.row(`${last.id}/a`) ?? [];
    const wide = last.shape[last.shape.length - 1];
    let index = this.index(last);
    if (about.loss.name.endsWith("categorical_crossentropy")) {
      const from = Math.floor(index / wide) * wide;
      const own = y.slice(from, from + wide);
      index = from + own.indexOf(Math.max(...own));
    }
    const over = averaged(about.loss.name, a.length, about.count, wide);
    const at = (/** @type {number} */ i) =>
      lossStep(
        about.loss,
        last.joined,
        a[i],
        y[i],
        this.row(`${last.id}/z`)?.[i] ?? a[i],
        over,
        a.slice(Math.floor(i / wide) * wide, Math.floor(i / wide + 1) * wide),
      );
    return { last, a, y, index, over, at };
  }

  loss() {
    const { last, a, y, index, over, at } = this.end();
    const step = at(index);
    const sub = a.length > 1 ? html`<sub>${index + 1}</sub>` : nothing;
    return html`${this.table([this.cells("ŷ", a, last.shape.length === 3 ? undefined : last), this.cells("y", y)])}
      <div class="derivation" dir="ltr">
        ${step ? html`<p>L${sub} = ${step.formula} = ${step.numbers} = <b>${short(step.value)}</b></p>` : html`<p dir="auto" class="hint">${t("prop_many_terms")}</p>`}
        <p>J = ${step && over > 1 ? html`1/N Σ L = 1/${over} Σ L = ` : nothing}<b>${short(this.about.cost)}</b></p>
      </div>`;
  }

  /** @param {Stage} stage */
  backward(stage) {
    const { about, derivation } = this;
    /** @type {Layer} */ const layer = about.layers[stage.layer];
    const index = this.index(layer);
    const k = this.sub(layer);
    const [das, dzs] = ["da", "dz"].map((kind) => this.row(`${layer.id}/${kind}`));
    const [da, dz] = [das?.[index], dzs?.[index]];
    const lines = [];
    if (da === undefined && dz === undefined)
      return html`<p class="hint">
        ${t(about.left_out.some((/** @type {string} */ n) => n.startsWith(`${layer.id}/d`)) ? "prop_left_out" : "prop_no_slope")}
      </p>`;
    if (stage.layer === about.layers.length - 1) {
      const step = this.end().at(index);
      const name = layer.joined ? html`∂J/∂z${k}` : html`∂J/∂ŷ${k}`;
      const value = layer.joined ? dz : da;
      lines.push(
        step
          ? html`<p>
              ${layer.joined ? html`<span dir="auto">${t("prop_joined")}</span>: ` : nothing}${name} = ${step.slope} =
              ${step.slopeNumbers} = <b>${short(value)}</b>
            </p>`
          : html`<p>${name} = <b>${short(value)}</b></p>`,
      );
    } else if (da !== undefined) lines.push(this.passedBack(layer, index, da));
    if (da !== undefined && dz !== undefined && layer.activation)
      lines.push(this.throughActivation(layer, index, das ?? [], dz));
    const weight = this.weightLines(layer, index);
    return html`${this.body(
      layer,
      [
        ["da", "∂J/∂a"],
        ["dz", "∂J/∂z"],
      ],
      [...lines, ...weight.lines],
      dz !== undefined ? "dz" : "da",
    )}${weight.choosers}`;
  }

  /** ∂J/∂a from the stages that read it. @param {Layer} layer @param {number} index @param {number} da */
  passedBack(layer, index, da) {
    const parts = this.derivation.slopes(layer, index, this.example);
    const k = this.sub(layer);
    if (!parts)
      return html`<p>∂J/∂a${k} = <b>${short(da)}</b> <span dir="auto" class="hint">${t("prop_left_out")}</span></p>`;
    const formulas = {
      weights: "Σ W · ∂J/∂z",
      won: "Σ ∂J/∂a",
      share: "Σ 1/n · ∂J/∂a",
      scale: "γ/√(σ² + ε) · ∂J/∂a",
      slope: "g′ · ∂J/∂a",
      passed: "∂J/∂a",
    };
    return html`<p>
        ∂J/∂a${k} =
        ${parts.map((part, i) => html`${i ? " + " : ""}<span class="reader">${formulas[part.kind]} <small>${brief(part.id)}</small></span>`)}
        =
        ${parts.map((part, i) => html`${i ? " + " : ""}${sum(part.terms, part.kind === "won" || part.kind === "passed")}`)}
        = <b>${short(da)}</b>
      </p>
      ${parts.some((part) => part.kind === "won") ? html`<p dir="auto" class="hint">${t("prop_won", { n: parts.reduce((n, part) => n + (part.kind === "won" ? part.terms.length : 0), 0) })}</p>` : nothing}`;
  }

  /** ∂J/∂z = ∂J/∂a · g′(z). @param {Layer} layer @param {number} index @param {number[]} da @param {number} dz */
  throughActivation(layer, index, da, dz) {
    const k = this.sub(layer);
    if (layer.activation === "softmax") {
      const wide = layer.shape[layer.shape.length - 1];
      const from = Math.floor(index / wide) * wide;
      const a = this.row(`${layer.id}/a`) ?? [];
      /** @type {[number, number][]} */ const terms = Array.from({ length: wide }, (_, j) => [
        da[from + j],
        a[from + j] * (Number(from + j === index) - a[index]),
      ]);
      return html`<p>
        ∂J/∂z${k} = Σ<sub>j</sub> ∂J/∂a<sub>j</sub> · ∂a<sub>j</sub>/∂z${k} = ${sum(terms)} = <b>${short(dz)}</b>
      </p>`;
    }
    return html`<p>
      ∂J/∂z${k} = ∂J/∂a${k} · g′(z${k}) = ${factor(da[index])}·${factor(da[index] ? dz / da[index] : 0)} =
      <b>${short(dz)}</b>
    </p>`;
  }

  /** The chosen weight's slope, and what chooses it. @param {Layer} layer @param {number} index @returns {{lines: unknown[], choosers: unknown}} */
  weightLines(layer, index) {
    const names = WEIGHTS.filter((name) => this.whole(`${layer.id}/dw/${name}`));
    if (!names.length) return { lines: [], choosers: nothing };
    const name =
      names.find((n) => n === this.parameter || (this.parameter === "kernel" && n.endsWith("kernel"))) ?? names[0];
    const { shape, data } = this.whole(`${layer.id}/dw/${name}`) ?? { shape: [], data: [] };
    const channel = index % layer.shape[layer.shape.length - 1];
    const each = shape[shape.length - 1];
    const tap = this.tap.map((v, axis) => Math.min(v, shape[axis] - 1));
    const place = !name.endsWith("kernel")
      ? [channel]
      : layer.type === "Dense"
        ? [Math.min(this.from, shape[0] - 1), index]
        : layer.type === "Conv2D"
          ? [...tap, channel]
          : [tap[0], tap[1], Math.floor(channel / each), channel % each];
    const at = flat(shape, place);
    const found = this.derivation.gradient(layer, name, place);
    const symbol = html`${letter(name)}<sub>${place.map((p) => p + 1).join(",")}</sub>`;
    const inner = layer.activation !== null ? "z" : "a";
    const times = { bias: nothing, gamma: " · (x − μ)/√(σ² + ε)", beta: nothing }[name] ?? " · x";
    const plain = name === "bias" || name === "beta";
    const swapped = /** @type {[number, number][]} */ (found?.terms.map(([d, x]) => (plain ? [1, d] : [d, x])) ?? []);
    const penalty = layer.penalties[name];
    const lines = !found
      ? [html`<p dir="auto" class="hint">${t("prop_left_out")}</p>`]
      : [
          html`<p>
            ∂J/∂${symbol} =
            ${swapped.length > 1 ? html`Σ ` : nothing}∂J/∂${inner}${times}${penalty ? html` + ${penaltyOf(penalty)}` : nothing}
            = ${sum(swapped, plain)}${penalty ? html` + ${factor(found.rest)}` : nothing} =
            <b data-gradient>${short(data[at])}</b>
          </p>`,
          layer.activation !== null
            ? html`<p>
                <span dir="auto">${t("prop_chain")}</span>: ∂J/∂${symbol} = ${swapped.length > 1 ? "Σ " : ""}∂J/∂a ·
                ∂a/∂z · ∂z/∂${symbol}
              </p>`
            : nothing,
        ];
    const set = (/** @type {() => void} */ change) => {
      change();
      this.updating = null;
      this.requestUpdate();
    };
    const many = (/** @type {number} */ n, /** @type {string} */ letterOf) =>
      /** @type {[string, string][]} */ (Array.from({ length: n }, (_, i) => [String(i), `${letterOf}${i + 1}`]));
    const choosers = html`<div class="row">
      ${
        names.length > 1
          ? select({
              name: "prop_parameter",
              label: t("prop_parameter"),
              value: name,
              options: names.map((n) => /** @type {[string, string]} */ ([n, letter(n)])),
              free: true,
              compact: true,
              change: (v) =>
                set(() => {
                  this.parameter = v;
                }),
            })
          : nothing
      }
      ${
        !name.endsWith("kernel")
          ? nothing
          : layer.type === "Dense"
            ? select({
                name: "prop_from",
                label: t("prop_weight_from"),
                value: String(place[0]),
                options: many(shape[0], "x"),
                free: true,
                compact: true,
                change: (v) =>
                  set(() => {
                    this.from = Number(v);
                  }),
              })
            : ["prop_tap_row", "prop_tap_column", "prop_tap_channel"]
                .slice(0, layer.type === "Conv2D" ? 3 : 2)
                .map((control, axis) =>
                  select({
                    name: control,
                    label: t(control),
                    value: String(tap[axis]),
                    options: many(shape[axis], `${["i", "j", "c"][axis]} = `),
                    free: true,
                    compact: true,
                    change: (v) =>
                      set(() => {
                        this.tap = this.tap.map((old, n) => (n === axis ? Number(v) : old));
                      }),
                  }),
                )
      }
    </div>`;
    this.looked = { layer: layer.id, name, at };
    return { lines, choosers };
  }

  parameters() {
    const { about } = this;
    const rows = about.layers.flatMap((/** @type {Layer} */ layer) =>
      WEIGHTS.flatMap((name) => {
        const found = this.whole(`${layer.id}/new/${name}`);
        const most = Math.min(found?.data.length ?? 0, name.endsWith("kernel") ? MOST_ROWS : 2);
        return Array.from({ length: most }, (_, at) => ({ layer: layer.id, name, at }));
      }),
    );
    const chosen = this.updating ?? this.looked ?? rows[0];
    if (!chosen) return html`<p class="hint">${t("prop_nothing_learns")}</p>`;
    const same = (/** @type {any} */ row) =>
      row.layer === chosen.layer && row.name === chosen.name && row.at === chosen.at;
    if (!rows.some(same) && this.whole(`${chosen.layer}/new/${chosen.name}`)) rows.unshift(chosen);
    const value = (/** @type {any} */ row, /** @type {string} */ kind) =>
      this.whole(`${row.layer}/${kind}/${row.name}`)?.data[row.at] ?? Number.NaN;
    const steps = updateSteps(about.optimizer, about, value(chosen, "w"), value(chosen, "dw"), (slot) =>
      value(chosen, slot),
    );
    return html`<div class="derivation" dir="ltr">
        <p class="hint">${this.called(chosen)}, g = ∂J/∂p, α = ${short(about.rate)}</p>
        ${steps.map((line) => html`<p>${line.name} ← ${line.formula} = ${line.numbers} = <b>${short(line.value)}</b></p>`)}
      </div>
      <div class="scroll updates-list" tabindex="0" role="region" aria-label=${t("prop_update")}>
        <table class="plain updates" dir="ltr">
          <thead>
            <tr>
              <th scope="col">p</th>
              <th scope="col">${t("prop_before")}</th>
              <th scope="col">∂J/∂p</th>
              <th scope="col">${t("prop_after")}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (/** @type {any} */ row) =>
                html`<tr aria-current=${same(row) ? "true" : "false"}>
                  <th scope="row">
                    <button
                      type="button"
                      class="linklike"
                      @click=${() => {
                        this.updating = row;
                        this.requestUpdate();
                      }}
                    >
                      ${this.called(row)}
                    </button>
                  </th>
                  <td>${short(value(row, "w"))}</td>
                  <td>${short(value(row, "dw"))}</td>
                  <td><b>${short(value(row, "new"))}</b></td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`;
  }

  /** A parameter's name. @param {{layer: string, name: string, at: number}} row */
  called(row) {
    const shape = this.whole(`${row.layer}/w/${row.name}`)?.shape ?? [1];
    const place = [];
    for (let axis = shape.length - 1, left = row.at; axis >= 0; axis--) {
      place.unshift((left % shape[axis]) + 1);
      left = Math.floor(left / shape[axis]);
    }
    return `${brief(row.layer)} ${letter(row.name)}[${place.join(",")}]`;
  }

  render() {
    if (!this.opened) return nothing;
    const { about, session } = this;
    const { stages } = this;
    const stage = stages[Math.min(this.stage, stages.length - 1)];
    const layer = about?.layers[stage.layer];
    const title = {
      input: t("prop_input"),
      forward: t("prop_forward", { layer: layer?.id ?? "" }),
      loss: t("prop_loss"),
      backward: t("prop_backward", { layer: layer?.id ?? "" }),
      update: t("prop_update"),
    }[stage.kind];
    const bodies = {
      input: () => this.table([this.cells("x", this.row("input")), this.cells("y", this.row("target"))]),
      forward: () => this.forward(stage),
      loss: () => this.loss(),
      backward: () => this.backward(stage),
      update: () => this.parameters(),
    };
    return html`<div class="card propagation">
      <header class="row">
        <h2>${t("propagation")}</h2>
        ${select({
          name: "prop_count",
          label: t("prop_count"),
          value: String(this.count),
          options: [
            ["1", "1"],
            ["2", "2"],
            ["4", "4"],
            ["8", "8"],
          ],
          free: true,
          compact: true,
          change: (v) => {
            this.count = Number(v);
            this.example = 0;
            this.requestUpdate();
          },
        })}
        ${
          this.count > 1
            ? select({
                name: "prop_example",
                label: t("example"),
                value: String(this.example),
                options: Array.from({ length: about?.count ?? 1 }, (_, i) => [String(i), String(i + 1)]),
                free: true,
                compact: true,
                change: (v) => {
                  this.example = Number(v);
                  this.requestUpdate();
                },
              })
            : nothing
        }
        <button
          type="button"
          data-control="prop_next_example"
          @click=${() => {
            session.look(Math.max(0, session.example) + this.count);
          }}
        >
          ${t("prop_next_example")}
        </button>
        <button
          type="button"
          class="tool push"
          aria-label=${t("close")}
          data-control="propagation_close"
          @click=${this.close}
        >
          ${icons.close}
        </button>
      </header>
      <ol class="stages" dir="ltr">
        ${stages.map((s, i) => html`<li class=${s.kind}><button type="button" aria-current=${i === this.stage ? "step" : "false"} @click=${() => this.go(i)} title=${about?.layers[s.layer]?.id ?? s.kind}>${{ input: "x", forward: brief(about?.layers[s.layer]?.id), loss: "J", backward: html`∂ ${brief(about?.layers[s.layer]?.id)}`, update: "p ←" }[s.kind]}</button></li>`)}
      </ol>
      <div class="row">
        <button type="button" data-control="prop_back" ?disabled=${this.stage === 0} @click=${() => this.step(-1)}>
          ${t("prop_previous")}
        </button>
        <button
          type="button"
          class="primary"
          data-control="prop_next"
          ?disabled=${this.stage === stages.length - 1}
          @click=${() => this.step(1)}
        >
          ${t("prop_next")}
        </button>
        <button type="button" data-control="prop_play" @click=${this.play}>${t(this.clock ? "pause" : "play")}</button>
        <h3>${title}</h3>
      </div>
      <p class="hint">${t(`prop_${stage.kind}_help`)}</p>
      ${about ? bodies[stage.kind]() : html`<div class="skeleton"></div>`}
    </div>`;
  }
}

/** A stage's name without the ways through its block: b1/conv2d for b1/residual/conv2d. @param {string} [id] */
const brief = (id = "") => id.replace(/\/.*\//, "/");

/** The penalty's part of a slope. @param {[number, number]} penalty l1, l2 */
const penaltyOf = ([l1, l2]) => [l2 ? "2·l2·w" : "", l1 ? "l1·sign(w)" : ""].filter(Boolean).join(" + ");

customElements.define("d-propagation", PropagationPanel);
