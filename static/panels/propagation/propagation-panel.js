/** Forward and back propagation of one example or a small batch, stage by stage, every number with where it comes from. */

import { html, nothing } from "lit";
import { short } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { select } from "../../controls/controls.js";
import { PropagationNumbers } from "./propagation-numbers.js";
import { filled, letters, numbersOf, written } from "./terms.js";
import * as icons from "../../controls/icons.js";

const PLAY_MS = 1300;
const MOST_ROWS = 6;
/** The names of weights that learn. */
const WEIGHTS = ["kernel", "depthwise_kernel", "pointwise_kernel", "bias", "gamma", "beta"];
/** The letter of a weight in formulas. @param {string} name */
const letter = (name) => ({ bias: "b", gamma: "γ", beta: "β" })[name] ?? "W";

/** What chooses a number of a kernel along the axes that a unit leaves open, by how many axes the kernel has. */
const CHOOSERS = /** @type {Record<number, string[]>} */ ({
  2: ["prop_from"],
  4: ["prop_tap_row", "prop_tap_column", "prop_tap_channel"],
});
const LABELS = /** @type {Record<string, string>} */ ({ prop_from: "prop_weight_from" });
const UNITS = /** @type {Record<string, string>} */ ({
  prop_from: "x",
  prop_tap_row: "i = ",
  prop_tap_column: "j = ",
  prop_tap_channel: "c = ",
});

/** @typedef {import("./propagation-numbers.js").Layer} Layer */
/** @typedef {import("./terms.js").Terms} Terms */
/** @typedef {{layer: string, name: string, at: number}} Parameter a number of a weight */
/** @typedef {{stage: string, number: number, example: number, weight: string | null, place: number[]}} Pick the number whose terms the engine is asked for */
/** @typedef {{kind: "input" | "forward" | "loss" | "backward" | "update", layer: number}} Stage */

