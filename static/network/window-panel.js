/** How one number of a feature map comes about: the window over the input, the filter, their products and the sum. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { sharp } from "../draw/canvas.js";
import { short, typed } from "../core/format.js";
import { inkOn, signed, theme } from "../core/colors.js";
import { t } from "../core/i18n.js";
import { Atlas } from "../draw/maps.js";
import { locked, word } from "../controls/controls.js";

const SIDE = 150;
/** Maps of more pixels are drawn larger, and smooth. */
const LARGE = 48;
const LARGE_SIDE = 236;
const SCAN_MS = 260;
/** Larger filters are drawn without their numbers. */
const MOST_NUMBERS = 7;
/** Well-known 3×3 filters. */
const PRESETS = {
  edge_h: [-1, -2, -1, 0, 0, 0, 1, 2, 1],
  edge_v: [-1, 0, 1, -2, 0, 2, -1, 0, 1],
  blur: Array(9).fill(1 / 9),
  sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
  emboss: [-2, -1, 0, -1, 1, 1, 0, 1, 2],
};

class WindowPanel extends Element {
  static properties = { layer: { type: String }, unit: { type: Number } };

  constructor() {
    super();
    this.layer = "";
    this.unit = 0;
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
    const row = this.session.report.layers.find((/** @type {any} */ r) => r.id === this.layer);
    if (!row) return [];
    const sliding = (/** @type {any} */ r) =>
      /Conv2D|MaxPooling2D|AveragePooling2D/.test(r.type) && !r.type.startsWith("Global");
    return (row.inside ?? [row]).filter(sliding).map((/** @type {any} */ r) => r.id);
  }

  get target() {
    const all = this.windows;
    return all.includes(this.inner) ? this.inner : (all[0] ?? this.layer);
  }

  /** @param {Map<string, unknown>} changes */
  willUpdate(changes) {
    if (changes.has("layer")) [this.row, this.column, this.channel, this.inner] = [0, 0, 0, ""];
    this.session.want(this, {
      window: {
        layer: this.target,
        channel: this.unit,
        row: this.row,
        column: this.column,
        index: this.session.example,
        source: this.channel,
      },
    });
  }

  get about() {
    return this.session.about.window;
  }

