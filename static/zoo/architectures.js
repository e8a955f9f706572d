/** Full-size architectures: their tables, and a real forward pass of a photograph with the time of every layer. */

import { html, nothing } from "lit";
import { json, lines } from "../core/api.js";
import { theme } from "../core/colors.js";
import { tableOfMap } from "../core/scales.js";
import { currentLanguage, t } from "../core/i18n.js";
import "../core/more-texts.js";
import { Panel } from "../core/panel.js";
import { word } from "../controls/controls.js";

/** @import {Architecture, WalkLine, FullCatalog} from "../types/page.d.ts" */

const FIRST = "vgg16";

class Architectures extends Panel {
  static properties = { chosen: { type: String } };

  constructor() {
    super();
    this.chosen = "";
    /** @type {FullCatalog["architectures"][number][]} */ this.known = [];
    /** @type {Architecture | null} */ this.table = null;
    /** @type {Required<WalkLine>[]} */ this.passed = [];
    /** @type {AbortController | null} */ this.stop = null;
    this.photograph = "cat";
    this.error = "";
    this.running = false;
  }

  /** What was seen of the one that was chosen. */
  forget() {
    this.stop?.abort();
    Object.assign(this, { table: null, passed: [], stop: null, error: "", running: false });
  }

  /** On its own page it is open from the beginning. */
  connectedCallback() {
    super.connectedCallback();
    if (this.hasAttribute("open")) this.open();
  }

  disconnectedCallback() {
    this.stop?.abort();
    super.disconnectedCallback();
  }

  /** @param {boolean} [jump] */
  open(jump = false) {
    this.chosen = this.session.lab?.architecture ?? FIRST;
    this.classList.add("card");
    if (!this.known.length) this.learn();
    super.open(jump);
  }

  close() {
    this.forget();
    this.chosen = "";
    this.classList.remove("card");
    super.close();
  }

