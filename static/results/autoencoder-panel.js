/**
 * An autoencoder's answers: inputs beside what comes back, the bottleneck's width, and the plane of its code to walk
 * through.
 */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { sharp } from "../draw/canvas.js";
import { putPixels } from "../draw/pixels.js";
import { CLASS_COLORS, HIGHLIGHT, INK, theme } from "../core/colors.js";
import { short } from "../core/format.js";
import { markExits, towards } from "../draw/axes.js";
import { classSign } from "../draw/class-marks.js";
import { drawStroke } from "../draw/strokes.js";
import { SIDE, ruled } from "../draw/svg-axes.js";
import { t } from "../core/i18n.js";
import { watchSize } from "../core/powers.js";
import { check, locked, slider } from "../controls/controls.js";

/** @import {About} from "../types/page.d.ts" */

const COUNT = 6;
const WIDEST = 64;
const GRID = 9;
const STEP = 0.04;

class AutoencoderPanel extends Element {
  constructor() {
    super();
    this.size = 260;
    this.x = 0;
    this.y = 0;
    this.grid = false;
    this.first = 0;
    /** Ends of the axes on show. */ this.bounds = "";
    this.scrap = document.createElement("canvas");
  }

  firstUpdated() {
    watchSize(this, () => {
      const size = Math.max(180, Math.min(340, Math.floor(this.clientWidth)));
      if (size !== this.size) {
        this.size = size;
        this.requestUpdate();
      }
    });
  }

  willUpdate() {
    this.session.want(this, {
      reconstruction: { count: COUNT, first: this.first },
      latent: { x: this.x, y: this.y, grid: this.grid ? GRID : 0 },
    });
  }

  updated() {
    this.onFrame();
  }

  /** The layer that is the code, in the spec. */
  get code() {
    const id = this.session.about.latent?.layer;
    return this.session.spec.layers.findIndex((l) => l.id === id);
  }