  /** Pixels of the two maps on the page. */
  get side() {
    return this.about?.input_shape?.[0] > LARGE ? LARGE_SIDE : SIDE;
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
    if (!about || about.kind === "none" || canvases.length < 2) return;
    const which = theme();
    const inputs = session.tensor("window/inputs");
    const map = session.tensor("window/map");
    if (!inputs || !map) return;
    this.inputs.fill(inputs, which);
    this.map.fill(map, which);
    const ink = which === "light" ? "#10202e" : "#f4f7fa";
    const { channel, side } = this;
    const [h, w] = about.input_shape;
    for (const canvas of canvases) canvas.style.width = canvas.style.height = `${side}px`;
    const left = sharp(canvases[0], side, side);
    left.imageSmoothingEnabled = h > LARGE;
    this.inputs.draw(left, 0, 0, 0, side, side);
    box(left, about.left, about.top, about.kernel[1], about.kernel[0], side / w, side / h, ink);
    const right = sharp(canvases[1], side, side);
    right.imageSmoothingEnabled = h > LARGE;
    this.map.draw(right, 0, 0, 0, side, side);
    box(right, about.column, about.row, 1, 1, side / about.shape[1], side / about.shape[0], ink);
    const kernel = session.tensor("window/kernel");
    const window = session.tensor("window/window");
    if (!window) return;
    const depth = window.shape[2];
    let top = 1e-9;
    if (kernel) for (const v of kernel.data) top = Math.max(top, Math.abs(v));
    let largest = 1e-9;
    for (const v of window.data) largest = Math.max(largest, Math.abs(v));
    const shownChannel = Math.min(channel, depth - 1);
    for (const cell of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-cell]"))) {
      const i = Number(cell.dataset.cell) * depth + shownChannel;
      const x = window.data[i];
      const what = cell.dataset.what;
      const value = what === "x" ? x : what === "w" ? (kernel?.data[i] ?? 0) : x * (kernel?.data[i] ?? 0);
      const full = what === "x" ? largest : what === "w" ? top : largest * top;
      cell.style.background = signed(value / full, which);
      cell.style.color = inkOn(value / full, which);
      cell.classList.toggle("winner", what === "x" && about.winner === Number(cell.dataset.cell));
      if (cell instanceof HTMLInputElement) {
        if (document.activeElement !== cell) cell.value = short(value);
      } else if (cell.dataset.number) cell.textContent = short(value);
    }
    let here = 0;
    let all = 0;
    if (kernel)
      for (let i = 0; i < kernel.data.length; i++) {
        const product = kernel.data[i] * window.data[i];
        all += product;
        if (i % depth === shownChannel) here += product;
      }
    this.put("here", short(here));
    this.put("all", short(all));
    this.put("b", short(about.b));
    this.put("z", short(about.z));
    this.put("z2", short(about.z));
    this.put("a", short(about.a));
    const [a, b, c, d] = about.field;
    const last = session.report.input_shape.map((/** @type {number} */ n) => n - 1);
    this.put(
      "field",
      t("window_field", {
        a: Math.max(0, a) + 1,
        b: Math.min(last[0], b) + 1,
        c: Math.max(0, c) + 1,
        d: Math.min(last[1], d) + 1,
      }),
    );
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
    const value = typed(field.value);
    if (!Number.isFinite(value)) {
      this.session.tell(t("number_wanted", { got: field.value }), "error");
      return;
    }
    await this.write(cell, value);
    field.blur();
  }

  /** Changes one number of the filter, in the channel on show. @param {number} cell @param {number} value */
  write(cell, value) {
    const { about } = this;
    const place = [Math.floor(cell / about.kernel[1]), cell % about.kernel[1]];
    this.session.did("edited");
    const index =
      about.type === "DepthwiseConv2D"
        ? [...place, about.from_channel, about.channel - about.from_channel * this.each()]
        : [...place, Math.min(this.channel, about.input_shape[2] - 1), about.channel];
    return this.session.command({ op: "edit", tensor: `${about.layer}/kernel`, index, value });
  }

  each() {
    return this.about.shape[2] / this.about.input_shape[2];
  }

  /** @param {keyof typeof PRESETS} name */
  async preset(name) {
    for (const [cell, value] of PRESETS[name].entries()) await this.write(cell, value);
  }

  render() {
    const { about } = this;
    const inner = this.windows;
    const head = html`<h3>
        ${t("window_title", { map: this.unit + 1, layer: this.layer })} <small dir="ltr" data-slot="place"></small>
      </h3>
      ${
        inner.length > 1
          ? html`<label class="field compact"
              ><span>${t("inside_block")}</span
              ><select
                data-control="inner"
                .value=${this.target}
                @change=${(/** @type {any} */ e) => {
                  this.inner = e.target.value;
                  this.row = this.column = 0;
                  this.requestUpdate();
                }}
              >
                ${inner.map(
                  (/** @type {string} */ id) =>
                    html`<option value=${id} ?selected=${id === this.target}>${id}</option>`,
                )}
              </select></label
            >`
          : nothing
      }`;
    if (!about) return head;
    if (about.kind === "none")
      return html`${head}
        <p class="hint">${t("window_none")}</p>`;
    const [kh, kw] = about.kernel;
    const conv = about.kind === "conv" && this.session.tensor("window/kernel");
    const channels = about.sources ?? 1;
    const depth = this.session.tensor("window/window")?.shape[2] ?? 1;
    const numbers = Math.max(kh, kw) <= MOST_NUMBERS;
    const may = conv && !locked("weights");
    return html`${head}
      <div class="window-row ${this.side > SIDE ? "large" : ""}" dir="ltr">
        <figure class="picture-in" data-lit="window_input">
          <canvas role="img" aria-label=${t("window_input")}></canvas>
          <figcaption dir="auto">${t("window_input")}</figcaption>
        </figure>
        <figure>
          ${grid(kh, kw, "x", numbers)}
          <figcaption dir="auto">x</figcaption>
        </figure>
        ${
          conv
            ? html`<span class="sign">×</span>
                <figure data-lit="window_kernel">
                  ${
                    may && numbers
                      ? editable(kh, kw, (field, cell) => this.edit(field, cell))
                      : grid(kh, kw, "w", numbers)
                  }
                  <figcaption dir="auto">${t("window_kernel")}</figcaption>
                </figure>
                <span class="sign">=</span>
                <figure>
                  ${grid(kh, kw, "p", numbers)}
                  <figcaption dir="auto">${t("window_products")}</figcaption>
                </figure>`
            : html`<span class="sign">→</span>`
        }
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
      ${
        conv
          ? html`<p class="formula" dir="ltr">
                ${
                  depth > 1
                    ? html`Σ<sub>${Math.min(this.channel, depth - 1) + 1}</sub> = <span data-slot="here"></span> &nbsp;
                        <bdi class="hint">${t("window_sum", { n: depth })}</bdi> `
                    : nothing
                }Σ
                = <span data-slot="all"></span> &nbsp; b = <span data-slot="b"></span> &nbsp; z = Σ + b =
                <b data-slot="z"></b>
              </p>
              <p class="formula" dir="ltr">
                a = ${word("activation", about.activation)}(<span data-slot="z2"></span>) = <b data-slot="a"></b>
              </p>`
          : html`<p class="formula">
              <bdi>${about.type === "MaxPooling2D" ? t("window_winner") : t("window_mean")}</bdi>:
              <b dir="ltr" data-slot="a"></b>
            </p>`
      }
      <p class="hint" data-slot="field"></p>
      <div class="row">
        <button type="button" data-control="scan" aria-pressed=${Boolean(this.scanning)} @click=${this.scan}>
          ${this.scanning ? t("scan_pause") : t("scan_play")}
        </button>
        <button type="button" data-control="scan_step" @click=${this.next}>${t("scan_step")}</button>
        ${
          channels > 1
            ? html`<label class="example"
                >${t("window_channel")}
                <input
                  type="number"
                  dir="ltr"
                  min="1"
                  max=${channels}
                  data-control="window_channel"
                  .value=${String(this.channel + 1)}
                  @change=${(/** @type {any} */ e) => {
                    this.channel = Math.max(0, Math.min(channels - 1, Math.floor(Number(e.target.value) || 1) - 1));
                    this.requestUpdate();
                  }}
              /></label>`
            : nothing
        }
        <label class="example"
          >${t("example")}
          <input
            type="number"
            min="1"
            dir="ltr"
            data-control="example"
            .value=${this.session.example < 0 ? "" : String(this.session.example + 1)}
            placeholder=${t("own_picture")}
            @change=${(/** @type {any} */ e) => {
              this.session.example = Math.max(0, Math.floor(Number(e.target.value) || 1) - 1);
              this.session.emit("change");
            }}
        /></label>
        ${
          may && kh === 3 && kw === 3
            ? html`<label class="example"
                >${t("filter_presets")}
                <select
                  data-control="filter_preset"
                  @change=${(/** @type {any} */ e) => {
                    if (e.target.value) this.preset(e.target.value);
                    e.target.value = "";
                  }}
                >
                  <option value="">…</option>
                  ${Object.keys(PRESETS).map((name) => html`<option value=${name}>${t(`preset_${name}`)}</option>`)}
                </select></label
              >`
            : nothing
        }
      </div>
      <p class="hint">${t("window_help")} ${may && numbers ? t("edit_filter") : ""}</p>`;
  }
}

