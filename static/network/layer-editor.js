/** Everything about one layer: kind, arguments, place, dropout, penalties; what cannot be is said in place. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { json } from "../core/api.js";
import { t } from "../core/i18n.js";
import { copied } from "../core/powers.js";
import { closeButton, word } from "../controls/controls.js";
import { Typing } from "../controls/typing.js";

/** @import {Argument, Layer, Report} from "../types/page.d.ts" */

/** Arguments with their own place in the form. */
const ELSEWHERE = new Set(["kernel_regularizer", "bias_regularizer", "depthwise_regularizer", "pointwise_regularizer"]);

/** @typedef {Layer[string]} Value of an argument: what its kind takes */

export class LayerEditor extends Element {
  constructor() {
    super();
    /** @type {string | null} */ this.layer = null;
    /** @type {Layer | null} */ this.draft = null;
    this.error = "";
    /** @type {Report | null} */ this.preview = null;
    /** How often the draft was looked at, and for which of those times the answer is there. */
    this.asked = this.answered = 0;
    this.typing = new Typing(this);
  }

  /** @param {string} id */
  open(id) {
    this.layer = id;
    this.error = "";
    this.preview = null;
    this.typing.clear();
    this.answered = this.asked;
    this.draft = copied(this.session.spec.layers.find((l) => l.id === id)) ?? null;
    this.requestUpdate();
    this.updateComplete.then(() => /** @type {HTMLDialogElement} */ (this.find("dialog")).showModal());
  }

  close() {
    /** @type {HTMLDialogElement} */ (this.find("dialog")).close();
  }

  get index() {
    return this.session.spec.layers.findIndex((l) => l.id === this.layer);
  }

  /** The layers with the draft in its place. */
  drafted() {
    return this.session.spec.layers.map((l) => (l.id === this.layer ? this.draft : l));
  }

  /** Shapes and counts while editing; of several answers the last question's counts. */
  async check() {
    const mine = ++this.asked;
    this.requestUpdate();
    /** @type {Report | null} */ let preview = null;
    let error = "";
    try {
      preview = await json("/specs/check", { ...this.session.spec, layers: this.drafted() });
    } catch (refusal) {
      error = refusal instanceof Error ? refusal.message : String(refusal);
    }
    if (mine !== this.asked) return;
    [this.preview, this.error, this.answered] = [preview, error, mine];
    this.requestUpdate();
  }

  /** What stands in the way of applying the draft. */
  get trouble() {
    const field = this.typing.missing;
    return field === undefined ? this.error : t("number_missing", { field });
  }

  /** @param {string} name @param {Value} value */
  change(name, value) {
    if (!this.draft) return;
    this.draft = { ...this.draft, [name]: value };
    this.check();
  }

  /** @param {string} type */
  changeType(type) {
    const part = this.session.catalog.layers.find((l) => l.name === type);
    const draft = /** @type {Layer} */ ({
      id: this.layer ?? "",
      type,
      units: null,
      activation: null,
      dropout: null,
      l1: null,
      l2: null,
    });
    for (const a of part.arguments) if (!ELSEWHERE.has(a.name) && a.default !== null) draft[a.name] = a.default;
    if (type === "Reshape") draft.target_shape = [-1, 1];
    this.draft = draft;
    this.typing.clear();
    this.check();
  }

  async apply() {
    if (await this.session.set("layers", this.drafted())) this.close();
    else this.error = this.session.notice?.text ?? "";
    this.requestUpdate();
  }

  /** @param {number} by */
  async move(by) {
    const layers = [...this.session.spec.layers];
    const at = this.index;
    const [layer] = layers.splice(at, 1);
    layers.splice(Math.max(0, Math.min(layers.length - 1, at + by)), 0, layer);
    if (!(await this.session.set("layers", layers))) this.error = this.session.notice?.text ?? "";
    this.requestUpdate();
  }

  async remove() {
    const layers = this.session.spec.layers.filter((l) => l.id !== this.layer);
    if (await this.session.set("layers", layers)) this.close();
    else this.error = this.session.notice?.text ?? "";
    this.requestUpdate();
  }

