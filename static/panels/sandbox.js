/** Size, window, stride and padding, and where the window stands: the arithmetic of a sliding window, to play with. */

import { html, nothing, svg } from "lit";
import { Panel } from "../core/panel.js";
import { t } from "../core/i18n.js";
import { closeButton } from "../controls/controls.js";

const CELL = 18;
const SCAN_MS = 320;

class Sandbox extends Panel {
  constructor() {
    super();
    this.n = 7;
    this.k = 3;
    this.s = 1;
    this.p = 0;
    this.at = 0;
  }

  /** Places of the window along one side; 0 where it does not fit once. */
  get out() {
    return this.n + 2 * this.p < this.k ? 0 : Math.floor((this.n + 2 * this.p - this.k) / this.s) + 1;
  }

  scan() {
    if (this.clock) this.rest();
    else this.every(SCAN_MS, () => this.step(1));
    this.requestUpdate();
  }

  /** @param {number} by */
  step(by) {
    const all = this.out ** 2;
    this.at = all ? (this.at + by + all) % all : 0;
    this.requestUpdate();
  }

  /** @param {"n" | "k" | "s" | "p"} name @param {string} label @param {number} low @param {number} high */
  number(name, label, low, high) {
    return html`<label class="field"
      ><span>${label} <bdi dir="ltr">${name}</bdi></span
      ><output>${this[name]}</output>
      <input
        type="range"
        min=${low}
        max=${high}
        .value=${String(this[name])}
        data-control="sandbox_${name}"
        aria-label=${label}
        @input=${(/** @type {On} */ e) => {
          this[name] = Number(e.target.value);
          this.at = 0;
          this.requestUpdate();
        }}
    /></label>`;
  }

  render() {
    if (!this.opened) return nothing;
    const { n, k, s, p, out } = this;
    const whole = n + 2 * p;
    const at = Math.min(this.at, Math.max(0, out * out - 1));
    const [row, column] = out ? [Math.floor(at / out), at % out] : [0, 0];
    const left = whole - ((out - 1) * s + k);
    return html`<div class="card sandbox">
      <header class="row">
        <h2>${t("sandbox")}</h2>
        ${closeButton(() => this.close())}
      </header>
      <div class="sandbox-body">
        <div class="sandbox-sliders">
          ${this.number("n", t("sandbox_size"), 3, 12)}${this.number(
            "k",
            t("sandbox_kernel"),
            1,
            7,
          )}${this.number("s", t("sandbox_stride"), 1, 4)}${this.number("p", t("sandbox_padding"), 0, 3)}
          <p class="formula" dir="ltr">
            ⌊(n + 2p − k) / s⌋ + 1 = ⌊(${n} + ${2 * p} − ${k}) / ${s}⌋ + 1 = <b data-slot="out">${out}</b>
          </p>
          <p class="hint">${out < 1 ? t("sandbox_none") : left ? t("sandbox_left", { n: left }) : t("sandbox_fits")}</p>
          <div class="row">
            <button type="button" data-control="sandbox_scan" aria-pressed=${Boolean(this.clock)} @click=${this.scan}>
              ${t(this.clock ? "scan_pause" : "scan_play")}
            </button>
            <button type="button" data-control="sandbox_step" @click=${() => this.step(1)}>${t("scan_step")}</button>
          </div>
        </div>
        <figure>
          <svg
            width=${whole * CELL + 2}
            height=${whole * CELL + 2}
            viewBox="0 0 ${whole * CELL + 2} ${whole * CELL + 2}"
            role="img"
            aria-label=${t("sandbox_input")}
          >
            ${grid(whole, (r, c) => (r < p || c < p || r >= n + p || c >= n + p ? "pad" : ""))}
            ${
              out
                ? svg`<rect class="window" x=${column * s * CELL + 1} y=${row * s * CELL + 1}
                    width=${k * CELL} height=${k * CELL}></rect>`
                : nothing
            }
          </svg>
          <figcaption>${t("sandbox_input")} <bdi dir="ltr">${n}×${n}${p ? ` + ${p}` : ""}</bdi></figcaption>
        </figure>
        <figure>
          <svg
            width=${Math.max(1, out) * CELL + 2}
            height=${Math.max(1, out) * CELL + 2}
            viewBox="0 0 ${Math.max(1, out) * CELL + 2} ${Math.max(1, out) * CELL + 2}"
            role="img"
            aria-label=${t("sandbox_output")}
            @pointermove=${(/** @type {PointerEvent} */ e) => this.point(e)}
            @pointerdown=${(/** @type {PointerEvent} */ e) => this.point(e)}
          >
            ${
              out ? grid(out, (r, c) => (r === row && c === column ? "here" : r * out + c < at ? "done" : "")) : nothing
            }
          </svg>
          <figcaption>${t("sandbox_output")} <bdi dir="ltr">${out}×${out}</bdi></figcaption>
        </figure>
      </div>
    </div>`;
  }

  /** @param {PointerEvent} event */
  point(event) {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const { out } = this;
    const cell = (box.width / (out * CELL + 2)) * CELL;
    const row = Math.floor((event.clientY - box.top) / cell);
    const column = Math.floor((event.clientX - box.left) / cell);
    if (row < 0 || column < 0 || row >= out || column >= out) return;
    this.at = row * out + column;
    this.requestUpdate();
  }
}

/** @param {number} size @param {(row: number, column: number) => string} kind */
function grid(size, kind) {
  return Array.from({ length: size * size }, (_, i) => {
    const [row, column] = [Math.floor(i / size), i % size];
    const [x, y] = [column * CELL + 1, row * CELL + 1];
    return svg`<rect class="cell ${kind(row, column)}" x=${x} y=${y} width=${CELL} height=${CELL}></rect>`;
  });
}

customElements.define("d-sandbox", Sandbox);
