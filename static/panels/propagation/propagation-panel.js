/** Forward and back propagation of one example or a small batch, stage by stage, every number with its origin. */

import { html, nothing } from "lit";
import { t } from "../../core/i18n.js";
import { select, closeButton } from "../../controls/controls.js";
import { PropagationNumbers } from "./propagation-numbers.js";
import { alike, backward, brief, forward, letter, loss, parameters, WEIGHTS } from "./propagation-stages.js";
import { written } from "./terms.js";

/** @import {About} from "../../types/page.d.ts" */

const PLAY_MS = 1300;
const MOST_ROWS = 6;
/** What chooses a number of a kernel along the axes that a unit leaves open, by how many axes the kernel has. */
const CHOOSERS = /** @type {Record<number, string[]>} */ ({
  2: ["prop_from"],
  4: ["prop_tap_row", "prop_tap_column", "prop_tap_channel"],
});
/**
 * The number whose terms the engine is asked for.
 * @typedef {{stage: string, number: number, example: number, weight: string | null, place: number[]}} Pick
 */
/** @typedef {import("./propagation-stages.js").Stage} Stage */
/** @typedef {import("./propagation-stages.js").Parameter} Parameter */
/** @typedef {import("../../types/page.d.ts").StageRow} Layer */
/** @typedef {import("../../types/page.d.ts").Terms} Terms */

export class PropagationPanel extends PropagationNumbers {
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

  updated() {
    super.updated();
    const chooser = /** @type {HTMLSelectElement | null} */ (this.querySelector("[data-control=prop_parameter]"));
    // Of another layer's weights the select had no such option yet when its value was set.
    if (chooser && chooser.selectedIndex < 0) chooser.value = this.pick?.weight ?? "";
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

  /**
   * The engine's answer about the number that is looked at; null until it has come.
   * @returns {About<"propagation">["terms"]}
   */
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

  /** On the way back, the parameter that the engine has answered about. @returns {Parameter | null} */
  look() {
    const { about, shown, told } = this;
    if (!about || shown.kind !== "backward" || !told?.place) return null;
    /** @type {Layer} */ const layer = about.layers[shown.layer];
    const name = this.weight(layer);
    if (!name) return null;
    const shape = layer.weights[name];
    return { layer: layer.id, name, at: told.place.reduce((at, n, axis) => at * shape[axis] + n, 0) };
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
    this.looked = this.look() ?? this.looked;
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

  /** Of a vector, which number. @param {Layer} layer */
  sub(layer) {
    return layer.shape.length === 3 ? nothing : html`<sub>${this.index(layer) + 1}</sub>`;
  }

  /** The output whose loss is shown: of classes the true one. */
  answer() {
    const { come: about } = this;
    /** @type {Layer} */ const last = about.layers[about.layers.length - 1];
    const index = this.index(last);
    const y = this.row("target");
    if (!y || !String(about.loss.name).endsWith("categorical_crossentropy")) return index;
    const wide = last.shape[last.shape.length - 1];
    const from = Math.floor(index / wide) * wide;
    const own = y.slice(from, from + wide);
    return from + own.indexOf(Math.max(...own));
  }

  /** The parameters whose update is listed, and the one whose update is spelt out. */
  updates() {
    /** @type {Parameter[]} */ const rows = this.come.layers.flatMap((/** @type {Layer} */ layer) =>
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

  /** A stage in the row of all. @param {Stage} stage @param {number} i */
  stageButton(stage, i) {
    const id = this.about?.layers[stage.layer]?.id;
    const sign = { input: "x", forward: brief(id), loss: "J", backward: html`∂ ${brief(id)}`, update: "p ←" }[
      stage.kind
    ];
    const current = i === this.stage ? "step" : "false";
    return html`<li class=${stage.kind}>
      <button type="button" aria-current=${current} @click=${() => this.go(i)} title=${id ?? stage.kind}>
        ${sign}
      </button>
    </li>`;
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
      input: () => this.table([this.cells("x", "input"), this.cells("y", "target")]),
      forward: () => forward(this, stage),
      loss: () => loss(this),
      backward: () => backward(this, stage),
      update: () => parameters(this),
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
            session.look(Math.max(0, session.example) + this.count, "train");
          }}
        >
          ${t("prop_next_example")}
        </button>
        ${closeButton(() => this.close(), "propagation_close")}
      </header>
      <ol class="stages" dir="ltr">
        ${stages.map((s, i) => this.stageButton(s, i))}
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

customElements.define("d-propagation", PropagationPanel);
