/** Everything about one layer: kind, arguments, place, dropout, penalties; what cannot be is said in place. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { json } from "../core/api.js";
import { t } from "../core/i18n.js";
import { word } from "../controls/controls.js";
import * as icons from "../controls/icons.js";

/** Arguments with their own place in the form. */
const ELSEWHERE = new Set(["kernel_regularizer", "bias_regularizer", "depthwise_regularizer", "pointwise_regularizer"]);

/** Kinds with a kernel that can be regularised. */
const REGULARIZED = new Set(["Dense", "Conv2D", "DepthwiseConv2D", "SeparableConv2D"]);

class LayerEditor extends Element {
  constructor() {
    super();
    /** @type {string | null} */ this.layer = null;
    /** @type {any} */ this.draft = null;
    this.error = "";
    /** @type {any} */ this.preview = null;
  }

  /** @param {string} id */
  open(id) {
    this.layer = id;
    this.error = "";
    this.preview = null;
    this.draft = structuredClone(this.session.spec.layers.find((/** @type {any} */ l) => l.id === id));
    this.requestUpdate();
    this.updateComplete.then(() => /** @type {HTMLDialogElement} */ (this.find("dialog")).showModal());
  }

  close() {
    /** @type {HTMLDialogElement} */ (this.find("dialog")).close();
  }

  get index() {
    return this.session.spec.layers.findIndex((/** @type {any} */ l) => l.id === this.layer);
  }

  /** The layers with the draft in its place. */
  drafted() {
    return this.session.spec.layers.map((/** @type {any} */ l) => (l.id === this.layer ? this.draft : l));
  }

  /** Shapes and counts while editing. */
  async check() {
    this.requestUpdate();
    try {
      this.preview = await json("/specs/check", { ...this.session.spec, layers: this.drafted() });
      this.error = "";
    } catch (error) {
      this.preview = null;
      this.error = error instanceof Error ? error.message : String(error);
    }
    this.requestUpdate();
  }

  /** @param {string} name @param {any} value */
  change(name, value) {
    this.draft = { ...this.draft, [name]: value };
    this.check();
  }