/**
 * @param {CanvasRenderingContext2D} to
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 * @param {number} sx
 * @param {number} sy
 * @param {string} ink
 */
function box(to, x, y, w, h, sx, sy, ink) {
  to.lineWidth = 4;
  to.strokeStyle = ink === "#10202e" ? "#fff" : "#000";
  to.strokeRect(x * sx, y * sy, w * sx, h * sy);
  to.lineWidth = 2;
  to.strokeStyle = "#e0245e";
  to.strokeRect(x * sx, y * sy, w * sx, h * sy);
}

/** @param {number} rows @param {number} columns @param {string} what @param {boolean} numbers */
function grid(rows, columns, what, numbers) {
  return html`<div class="cells ${numbers ? "" : "small"}" role="img" aria-label=${what} data-columns=${columns}>
    ${Array.from(
      { length: rows * columns },
      (_, i) => html`<span data-cell=${i} data-what=${what} data-number=${numbers ? "1" : ""}></span>`,
    )}
  </div>`;
}

/** @param {number} rows @param {number} columns @param {(field: HTMLInputElement, cell: number) => void} change */
function editable(rows, columns, change) {
  return html`<div class="cells" role="group" aria-label=${t("window_kernel")} data-columns=${columns}>
    ${Array.from(
      { length: rows * columns },
      (_, i) =>
        html`<input
          type="text"
          inputmode="decimal"
          data-cell=${i}
          data-what="w"
          aria-label="W ${Math.floor(i / columns) + 1},${(i % columns) + 1}"
          @change=${(/** @type {any} */ e) => change(e.target, i)}
        />`,
    )}
  </div>`;
}

customElements.define("d-window", WindowPanel);
