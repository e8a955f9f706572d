/** How one number of a feature map comes about: the window over the input, the filter, their products and the sum. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { sharp } from "../draw/canvas.js";
import { short } from "../core/format.js";
import { inkOn, theme } from "../core/colors.js";
import { t } from "../core/i18n.js";
import { colorOf } from "../core/scales.js";
import { Atlas } from "../draw/maps.js";
import { locked } from "../controls/controls.js";
import { exampleField, numberField, readNumber } from "../controls/number-field.js";
import { PRESETS, editable, formula, frameBox, grid, pooled, presetChoice } from "./window-cells.js";
import { cellOf, sums } from "./window-numbers.js";

/** @import {About} from "../types/page.d.ts" */

/** @typedef {import("../core/safetensors.js").Tensor} Tensor */

const SIDE = 150;
/** Maps of more pixels are drawn larger, and smooth. */
const LARGE = 48;
const LARGE_SIDE = 236;
const SCAN_MS = 260;
/** Larger filters are drawn without their numbers. */
const MOST_NUMBERS = 7;
class WindowPanel extends Element {
  static properties = {
    layer: { type: String },
    unit: { type: Number },
    stage: { type: String },
    room: { type: Number },
  };

  constructor() {
    super();
    this.layer = "";
    /** What stands in front of its choice, of the layers inside a block. */ this.stage = "";
    this.unit = 0;
    /** So large the maps are where there is room for it; else by their pixels. */ this.room = 0;
    this.row = 0;
    this.column = 0;
    this.channel = 0;
    /** @type {string} a layer inside the block */ this.inner = "";
    this.scanning = 0;
    this.kind = this.shown = this.size = "";
    this.inputs = new Atlas();
    this.map = new Atlas();
  }

  disconnectedCallback() {
    clearInterval(this.scanning);
    this.scanning = 0;
    super.disconnectedCallback();
  }

  /** The layers of this one that have a window: itself, or those inside a block. */
  get windows() {
    const row = this.session.report.layers.find((r) => r.id === this.layer);
    if (!row) return [];
    const sliding = (/** @type {{type: string}} */ r) =>
      /Conv2D|MaxPooling2D|AveragePooling2D/.test(r.type) && !r.type.startsWith("Global");
    return (row.inside ?? [row]).filter(sliding).map((r) => r.id);
  }

  get target() {
    const all = this.windows;
    return all.includes(this.inner) ? this.inner : (all[0] ?? this.layer);
  }

  /** @param {Map<string, unknown>} changes */
  willUpdate(changes) {
    if (changes.has("layer") || changes.has("stage"))
      [this.row, this.column, this.channel, this.inner] = [0, 0, 0, this.stage];
    this.session.want(this, {
      window: {
        layer: this.target,
        channel: this.unit,
        row: this.row,
        column: this.column,
        ...this.session.looked,
        source: this.channel,
        spread: this.session.view.spread ?? "layer",
      },
    });
  }

  get about() {
    return this.session.about.window;
  }

  /** The same, where there is a window to see. */
  get seen() {
    return /** @type {About<"window">} */ (this.about);
  }

  /** Pixels of the two maps on the page. */
  get side() {
    return this.room || ((this.about?.input_shape?.[0] ?? 0) > LARGE ? LARGE_SIDE : SIDE);
  }

  onFrame() {
    const { about } = this;
    const kind = about?.kind ?? "";
    const shown = about?.layer ?? "";
    const size = (about?.kernel ?? []).join();
    if (kind !== this.kind || shown !== this.shown || size !== this.size) {
      [this.kind, this.shown, this.size] = [kind, shown, size];
      this.requestUpdate();
      return;
    }
    this.paint();
  }