  render() {
    const { draft, session } = this;
    if (!draft || !session.catalog) return html`<dialog></dialog>`;
    const last = this.index === session.spec.layers.length - 1;
    const part = session.catalog.layers.find((l) => l.name === draft.type);
    const { trouble } = this;
    return html`<dialog aria-labelledby="layer-title" data-dialog="layer">
      <header>
        <h2 id="layer-title">${t("edit_layer", { layer: this.layer ?? "" })}</h2>
        ${closeButton(() => this.close())}
      </header>
      ${
        last
          ? html`<p class="hint">${t("output_auto")}</p>`
          : html`<label class="field"
                ><span>${t("layer_type")}</span>
                <select
                  data-control="layer_type"
                  .value=${draft.type}
                  @change=${(/** @type {On<HTMLSelectElement>} */ e) => this.changeType(e.target.value)}
                >
                  ${session.catalog.layers.map(
                    (l) =>
                      html`<option value=${l.name} ?selected=${l.name === draft.type}>
                        ${word("layer", l.name)}
                      </option>`,
                  )}
                </select></label
              >
              <p class="hint" dir="auto">
                ${word("layerdoc", draft.type) === draft.type ? part.doc : word("layerdoc", draft.type)}
              </p>`
      }
      ${part.arguments
        .filter((a) => !ELSEWHERE.has(a.name) && !(last && a.name === "units"))
        .map((a) => this.argument(a))}
      ${
        part.regularized
          ? html`${last || draft.type !== "Dense" ? nothing : this.number("dropout", draft.dropout, "0.05")}
            ${this.number("l2", draft.l2, "any")}${this.number("l1", draft.l1, "any")}`
          : nothing
      }
      ${trouble ? nothing : this.sizes()}
      ${trouble ? html`<p class="notice error" role="alert" dir="auto">${trouble}</p>` : nothing}
      <footer>
        ${
          last
            ? nothing
            : html`<button
                  type="button"
                  data-control="layer_earlier"
                  ?disabled=${this.index === 0}
                  @click=${() => this.move(-1)}
                >
                  ${t("earlier")}
                </button>
                <button
                  type="button"
                  data-control="layer_later"
                  ?disabled=${this.index >= session.spec.layers.length - 2}
                  @click=${() => this.move(1)}
                >
                  ${t("later")}
                </button>
                <button type="button" class="danger" data-control="layer_remove" @click=${this.remove}>
                  ${t("remove")}
                </button>`
        }
        <button
          type="button"
          class="primary"
          data-control="layer_apply"
          ?disabled=${Boolean(trouble) || this.answered < this.asked}
          @click=${this.apply}
        >
          ${t("apply")}
        </button>
      </footer>
    </dialog>`;
  }