class PropagationPanel extends PropagationNumbers {
  constructor() {
    super();
    this.stage = 0;
    this.count = 1;
    /** The number of a kernel that is looked at: the input, or row, column and channel of a filter. */
    /** @type {Record<string, number>} */ this.along = {};
    /** The weight that is looked at, by name. */ this.parameter = "kernel";
    /** The parameter whose update is spelt out: its layer, name and place; null: the first. */
    /** @type {Parameter | null} */ this.updating = null;
    /** The weight last looked at on the way back. */
    /** @type {Parameter | null} */ this.looked = null;
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
      this.opened ? { propagation: { index: Math.max(0, session.example), count: this.count, ...this.pick } } : null,
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

  /** The stage that is shown. @returns {Stage} */
  get shown() {
    return this.stages[Math.min(this.stage, this.stages.length - 1)];
  }

  // -- what the engine is asked, and what it answers ------------------------------------------------------------------
  /** @returns {Pick | null} */
  get pick() {
    const { about, shown } = this;
    if (!about || shown.kind === "input") return null;
    if (shown.kind === "update") {
      const { chosen } = this.updates();
      return (
        chosen && { stage: chosen.layer, number: -1, example: 0, weight: chosen.name, place: this.placeOf(chosen) }
      );
    }
    /** @type {Layer} */ const layer = about.layers[shown.layer];
    const number = shown.kind === "loss" ? this.answer() : this.index(layer);
    const weight = shown.kind === "backward" ? this.weight(layer) : null;
    const place = weight?.endsWith("kernel") ? this.choosers(layer, weight).map((name) => this.along[name] ?? 0) : [];
    return { stage: layer.id, number, example: this.example, weight, place };
  }

  /** The engine's answer about the number that is looked at; null until it has come. @returns {Record<string, any> | null} */
  get told() {
    const { pick } = this;
    const told = this.about?.terms;
    const asked = told?.picked;
    const same =
      pick &&
      asked &&
      /** @type {(keyof Pick)[]} */ (Object.keys(pick)).every(
        (key) => JSON.stringify(pick[key]) === JSON.stringify(asked[key]),
      );
    return same ? told : null;
  }

  /** The weight that is looked at, of those that a layer has. @param {Layer} layer */
  weight(layer) {
    const names = WEIGHTS.filter((name) => layer.weights[name]);
    const kernel = this.parameter.endsWith("kernel");
    return names.find((n) => n === this.parameter || (kernel && n.endsWith("kernel"))) ?? names[0] ?? null;
  }

  /** @param {Layer} layer @param {string} weight */
  choosers(layer, weight) {
    return CHOOSERS[layer.weights[weight]?.length] ?? [];
  }

  /** Formula = numbers; … until they are here. @param {Terms | null | undefined} terms @param {Layer} [layer] */
  why(terms, layer) {
    return terms ? written(terms, layer ? this.sub(layer) : nothing) : "…";
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
    const { told } = this;
    const index = this.index(layer);
    const k = this.sub(layer);
    const [a, z] = ["a", "z"].map((kind) => this.row(`${layer.id}/${kind}`)?.[index]);
    const bends = layer.activation !== null && (layer.activation !== "linear" || layer.type === "Dense");
    const lines = [];
    if (layer.type !== "Activation")
      lines.push(
        html`<p>
          ${bends ? "z" : "a"}${k} = ${this.made(layer, told?.forward)} =
          <b>${short((bends ? z : a) ?? told?.forward.value)}</b>
        </p>`,
      );
    if (bends)
      lines.push(
        html`<p>a${k} = ${this.activated(layer, told?.activation)} = <b>${short(a ?? told?.activation?.value)}</b></p>`,
      );
    if (layer.shape.length === 3) return this.body(layer, [], lines, "a");
    const [from] = layer.inputs;
    const x = this.row(from === "input" ? from : `${from}/a`);
    return html`${this.table([this.cells(t("prop_in"), x), layer.activation && layer.type !== "Activation" ? this.cells("z", this.row(`${layer.id}/z`), layer) : nothing, this.cells("a", this.row(`${layer.id}/a`), layer)])}
      <div class="derivation" dir="ltr">${lines}</div>`;
  }

  /** What a number is made of; of branches that are added, which is which. @param {Layer} layer @param {Terms | undefined} terms */
  made(layer, terms) {
    if (terms?.kind !== "add") return this.why(terms, layer);
    return html`${layer.inputs.map((id, i) => html`${i ? " + " : ""}<span title=${id}>x<sub>${i + 1}</sub></span>`)} =
    ${numbersOf(terms)}`;
  }

  /** g(z) with its number. @param {Layer} layer @param {Terms | undefined} terms */
  activated(layer, terms) {
    if (layer.activation !== "softmax") return this.why(terms, layer);
    return html`g(z${this.sub(layer)}) = ${this.why(terms, layer)}`;
  }

  /** The output whose loss is shown: of classes the true one. */
  answer() {
    const { about } = this;
    /** @type {Layer} */ const last = about.layers[about.layers.length - 1];
    const index = this.index(last);
    const y = this.row("target");
    if (!y || !about.loss.name.endsWith("categorical_crossentropy")) return index;
    const wide = last.shape[last.shape.length - 1];
    const from = Math.floor(index / wide) * wide;
    const own = y.slice(from, from + wide);
    return from + own.indexOf(Math.max(...own));
  }

  loss() {
    const { about, told } = this;
    /** @type {Layer} */ const last = about.layers[about.layers.length - 1];
    const a = this.row(`${last.id}/a`) ?? [];
    const sub = a.length > 1 ? html`<sub>${this.answer() + 1}</sub>` : nothing;
    const terms = told?.loss;
    return html`${this.table([this.cells("ŷ", a, last.shape.length === 3 ? undefined : last), this.cells("y", this.row("target"))])}
      <div class="derivation" dir="ltr">
        <p>L${sub} = ${this.why(terms?.loss)} = <b>${short(terms?.loss.value)}</b></p>
        <p>J = ${terms?.over > 1 ? html`1/N Σ L = 1/${terms.over} Σ L = ` : nothing}<b>${short(about.cost)}</b></p>
      </div>`;
  }

  /** @param {Stage} stage */
  backward(stage) {
    const { about, told } = this;
    /** @type {Layer} */ const layer = about.layers[stage.layer];
    const index = this.index(layer);
    const k = this.sub(layer);
    const [da, dz] = ["da", "dz"].map((kind) => this.row(`${layer.id}/${kind}`)?.[index]);
    const left = about.left_out.some((/** @type {string} */ n) => n.startsWith(`${layer.id}/d`));
    if (da === undefined && dz === undefined && !left) return html`<p class="hint">${t("prop_no_slope")}</p>`;
    const lines = [];
    if (stage.layer === about.layers.length - 1) {
      lines.push(
        html`<p>
          ${layer.joined ? html`<span dir="auto">${t("prop_joined")}</span>: ` : nothing}∂J/∂${layer.joined ? "z" : "ŷ"}${k}
          = ${this.why(told?.loss?.slope)} = <b>${short((layer.joined ? dz : da) ?? told?.loss?.slope.value)}</b>
        </p>`,
      );
    } else lines.push(this.passedBack(layer, da));
    if (layer.activation && !layer.joined)
      lines.push(
        html`<p>
          ∂J/∂z${k} = ${this.why(told?.activation_slope, layer)} = <b>${short(dz ?? told?.activation_slope?.value)}</b>
        </p>`,
      );
    const weight = this.weightLines(layer);
    return html`${this.body(
      layer,
      [
        ["da", "∂J/∂a"],
        ["dz", "∂J/∂z"],
      ],
      [...lines, ...weight.lines],
      this.whole(`${layer.id}/dz`) ? "dz" : "da",
    )}${weight.choosers}`;
  }

  /** ∂J/∂a from the layers that read it. @param {Layer} layer @param {number | undefined} da */
  passedBack(layer, da) {
    /** @type {(Terms & {stage: string, count?: number})[]} */ const parts = this.told?.backward ?? [];
    const all = parts.reduce((total, part) => total + part.value, 0);
    const windows = parts.filter((part) => part.kind === "won").reduce((n, part) => n + (part.count ?? 0), 0);
    return html`<p>
        ∂J/∂a${this.sub(layer)} =
        ${
          parts.length
            ? html`${parts.map((part, i) => html`${i ? " + " : ""}<span class="reader">${letters(part.formula)} <small>${brief(part.stage)}</small></span>`)}
              = ${parts.map((part, i) => html`${i ? " + " : ""}${numbersOf(part)}`)}`
            : "…"
        }
        = <b>${short(da ?? (parts.length ? all : null))}</b>
      </p>
      ${parts.some((part) => part.kind === "won") ? html`<p dir="auto" class="hint">${t("prop_won", { n: windows })}</p>` : nothing}`;
  }

  /** The chosen weight's slope, and what chooses it. @param {Layer} layer @returns {{lines: unknown[], choosers: unknown}} */
  weightLines(layer) {
    const name = this.weight(layer);
    if (!name) return { lines: [], choosers: nothing };
    const { told } = this;
    const shape = layer.weights[name];
    const gradient = told?.gradient;
    /** @type {number[] | undefined} */ const place = told?.place;
    if (place) this.looked = { layer: layer.id, name, at: place.reduce((at, n, axis) => at * shape[axis] + n, 0) };
    const value = place && this.looked ? this.whole(`${layer.id}/dw/${name}`)?.data[this.looked.at] : undefined;
    const symbol = html`${letter(name)}${place ? html`<sub>${place.map((p) => p + 1).join(",")}</sub>` : nothing}`;
    const lines = [
      html`<p>∂J/∂${symbol} = ${this.why(gradient)} = <b data-gradient>${short(value ?? gradient?.value)}</b></p>`,
      layer.activation !== null
        ? html`<p>
            <span dir="auto">${t("prop_chain")}</span>: ∂J/∂${symbol} = ${gradient?.count > 1 ? "Σ " : ""}∂J/∂a · ∂a/∂z
            · ∂z/∂${symbol}
          </p>`
        : nothing,
    ];
    return { lines, choosers: this.weightChoosers(layer, name) };
  }

  /** @param {Layer} layer @param {string} weight */
  weightChoosers(layer, weight) {
    const names = WEIGHTS.filter((name) => layer.weights[name]);
    const terms = this.about.terms;
    /** @type {(number | null)[]} */ const open = (terms?.picked.stage === layer.id && terms.open?.[weight]) || [];
    const axes = open.map((fixed, axis) => (fixed === null ? axis : -1)).filter((axis) => axis >= 0);
    const set = (/** @type {() => void} */ change) => {
      change();
      this.updating = null;
      this.requestUpdate();
    };
    const names_ = /** @type {[string, string][]} */ (names.map((n) => [n, letter(n)]));
    return html`<div class="row">
      ${
        names.length > 1
          ? select({
              name: "prop_parameter",
              label: t("prop_parameter"),
              value: weight,
              options: names_,
              free: true,
              compact: true,
              change: (v) => set(() => (this.parameter = v)),
            })
          : nothing
      }
      ${axes.map((axis, i) => {
        const name = this.choosers(layer, weight)[i];
        const size = layer.weights[weight][axis];
        return select({
          name,
          label: t(LABELS[name] ?? name),
          value: String(Math.min(this.along[name] ?? 0, size - 1)),
          options: Array.from({ length: size }, (_, n) => [String(n), `${UNITS[name]}${n + 1}`]),
          free: true,
          compact: true,
          change: (v) => set(() => (this.along[name] = Number(v))),
        });
      })}
    </div>`;
  }

  /** The parameters whose update is listed, and the one whose update is spelt out. */
  updates() {
    /** @type {Parameter[]} */ const rows = this.about.layers.flatMap((/** @type {Layer} */ layer) =>
      WEIGHTS.flatMap((name) => {
        const found = this.whole(`${layer.id}/new/${name}`);
        const most = Math.min(found?.data.length ?? 0, name.endsWith("kernel") ? MOST_ROWS : 2);
        return Array.from({ length: most }, (_, at) => ({ layer: layer.id, name, at }));
      }),
    );
    const there = (/** @type {Parameter | null} */ row) =>
      row && row.at < (this.whole(`${row.layer}/new/${row.name}`)?.data.length ?? 0) ? row : null;
    const chosen = there(this.updating) ?? there(this.looked) ?? rows[0] ?? null;
    if (chosen && !rows.some((row) => alike(row, chosen))) rows.unshift(chosen);
    return { rows, chosen };
  }

  parameters() {
    const { about, told } = this;
    const { rows, chosen } = this.updates();
    if (!chosen) return html`<p class="hint">${t("prop_nothing_learns")}</p>`;
    /** @type {import("./terms.js").Formula[]} */ const steps = told?.update ?? [];
    const value = (/** @type {any} */ row, /** @type {string} */ kind) =>
      this.whole(`${row.layer}/${kind}/${row.name}`)?.data[row.at] ?? Number.NaN;
    return html`<div class="derivation" dir="ltr">
        <p class="hint">${this.called(chosen)}, g = ∂J/∂p, α = ${short(about.rate)}</p>
        ${steps.map((line) => html`<p>${line.name} ← ${letters(line.formula)} = ${filled(line)} = <b>${short(line.value)}</b></p>`)}
        ${steps.length ? nothing : html`<p>p ← … = <b>${short(value(chosen, "new"))}</b></p>`}
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
                html`<tr aria-current=${alike(row, chosen) ? "true" : "false"}>
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

  /** Where a parameter is in its weight. @param {Parameter} row */
  placeOf(row) {
    const shape = this.whole(`${row.layer}/w/${row.name}`)?.shape ?? [1];
    const place = [];
    for (let axis = shape.length - 1, left = row.at; axis >= 0; axis--) {
      place.unshift(left % shape[axis]);
      left = Math.floor(left / shape[axis]);
    }
    return place;
  }

  /** A parameter's name. @param {Parameter} row */
  called(row) {
    const place = this.placeOf(row).map((n) => n + 1);
    return `${brief(row.layer)} ${letter(row.name)}[${place.join(",")}]`;
  }

  render() {
    if (!this.opened) return nothing;
    const { about, session } = this;
    const { stages, shown: stage } = this;
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
            session.example = Math.max(0, session.example) + this.count;
            session.emit("change");
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

/** @param {Parameter} a @param {Parameter} b */
const alike = (a, b) => a.layer === b.layer && a.name === b.name && a.at === b.at;

customElements.define("d-propagation", PropagationPanel);