  onFrame() {
    const { session } = this;
    for (const what of ["inputs", "outputs"]) {
      const tensor = session.tensor(`reconstruction/${what}`);
      if (!tensor) continue;
      const size = tensor.shape.slice(1).reduce((a, b) => a * b, 1);
      this.querySelectorAll(`canvas[data-what="${what}"]`).forEach((canvas, i) => {
        if (i < tensor.shape[0])
          putPixels(/** @type {HTMLCanvasElement} */ (canvas), tensor.data, tensor.shape.slice(1), i * size);
      });
    }
    const errors = session.tensor("reconstruction/error");
    this.querySelectorAll("[data-error]").forEach((slot, i) => {
      slot.textContent = errors ? short(errors.data[i]) : "";
    });
    const plane = /** @type {HTMLCanvasElement | null} */ (this.querySelector("canvas.latent"));
    const about = session.about.latent;
    if (Boolean(about?.layer) !== Boolean(plane)) {
      this.requestUpdate();
      return;
    }
    if (!plane || !about) return;
    this.paintPlane(plane, about);
    const decoded = session.tensor("latent/decoded");
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector("canvas.decoded"));
    if (decoded && canvas) putPixels(canvas, decoded.data, decoded.shape);
    const place = this.querySelector("[data-slot=place]");
    if (place) place.textContent = `(${short(about.x)}, ${short(about.y)})`;
  }

  /** @param {HTMLCanvasElement} canvas @param {About<"latent">} about */
  paintPlane(canvas, about) {
    const { session } = this;
    const size = this.size - SIDE;
    if (String(about.bounds) !== this.bounds) {
      this.bounds = String(about.bounds);
      this.requestUpdate();
    }
    canvas.style.width = canvas.style.height = `${size}px`;
    const to = sharp(canvas, size, size);
    to.fillStyle = INK[theme()].plot;
    to.fillRect(0, 0, size, size);
    const [[left, right], [low, high]] = about.bounds;
    const pictures = this.grid ? session.tensor("latent/pictures") : null;
    if (pictures) {
      const [n, , ...shape] = pictures.shape;
      const cell = size / n;
      const each = shape.reduce((a, b) => a * b, 1);
      for (let i = 0; i < n * n; i++) {
        putPixels(this.scrap, pictures.data, shape, i * each);
        to.drawImage(this.scrap, (i % n) * cell, Math.floor(i / n) * cell, cell, cell);
      }
    }
    const codes = session.tensor("latent/codes");
    const labels = session.tensor("latent/labels");
    const px = (/** @type {number} */ x) => ((x - left) / (right - left)) * size;
    const py = (/** @type {number} */ y) => (1 - (y - low) / (high - low)) * size;
    if (codes && labels && !pictures) {
      for (let i = 0; i < labels.data.length; i++) {
        to.fillStyle = CLASS_COLORS[labels.data[i] % CLASS_COLORS.length];
        to.beginPath();
        const [x, y] = [px(codes.data[2 * i]), py(codes.data[2 * i + 1])];
        to.arc(x, y, 2.4, 0, 7);
        to.fill();
        drawStroke(to, labels.data[i], x, y, 2.4, INK[theme()].plot);
      }
    }
    to.strokeStyle = HIGHLIGHT;
    to.lineWidth = 2;
    to.beginPath();
    const box = { left: 0, top: 0, right: size, bottom: size };
    const [x, y] = towards(px(about.x), py(about.y), box);
    if (x === px(about.x) && y === py(about.y)) to.arc(x, y, 7, 0, 7);
    else markExits(to, [[x, y]], box, HIGHLIGHT);
    to.stroke();
  }

  /** @param {number} across 0 … 1 @param {number} up 0 … 1 */
  go(across, up) {
    const bounds = this.session.about.latent?.bounds;
    if (!bounds) return;
    const [[left, right], [low, high]] = bounds;
    this.x = left + Math.max(0, Math.min(1, across)) * (right - left);
    this.y = low + Math.max(0, Math.min(1, up)) * (high - low);
    this.session.did("decoded");
    this.requestUpdate();
  }

  /** @param {PointerEvent} event */
  point(event) {
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    this.go((event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height);
  }

  /** @param {KeyboardEvent} event */
  walk(event) {
    const keys = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    const move = /** @type {Record<string, number[]>} */ (keys)[event.key];
    const bounds = this.session.about.latent?.bounds;
    if (!move || !bounds) return;
    event.preventDefault();
    const [[left, right], [low, high]] = bounds;
    this.go((this.x - left) / (right - left) + STEP * move[0], (this.y - low) / (high - low) + STEP * move[1]);
  }

  /** The plane of two units of the code, with its axes. @param {About<"latent">} about */
  plane(about) {
    const [[left, right], [low, high]] = about.bounds;
    const name = (/** @type {number} */ unit) => t("code_unit", { n: unit + 1 });
    const canvas = html`<canvas
      class="latent"
      tabindex="0"
      role="img"
      aria-label=${t("latent_help")}
      data-control="latent"
      @pointermove=${this.point}
      @pointerdown=${this.point}
      @keydown=${this.walk}
    ></canvas>`;
    return ruled(
      canvas,
      this.size - SIDE,
      { low: left, high: right, name: name(about.across) },
      { low, high, name: name(about.up) },
    );
  }

  render() {
    const { session, code } = this;
    const classes = session.data?.classes ?? [];
    const about = session.about.latent;
    const width = code >= 0 ? Number(session.spec.layers[code].units) : 0;
    return html` ${
        code >= 0
          ? slider({
              name: "bottleneck",
              label: t("bottleneck"),
              value: width,
              min: 1,
              max: WIDEST,
              show: (n) => t("units_n", { n }),
              change: (n) => session.set(`layers.${code}.units`, n, true),
            })
          : nothing
      }
      <div class="pairs" role="group" aria-label=${t("reconstructions")}>
        ${Array.from(
          { length: COUNT },
          () =>
            html`<figure>
              <canvas data-what="inputs" role="img" aria-label=${t("original")}></canvas
              ><canvas data-what="outputs" role="img" aria-label=${t("given_back")}></canvas>
              <figcaption dir="ltr" data-error></figcaption>
            </figure>`,
        )}
      </div>
      <p class="hint">${t("pairs_help")}</p>
      <div class="row">
        <button
          type="button"
          data-control="other_examples"
          @click=${() => {
            this.first += COUNT;
            this.requestUpdate();
          }}
        >
          ${t("other_examples")}
        </button>
      </div>
      ${
        about?.layer
          ? html`<h3>${t("latent_plane")}</h3>
              ${this.plane(about)}
              <div class="row">
                <canvas class="decoded" role="img" aria-label=${t("decoded")}></canvas>
                <div>
                  <p><bdi dir="ltr" data-slot="place"></bdi></p>
                  <p class="hint">${t("latent_help")}</p>
                  ${check({
                    name: "latent_grid",
                    label: t("latent_grid"),
                    checked: this.grid,
                    free: true,
                    change: (on) => {
                      this.grid = on;
                      this.requestUpdate();
                    },
                  })}
                </div>
              </div>
              <ul class="legend">
                ${
                  this.grid
                    ? nothing
                    : classes.map(
                        (/** @type {string} */ name, /** @type {number} */ i) =>
                          html`<li>
                            ${classSign(i)}
                            <bdi>${name}</bdi>
                          </li>`,
                      )
                }
              </ul>`
          : nothing
      }
      ${
        locked("probe")
          ? nothing
          : html`<details>
              <summary>${t("own_picture")}</summary>
              <d-digit></d-digit>
            </details>`
      }`;
  }
}

customElements.define("d-autoencoder", AutoencoderPanel);