  async learn() {
    try {
      this.known = (await json("/catalog")).architectures;
      this.requestUpdate();
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {Map<string, unknown>} changes */
  willUpdate(changes) {
    if (changes.has("chosen") && this.opened) this.load();
  }

  /** @param {unknown} error */
  fail(error) {
    this.error = error instanceof Error ? error.message : String(error);
    this.requestUpdate();
  }

  async load() {
    const name = this.chosen;
    const before = this.table;
    this.forget();
    this.table = before; // stays until the other one is there
    try {
      const table = await json(`/architectures/${name}`);
      if (name === this.chosen) this.table = table;
    } catch (error) {
      if (name === this.chosen) this.fail(error);
    }
    this.requestUpdate();
  }

  /** The forward pass; its lines are drawn as they come. */
  async walk() {
    this.stop?.abort();
    const stop = new AbortController();
    this.stop = stop;
    this.passed = [];
    this.error = "";
    this.running = true;
    this.requestUpdate();
    try {
      for await (const row of lines(`/architectures/${this.chosen}/walk?photograph=${this.photograph}`, {
        method: "POST",
        signal: stop.signal,
      })) {
        if (row.event === "layer") this.passed.push(row);
        if (row.event === "done") this.session.did("walked_full");
        this.requestUpdate();
      }
    } catch (error) {
      if (!stop.signal.aborted) this.fail(error);
    }
    if (stop === this.stop) this.running = false;
    this.requestUpdate();
  }

  updated() {
    this.passed.forEach((row, i) => {
      const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector(`canvas[data-row="${i}"]`));
      if (canvas && canvas.dataset.drawn !== `${row.id} ${theme()}`) {
        canvas.dataset.drawn = `${row.id} ${theme()}`;
        paint(canvas, row);
      }
    });
  }

  render() {
    if (!this.opened) return nothing;
    const { table, passed } = this;
    const seconds = passed.reduce((sum, row) => sum + row.seconds, 0);
    const slowest = Math.max(1e-9, ...passed.map((row) => row.seconds));
    const count = (/** @type {number} */ n) => n.toLocaleString("en");
    return html`<header class="row">
        <h2>${t("architectures")}</h2>
        <select
          aria-label=${t("architectures")}
          data-control="architecture"
          .value=${this.chosen}
          @change=${(/** @type {On<HTMLSelectElement>} */ e) => {
            this.chosen = e.target.value;
          }}
        >
          ${this.known.map(
            (a) => html`<option value=${a.name} ?selected=${a.name === this.chosen}>${a.title}</option>`,
          )}
        </select>
        ${
          table
            ? html`<label class="row"
                  ><span>${t("photograph")}</span
                  ><select
                    data-control="photograph"
                    .value=${this.photograph}
                    @change=${(/** @type {On<HTMLSelectElement>} */ e) => {
                      this.photograph = e.target.value;
                    }}
                  >
                    ${table.photographs.map(
                      (/** @type {string} */ p) =>
                        html`<option value=${p} ?selected=${p === this.photograph}>${word("photograph", p)}</option>`,
                    )}
                  </select></label
                >
                <button type="button" class="primary" data-control="walk" ?disabled=${this.running} @click=${this.walk}>
                  ${t(this.running ? "walking" : "walk")}
                </button>
                <a class="button" href="/?lang=${currentLanguage()}&amp;preset=${PRESETS[this.chosen] ?? "lenet"}"
                  >${t("open_sibling")}</a
                >`
            : nothing
        }
      </header>
      ${this.error ? html`<p class="notice error" role="alert" dir="auto">${this.error}</p>` : nothing}
      ${
        table
          ? html`<p class="hint">
                <bdi>${table.paper}</bdi> · <b dir="ltr">${count(table.totals.parameters)}</b> ${t("parameters")}
                (${t("published")}: <bdi dir="ltr">${count(table.parameters)}</bdi>, <bdi>${table.source}</bdi>) ·
                <b dir="ltr">${count(table.totals.multiplications)}</b>
                ${t("multiplications")}${
                  passed.length
                    ? html` · <b dir="ltr" data-slot="seconds">${(seconds * 1000).toFixed(0)} ms</b>`
                    : nothing
                }
              </p>
              <p class="hint">${t("walk_help")}</p>
              <div class="scroll tall-scroll" tabindex="0" role="region" aria-label=${t("architectures")}>
                <table class="plain architecture">
                  <thead>
                    <tr>
                      <th scope="col">${t("layer_type")}</th>
                      <th scope="col">${t("shape")}</th>
                      <th scope="col">${t("parameters")}</th>
                      <th scope="col">${t("multiplications")}</th>
                      <th scope="col">${t("time")}</th>
                      <th scope="col">${t("show_maps")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    <tr>
                      <th scope="row">${t("inputs")}</th>
                      <td><bdi dir="ltr">${table.input_shape.join("×")}</bdi></td>
                      <td></td>
                      <td></td>
                      <td></td>
                      <td></td>
                    </tr>
                    ${table.layers.map(
                      (row, i) =>
                        html`<tr>
                          <th scope="row">
                            ${word("layer", row.type)}${
                              row.inside
                                ? html`<details>
                                    <summary>${t("inside_block")} (${row.inside.length})</summary>
                                    <ul>
                                      ${row.inside.map(
                                        (y) =>
                                          html`<li>
                                            <span>${word("layer", y.type)}</span>
                                            <bdi dir="ltr">${y.output_shape.join("×")} · ${count(y.parameters)}</bdi>
                                          </li>`,
                                      )}
                                    </ul>
                                  </details>`
                                : nothing
                            }
                          </th>
                          <td><bdi dir="ltr">${row.output_shape.join("×")}</bdi></td>
                          <td><bdi dir="ltr">${count(row.parameters)}</bdi></td>
                          <td><bdi dir="ltr">${count(row.multiplications)}</bdi></td>
                          <td>
                            <bdi dir="ltr"
                              >${
                                passed[i]
                                  ? html`<span class="took"
                                      ><meter
                                        min="0"
                                        max=${slowest}
                                        .value=${passed[i].seconds}
                                        aria-label=${t("time")}
                                      ></meter>
                                      ${(passed[i].seconds * 1000).toFixed(1)} ms</span
                                    >`
                                  : ""
                              }</bdi
                            >
                          </td>
                          <td>
                            ${
                              passed[i]?.maps
                                ? html`<canvas
                                    data-row=${i}
                                    role="img"
                                    aria-label="${t("show_maps")}: ${row.id}"
                                  ></canvas>`
                                : nothing
                            }
                          </td>
                        </tr>`,
                    )}
                  </tbody>
                </table>
              </div>`
          : html`<div class="skeleton"></div>`
      }`;
  }
}

/** Presets of the small siblings. @type {Record<string, string>} */
const PRESETS = {
  lenet5: "lenet",
  alexnet: "alexnet",
  vgg16: "vgg",
  resnet18: "resnet",
  resnet34: "resnet",
  resnet50: "resnet",
  googlenet: "inception",
  mobilenet: "mobilenet",
  mobilenet_v2: "mobilenet2",
};

/** The first maps of a layer, side by side. @param {HTMLCanvasElement} canvas @param {Required<WalkLine>} row */
function paint(canvas, row) {
  const [count, height, width] = row.maps;
  const pixels = Uint8Array.from(atob(row.pixels), (c) => c.charCodeAt(0));
  canvas.width = count * (width + 1) - 1;
  canvas.height = height;
  const to = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const colors = tableOfMap(undefined, theme());
  for (let k = 0; k < count; k++) {
    const image = to.createImageData(width, height);
    const words = new Uint32Array(image.data.buffer);
    for (let i = 0; i < words.length; i++) words[i] = colors[pixels[k * width * height + i]];
    to.putImageData(image, k * (width + 1), 0);
  }
}

customElements.define("d-architectures", Architectures);