  updated() {
    for (const cells of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(".cells"))) {
      cells.style.setProperty("--columns", cells.dataset.columns ?? "3");
    }
    this.paint();
  }

  paint() {
    const { about, session } = this;
    const canvases = /** @type {NodeListOf<HTMLCanvasElement>} */ (this.querySelectorAll("canvas"));
    const inputs = session.tensor("window/inputs");
    const map = session.tensor("window/map");
    if (!about || about.kind === "none" || canvases.length < 2 || !inputs || !map) return;
    for (const canvas of canvases) canvas.style.width = canvas.style.height = `${this.side}px`;
    this.picture(canvases[0], this.inputs, inputs, about.scales.inputs, about.input_shape, [
      about.left,
      about.top,
      ...about.kernel,
    ]);
    this.picture(canvases[1], this.map, map, about.scales.map, about.shape, [about.column, about.row, 1, 1]);
    const window = session.tensor("window/window");
    if (window) this.numbers(window, session.tensor("window/kernel"));
  }

  /**
   * A map with a frame on it.
   * @param {HTMLCanvasElement} canvas @param {Atlas} atlas @param {Tensor} tensor
   * @param {import("../core/scales.js").Scale} scale
   * @param {number[]} shape its rows and columns @param {number[]} place left, top, rows, columns of the frame
   */
  picture(canvas, atlas, tensor, scale, [rows, columns], [left, top, down, across]) {
    const { side } = this;
    const which = theme();
    atlas.fill(tensor, which, scale);
    const to = sharp(canvas, side, side);
    to.imageSmoothingEnabled = this.seen.input_shape[0] > LARGE;
    atlas.draw(to, 0, 0, 0, side, side);
    frameBox(to, left, top, across, down, side / columns, side / rows, which);
  }

  /**
   * The window, the filter and their products in their cells, and what they come to.
   * @param {Tensor} window @param {Tensor | null} kernel
   */
  numbers(window, kernel) {
    const { seen: about } = this;
    const which = theme();
    const depth = window.shape[2];
    const channel = Math.min(this.channel, depth - 1);
    for (const cell of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-cell]"))) {
      const what = cell.dataset.what ?? "";
      const { value, scale } = cellOf(what, Number(cell.dataset.cell) * depth + channel, window, kernel, about.scales);
      cell.style.background = colorOf(value, scale, which);
      cell.style.color = inkOn(value / scale.reach, which);
      cell.classList.toggle("winner", what === "x" && about.winner === Number(cell.dataset.cell));
      if (cell instanceof HTMLInputElement) {
        cell.dataset.holds = short(value);
        if (document.activeElement !== cell) cell.value = cell.dataset.holds;
      } else if (cell.dataset.number) cell.textContent = short(value);
    }
    const { here, all } = sums(window, kernel, channel);
    this.put("here", short(here));
    this.put("all", short(all));
    for (const [slot, value] of Object.entries({ b: about.b, z: about.z, z2: about.z, a: about.a }))
      this.put(slot, short(value));
    const [a, b, c, d] = (about.field ?? []).map((place) => place + 1);
    this.put("field", about.field ? t("window_field", { a, b, c, d }) : t("window_field_none"));
    this.put("place", `[${about.row + 1}, ${about.column + 1}]`);
  }

  /** @param {number} row @param {number} column */
  go(row, column) {
    const shape = this.about?.shape;
    if (!shape) return;
    this.row = Math.max(0, Math.min(shape[0] - 1, row));
    this.column = Math.max(0, Math.min(shape[1] - 1, column));
    this.requestUpdate();
  }

  /** @param {PointerEvent} event */
  point(event) {
    const shape = this.about?.shape;
    if (!shape) return;
    const rect = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    this.go(
      Math.floor(((event.clientY - rect.top) / rect.height) * shape[0]),
      Math.floor(((event.clientX - rect.left) / rect.width) * shape[1]),
    );
  }

  /** @param {KeyboardEvent} event */
  walk(event) {
    const keys = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const move = /** @type {Record<string, number[]>} */ (keys)[event.key];
    if (!move) return;
    event.preventDefault();
    this.go(this.row + move[0], this.column + move[1]);
    this.session.did("walked");
  }

  next() {
    const shape = this.about?.shape;
    if (!shape) return;
    const at = (this.row * shape[1] + this.column + 1) % (shape[0] * shape[1]);
    this.go(Math.floor(at / shape[1]), at % shape[1]);
  }

  scan() {
    if (this.scanning) clearInterval(this.scanning);
    this.scanning = this.scanning ? 0 : window.setInterval(() => this.next(), SCAN_MS);
    this.requestUpdate();
  }

  /** @param {HTMLInputElement} field @param {number} cell */
  async edit(field, cell) {
    const value = readNumber(field, t("weight"), {}, field.dataset.holds ?? "");
    if (value === null) return;
    await this.write(cell, value);
    field.blur();
  }

  /** Changes one number of the filter, in the channel on show. @param {number} cell @param {number} value */
  write(cell, value) {
    const { seen: about } = this;
    const place = [Math.floor(cell / about.kernel[1]), cell % about.kernel[1]];
    this.session.did("edited");
    const from = about.from_channel ?? 0;
    const index =
      about.type === "DepthwiseConv2D"
        ? [...place, from, about.channel - from * this.each()]
        : [...place, Math.min(this.channel, about.input_shape[2] - 1), about.channel];
    return this.session.command({ op: "edit", tensor: `${about.layer}/kernel`, index, value });
  }

  each() {
    return this.seen.shape[2] / this.seen.input_shape[2];
  }

  /** @param {keyof typeof PRESETS} name */
  async preset(name) {
    for (const [cell, value] of PRESETS[name].entries()) await this.write(cell, value);
  }

  render() {
    const { about } = this;
    const head = html`<h3>
        ${t("window_title", { map: this.unit + 1, layer: this.layer })} <small dir="ltr" data-slot="place"></small>
      </h3>
      ${this.windows.length > 1 ? this.insideChoice() : nothing}`;
    if (!about) return head;
    if (about.kind === "none")
      return html`${head}
        <p class="hint">${t("window_none")}</p>`;
    return html`${head} ${this.apart(about)}`;
  }

  /** The window, what comes of it, and what can be done. @param {About<"window">} about */
  apart(about) {
    const [kh, kw] = about.kernel;
    const conv = about.kind === "conv" && this.session.tensor("window/kernel") !== null;
    const may = conv && !locked("weights");
    return html`<div class="window-row ${this.side > SIDE ? "large" : ""}" dir="ltr">
        <figure class="picture-in" data-lit="window_input">
          <canvas role="img" aria-label=${t("window_input")}></canvas>
          <figcaption dir="auto">${t("window_input")}</figcaption>
        </figure>
        ${this.numberCells(kh, kw, conv)}
        <figure class="picture-out">
          <canvas
            class="pick"
            tabindex="0"
            role="img"
            aria-label=${t("window_map")}
            data-control="window_map"
            @pointermove=${this.point}
            @pointerdown=${this.point}
            @keydown=${this.walk}
          ></canvas>
          <figcaption dir="auto">${t("window_map")}</figcaption>
        </figure>
      </div>
      ${conv ? formula(about, this.session.tensor("window/window")?.shape[2] ?? 1, this.channel) : pooled(about)}
      <p class="hint" data-slot="field"></p>
      <div class="row">
        <button type="button" data-control="scan" aria-pressed=${Boolean(this.scanning)} @click=${this.scan}>
          ${this.scanning ? t("scan_pause") : t("scan_play")}
        </button>
        <button type="button" data-control="scan_step" @click=${this.next}>${t("scan_step")}</button>
        ${this.channelChoice()} ${exampleField()}
        ${may && kh === 3 && kw === 3 ? presetChoice((name) => this.preset(name)) : nothing}
      </div>
      <p class="hint">${t("window_help")} ${may && Math.max(kh, kw) <= MOST_NUMBERS ? t("edit_filter") : ""}</p>`;
  }

  /** Which layer inside a block. */
  insideChoice() {
    return html`<label class="field compact"
      ><span>${t("inside_block")}</span
      ><select
        data-control="inner"
        .value=${this.target}
        @change=${(/** @type {On<HTMLSelectElement>} */ e) => {
          this.inner = e.target.value;
          this.row = this.column = 0;
          this.requestUpdate();
        }}
      >
        ${this.windows.map(
          (/** @type {string} */ id) => html`<option value=${id} ?selected=${id === this.target}>${id}</option>`,
        )}
      </select></label
    >`;
  }

  /**
   * The window's numbers; times a filter's, in a convolution.
   * @param {number} rows
   * @param {number} columns
   * @param {boolean} conv
   */
  numberCells(rows, columns, conv) {
    const numbers = Math.max(rows, columns) <= MOST_NUMBERS;
    const may = !locked("weights") && numbers;
    return html`<figure>
        ${grid(rows, columns, "x", numbers)}
        <figcaption dir="auto">x</figcaption>
      </figure>
      ${
        conv
          ? html`<span class="sign">×</span>
              <figure data-lit="window_kernel">
                ${
                  may
                    ? editable(rows, columns, (field, cell) => this.edit(field, cell))
                    : grid(rows, columns, "w", numbers)
                }
                <figcaption dir="auto">${t("window_kernel")}</figcaption>
              </figure>
              <span class="sign">=</span>
              <figure>
                ${grid(rows, columns, "p", numbers)}
                <figcaption dir="auto">${t("window_products")}</figcaption>
              </figure>`
          : html`<span class="sign">→</span>`
      }`;
  }

  channelChoice() {
    const channels = this.about?.sources ?? 1;
    if (channels < 2) return nothing;
    return html`<label class="example"
      >${t("window_channel")}
      ${numberField({
        name: "window_channel",
        label: t("window_channel"),
        holds: String(this.channel + 1),
        low: 1,
        high: channels,
        whole: true,
        change: (number) => {
          this.channel = number - 1;
          this.requestUpdate();
        },
      })}</label
    >`;
  }
}

customElements.define("d-window", WindowPanel);