  /** Shapes, counts and what is inside. */
  sizes() {
    const { layers } = this.preview ?? this.session.report;
    const row = layers.find((r) => r.id === this.layer);
    if (!row) return nothing;
    return html`<p class="sizes" dir="ltr">
        ${row.input_shape.join("×")} → ${row.output_shape.join("×")} ·
        <bdi>${row.parameters.toLocaleString("en")} ${t("parameters")}</bdi> ·
        <bdi>${row.multiplications.toLocaleString("en")} ${t("multiplications")}</bdi> ·
        ${(row.memory_bytes / 1e6).toFixed(2)} MB
      </p>
      ${
        row.inside
          ? html`<details class="inside">
              <summary>${t("inside_block")}</summary>
              <table dir="ltr">
                <tbody>
                  ${row.inside.map(
                    (r) =>
                      html`<tr>
                        <td>${word("layer", r.type)}</td>
                        <td>${r.output_shape.join("×")}</td>
                        <td>${r.parameters.toLocaleString("en")}</td>
                        <td>${r.multiplications.toLocaleString("en")}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </details>`
          : nothing
      }`;
  }

  /** @param {Argument} a */
  argument(a) {
    const value = this.draft?.[a.name] ?? a.default;
    const label = word("argument", a.name);
    switch (a.kind) {
      case "choice":
        return this.choice(a, value, label);
      case "bool":
        return this.switch(a, value, label);
      case "pair":
        return this.pair(a, value, label);
      case "sides":
        return this.sides(a, value, label);
      case "shape":
        return this.shape(a, value, label);
    }
    return this.numeric(a, value, label);
  }

  /** One of several names. @param {Argument} a @param {Value} value @param {string} label */
  choice(a, value, label) {
    const group = a.name.endsWith("initializer") ? "initializer" : a.name;
    return html`<label class="field"
      ><span>${label}</span
      ><select
        data-control=${`layer_${a.name}`}
        .value=${value === "auto" ? "" : value}
        @change=${(/** @type {On<HTMLSelectElement>} */ e) => this.change(a.name, e.target.value)}
      >
        ${value === "auto" ? html`<option value="" selected>${t("automatic")}</option>` : nothing}
        ${(a.choices ?? []).map((c) => html`<option value=${c} ?selected=${c === value}>${word(group, c)}</option>`)}
      </select></label
    >`;
  }

  /** On or off. @param {Argument} a @param {Value} value @param {string} label */
  switch(a, value, label) {
    return html`<label class="check"
      ><input
        type="checkbox"
        .checked=${value}
        data-control=${`layer_${a.name}`}
        @change=${(/** @type {On} */ e) => this.change(a.name, e.target.checked)}
      /><span>${label}</span></label
    >`;
  }

  /** Two whole numbers: down and across. @param {Argument} a @param {Value} value @param {string} label */
  pair(a, value, label) {
    const pair = Array.isArray(value) ? value : value === null ? ["", ""] : [value, value];
    const put = (/** @type {number} */ place, /** @type {number | null} */ number) =>
      this.change(
        a.name,
        pair.map((v, i) => (i === place || v === "" ? number : v)),
      );
    return html`<div class="field pair" role="group" aria-label=${label}>
      <span>${label}</span
      ><span dir="ltr"
        >${[0, 1].map(
          (place) =>
            html`<input
              type="number"
              step="1"
              min=${a.minimum ?? nothing}
              aria-label="${label} ${place + 1}"
              data-control="layer_${a.name}_${place}"
              .value=${this.typing.shown(`${a.name}_${place}`, pair[place])}
              @input=${(/** @type {On} */ e) =>
                this.typing.type(`${a.name}_${place}`, label, e.target, (number) => put(place, number))}
              @change=${() => this.typing.left()}
            />`,
        )}</span
      >
    </div>`;
  }

  /** One number for all four sides. @param {Argument} a @param {Value} value @param {string} label */
  sides(a, value, label) {
    return this.field(a.name, label, Array.isArray(value) ? value.flat()[0] : value, { step: "1" });
  }

  /** Whole numbers with anything between them. @param {Argument} a @param {Value} value @param {string} label */
  shape(a, value, label) {
    return html`<label class="field"
      ><span>${label}</span
      ><input
        type="text"
        dir="ltr"
        .value=${(Array.isArray(value) ? value : []).join(", ")}
        @change=${(/** @type {On} */ e) =>
          this.typing.list(a.name, label, e.target.value, (numbers) => this.change(a.name, numbers))}
    /></label>`;
  }

  /** A number. @param {Argument} a @param {Value} value @param {string} label */
  numeric(a, value, label) {
    const step = a.kind === "int" ? "1" : "any";
    return this.field(a.name, label, /** @type {number | null | undefined} */ (value), {
      step,
      least: a.minimum,
      optional: Boolean(a.optional),
    });
  }

  /**
   * A number's field; an optional one may be empty, and `empty` says what that means.
   * @param {string} name
   * @param {string} label
   * @param {number | null | undefined} value
   * @param {{step: string, least?: number, optional?: boolean, empty?: string}} how
   */
  field(name, label, value, { step, least = 0, optional = false, empty = "" }) {
    const put = (/** @type {number | null} */ number) => this.change(name, number);
    return html`<label class="field"
      ><span>${label}</span
      ><input
        type="number"
        dir="ltr"
        min=${least}
        step=${step}
        data-control=${`layer_${name}`}
        .value=${this.typing.shown(name, value)}
        placeholder=${empty}
        @input=${(/** @type {On} */ e) => this.typing.type(name, label, e.target, put, optional)}
        @change=${() => this.typing.left()}
    /></label>`;
  }

  /**
   * A number that may be left to the setting for all.
   * @param {string} name @param {Value} value @param {string} step
   */
  number(name, value, step) {
    const label = t(name === "dropout" ? "dropout_after" : name);
    return this.field(name, label, /** @type {number | null | undefined} */ (value), {
      step,
      optional: true,
      empty: t("as_all"),
    });
  }
}

customElements.define("d-layer-editor", LayerEditor);
