/**
 * A classifier slid over a scene: the window sweeps, hits light up, and one pass of the convolutional net says the
 * same.
 */

import { html, nothing } from "lit";
import { Panel } from "../core/panel.js";
import { sharp } from "../draw/canvas.js";
import { boxColor, drawBox } from "../draw/boxes.js";
import { putPixels } from "../draw/pixels.js";
import { refused } from "../core/api.js";
import { ON_PICTURE, theme } from "../core/colors.js";
import { SHARE, pixelOf } from "../core/scales.js";
import { counted, short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { check, slider, closeButton } from "../controls/controls.js";

/** @import {About} from "../types/page.d.ts" */

const SIDE = 288;
const SWEEP_MS = 24;

/** @typedef {import("../core/safetensors.js").Tensor} Tensor */

class SlidingPanel extends Panel {
  constructor() {
    super();
    this.scene = 0;
    this.stride = 8;
    this.confidence = 0.8;
    this.at = -1;
    this.heat = false;
    this.tile = document.createElement("canvas");
  }

  willUpdate() {
    this.session.want(
      this,
      this.opened ? { sliding: { scene: this.scene, stride: this.stride, confidence: this.confidence } } : null,
    );
  }

  updated() {
    this.onFrame();
  }

  onFrame() {
    const { session } = this;
    const about = session.about.sliding;
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector("canvas"));
    const picture = session.tensor("sliding/picture");
    const crops = session.tensor("sliding/crops");
    const hits = session.tensor("sliding/hits");
    if (!canvas || !picture || !crops || !about) return;
    canvas.style.width = canvas.style.height = `${SIDE}px`;
    const to = sharp(canvas, SIDE, SIDE);
    putPixels(this.tile, picture.data, picture.shape);
    to.imageSmoothingEnabled = false;
    to.drawImage(this.tile, 0, 0, SIDE, SIDE);
    const [rows, columns] = crops.shape;
    const pass = session.tensor("sliding/pass");
    if (this.heat && pass) this.cover(to, pass, about);
    const end = this.at < 0 ? rows * columns : this.at;
    if (hits) drawHits(to, hits, about, columns, end);
    this.put("now", this.at < 0 ? "" : this.window(to, crops, about));
    this.tell(about);
  }

  /**
   * The window where it stands now, and what it sees.
   * @param {CanvasRenderingContext2D} to @param {Tensor} crops @param {About<"sliding">} about
   */
  window(to, crops, about) {
    const [, columns, classes] = crops.shape;
    const part = about.window / about.side;
    const x = ((this.at % columns) * about.stride) / about.side;
    const y = (Math.floor(this.at / columns) * about.stride) / about.side;
    drawBox(to, SIDE, [x, y, x + part, y + part], ON_PICTURE.white, { width: 2.5 });
    const shares = crops.data.subarray(this.at * classes, (this.at + 1) * classes);
    const best = shares.indexOf(Math.max(...shares));
    return `${about.classes[best]} ${short(shares[best])}`;
  }

  /** What both ways cost. @param {About<"sliding">} about */
  tell(about) {
    const cost = (/** @type {number} */ multiplications, /** @type {number} */ seconds) =>
      `${counted(multiplications)} · ${(1000 * seconds).toFixed(1)} ms`;
    const { pass_multiplications: passed = Number.NaN, pass_seconds: seconds = Number.NaN } = about;
    this.put("windows", String(about.windows));
    this.put("crop_cost", cost(about.crop_multiplications, about.crop_seconds));
    if (about.refusal) refused(about.refusal).then(({ message }) => this.put("pass_cost", message));
    else this.put("pass_cost", cost(passed, seconds));
    const saving = { times: short(about.crop_multiplications / passed), faster: short(about.crop_seconds / seconds) };
    this.put("saving", about.refusal ? "" : t("sliding_saving", saving));
    const far = about.difference?.toExponential(1);
    this.put("difference", far === undefined ? "" : t("sliding_same", { n: far }));
  }

  /**
   * The one pass's certainty that there is something, window by window.
   * @param {CanvasRenderingContext2D} to
   * @param {Tensor} pass
   * @param {About<"sliding">} about
   */
  cover(to, pass, about) {
    const [rows, columns, classes] = pass.shape;
    const image = new ImageData(columns, rows);
    const words = new Uint32Array(image.data.buffer);
    for (let i = 0; i < rows * columns; i++)
      words[i] = (pixelOf(1 - pass.data[i * classes], SHARE, theme()) & 0xffffff) | ON_PICTURE.overPass;
    [this.tile.width, this.tile.height] = [columns, rows];
    /** @type {CanvasRenderingContext2D} */ (this.tile.getContext("2d")).putImageData(image, 0, 0);
    const half = about.window / about.side / 2;
    const cell = (about.pass_stride ?? 0) / about.side;
    const reach = (columns - 1) * cell;
    to.drawImage(
      this.tile,
      (half - cell / 2) * SIDE,
      (half - cell / 2) * SIDE,
      (reach + cell) * SIDE,
      (reach + cell) * SIDE,
    );
  }

  sweep() {
    this.at = 0;
    this.every(SWEEP_MS, () => {
      const all = this.session.about.sliding?.windows ?? 0;
      this.at++;
      if (this.at >= all) {
        this.rest();
        this.at = -1;
        this.session.did("swept");
      }
      this.onFrame();
    });
  }

  render() {
    if (!this.opened) return nothing;
    return html`<div class="card sliding">
      <header class="row">
        <h2>${t("sliding")}</h2>
        ${closeButton(() => this.close())}
      </header>
      <div class="sandbox-body">
        <canvas role="img" aria-label=${t("sliding")}></canvas>
        <div class="sandbox-sliders">
          ${slider({
            name: "sliding_stride",
            label: t("sandbox_stride"),
            value: this.stride,
            min: 2,
            max: 32,
            step: 2,
            show: String,
            change: (v) => {
              this.stride = v;
              this.at = -1;
              this.requestUpdate();
            },
            free: true,
          })}
          ${slider({
            name: "sliding_confidence",
            label: t("confidence"),
            value: this.confidence,
            min: 0.05,
            max: 0.99,
            step: 0.01,
            show: (v) => v.toFixed(2),
            change: (v) => {
              this.confidence = v;
              this.requestUpdate();
            },
            free: true,
          })}
          <div class="row">
            <button type="button" class="primary" data-control="sweep" @click=${this.sweep}>${t("sweep")}</button>
            <button
              type="button"
              data-control="other_scene"
              @click=${() => {
                this.scene++;
                this.at = -1;
                this.requestUpdate();
              }}
            >
              ${t("other_scene")}
            </button>
          </div>
          <p><bdi data-slot="now"></bdi>&nbsp;</p>
          <dl class="costs">
            <dt>${t("sliding_crops")} (<bdi data-slot="windows"></bdi>)</dt>
            <dd dir="ltr" data-slot="crop_cost"></dd>
            <dt>${t("sliding_pass")}</dt>
            <dd dir="ltr" data-slot="pass_cost"></dd>
          </dl>
          <p data-slot="saving"></p>
          <p class="hint" data-slot="difference"></p>
          ${check({
            name: "sliding_heat",
            label: t("sliding_heat"),
            checked: this.heat,
            free: true,
            change: (on) => {
              this.heat = on;
              this.requestUpdate();
            },
          })}
        </div>
      </div>
    </div>`;
  }
}

/**
 * What has been found up to the window's place.
 * @param {CanvasRenderingContext2D} to @param {Tensor} hits @param {About<"sliding">} about
 * @param {number} columns @param {number} end
 */
function drawHits(to, hits, about, columns, end) {
  for (let i = 0; i < hits.shape[0]; i++) {
    const line = hits.data.subarray(6 * i, 6 * i + 6);
    const row = Math.round((line[1] * about.side) / about.stride);
    const column = Math.round((line[0] * about.side) / about.stride);
    if (row * columns + column <= end) drawBox(to, SIDE, line, boxColor(line[4]), { width: 1.6 });
  }
}

customElements.define("d-sliding", SlidingPanel);