  /** @param {string} type */
  changeType(type) {
    const part = this.session.catalog.layers.find((/** @type {any} */ l) => l.name === type);
    const draft = /** @type {any} */ ({
      id: this.layer,
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
    const layers = this.session.spec.layers.filter((/** @type {any} */ l) => l.id !== this.layer);
    if (await this.session.set("layers", layers)) this.close();
    else this.error = this.session.notice?.text ?? "";
    this.requestUpdate();
  }

  render() {
    const { draft, session } = this;
    if (!draft || !session.catalog) return html`<dialog></dialog>`;
    const last = this.index === session.spec.layers.length - 1;
    const part = session.catalog.layers.find((/** @type {any} */ l) => l.name === draft.type);
    const row =
      this.preview?.layers.find((/** @type {any} */ r) => r.id === this.layer) ??
      session.report.layers.find((/** @type {any} */ r) => r.id === this.layer);
    return html`<dialog aria-labelledby="layer-title" data-dialog="layer">
      <header>
        <h2 id="layer-title">${t("edit_layer", { layer: this.layer ?? "" })}</h2>
        <button type="button" class="tool" aria-label=${t("close")} @click=${this.close}>${icons.close}</button>
      </header>
      ${
        last
          ? html`<p class="hint">${t("output_auto")}</p>`
          : html`<label class="field"
                ><span>${t("layer_type")}</span>
                <select
                  data-control="layer_type"
                  .value=${draft.type}
                  @change=${(/** @type {any} */ e) => this.changeType(e.target.value)}
                >
                  ${session.catalog.layers.map(
                    (/** @type {any} */ l) =>
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
        .filter((/** @type {any} */ a) => !ELSEWHERE.has(a.name) && !(last && a.name === "units"))
        .map((/** @type {any} */ a) => this.argument(a))}
      ${
        REGULARIZED.has(draft.type)
          ? html`${
              last || draft.type !== "Dense"
                ? nothing
                : this.number("dropout", t("dropout_after"), draft.dropout, "0.05", t("as_all"))
            }
            ${this.number(
              "l2",
              t("l2"),
              draft.l2,
              "any",
              t("as_all"),
            )}${this.number("l1", t("l1"), draft.l1, "any", t("as_all"))}`
          : nothing
      }
      ${
        row
          ? html`<p class="sizes" dir="ltr">
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
                            (/** @type {any} */ r) =>
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
              }`
          : nothing
      }
      ${this.error ? html`<p class="notice error" role="alert" dir="auto">${this.error}</p>` : nothing}
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
          ?disabled=${Boolean(this.error)}
          @click=${this.apply}
        >
          ${t("apply")}
        </button>
      </footer>
    </dialog>`;
  }

  /** @param {any} a */
  argument(a) {
    const value = this.draft[a.name] ?? a.default;
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

  /** One of several names. @param {any} a @param {any} value @param {string} label */
  choice(a, value, label) {
    const group = a.name.endsWith("initializer") ? "initializer" : a.name;
    return html`<label class="field"
      ><span>${label}</span
      ><select
        data-control=${`layer_${a.name}`}
        .value=${value === "auto" ? "" : value}
        @change=${(/** @type {any} */ e) => this.change(a.name, e.target.value)}
      >
        ${value === "auto" ? html`<option value="" selected>${t("automatic")}</option>` : nothing}
        ${a.choices.map(
          (/** @type {string} */ c) => html`<option value=${c} ?selected=${c === value}>${word(group, c)}</option>`,
        )}
      </select></label
    >`;
  }

  /** On or off. @param {any} a @param {any} value @param {string} label */
  switch(a, value, label) {
    return html`<label class="check"
      ><input
        type="checkbox"
        .checked=${value}
        data-control=${`layer_${a.name}`}
        @change=${(/** @type {any} */ e) => this.change(a.name, e.target.checked)}
      /><span>${label}</span></label
    >`;
  }

  /** Two whole numbers: down and across. @param {any} a @param {any} value @param {string} label */
  pair(a, value, label) {
    const pair = Array.isArray(value) ? value : value === null ? ["", ""] : [value, value];
    const put = (/** @type {number} */ place, /** @type {string} */ text) => {
      const next = pair.map((/** @type {any} */ v, /** @type {number} */ i) =>
        i === place ? Number(text) : v === "" ? Number(text) : v,
      );
      if (text !== "") this.change(a.name, next);
    };
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
              .value=${String(pair[place])}
              @input=${(/** @type {any} */ e) => put(place, e.target.value)}
            />`,
        )}</span
      >
    </div>`;
  }

  /** One number for all four sides. @param {any} a @param {any} value @param {string} label */
  sides(a, value, label) {
    return html`<label class="field"
      ><span>${label}</span
      ><input
        type="number"
        dir="ltr"
        min="0"
        step="1"
        data-control=${`layer_${a.name}`}
        .value=${String(Array.isArray(value) ? value.flat()[0] : value)}
        @input=${(/** @type {any} */ e) => e.target.value !== "" && this.change(a.name, Number(e.target.value))}
    /></label>`;
  }

  /** Whole numbers with anything between them. @param {any} a @param {any} value @param {string} label */
  shape(a, value, label) {
    return html`<label class="field"
      ><span>${label}</span
      ><input
        type="text"
        dir="ltr"
        .value=${(value ?? []).join(", ")}
        @change=${(/** @type {any} */ e) =>
          this.change(
            a.name,
            e.target.value
              .split(/[ ,×x]+/)
              .filter(Boolean)
              .map(Number),
          )}
    /></label>`;
  }

  /** A number. @param {any} a @param {any} value @param {string} label */
  numeric(a, value, label) {
    return html`<label class="field"
      ><span>${label}</span
      ><input
        type="number"
        dir="ltr"
        data-control=${`layer_${a.name}`}
        .value=${String(value ?? "")}
        step=${a.kind === "int" ? 1 : "any"}
        min=${a.minimum ?? nothing}
        @input=${(/** @type {any} */ e) => e.target.value !== "" && this.change(a.name, Number(e.target.value))}
    /></label>`;
  }

  /**
   * A number that may be left to the setting for all.
   * @param {string} name
   * @param {string} label
   * @param {number | null} value
   * @param {string} step
   * @param {string} empty
   */
  number(name, label, value, step, empty) {
    return html`<label class="field"
      ><span>${label}</span
      ><input
        type="number"
        dir="ltr"
        min="0"
        step=${step}
        data-control=${`layer_${name}`}
        .value=${value === null || value === undefined ? "" : String(value)}
        placeholder=${empty}
        @input=${(/** @type {any} */ e) => this.change(name, e.target.value === "" ? null : Number(e.target.value))}
    /></label>`;
  }
}

customElements.define("d-layer-editor", LayerEditor);
