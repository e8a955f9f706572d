/** What a detector finds, on pictures, while it trains: boxes beside the truth, p_c over the grid, thresholds. */

import { html, nothing } from "lit";
import { COUNT, DetectionElement, detection } from "./detection.js";
import { sharp } from "../draw/canvas.js";
import { boxColor, drawBox, drawGrid } from "../draw/boxes.js";
import { putPixels } from "../draw/pixels.js";
import { HIGHLIGHT, ON_PICTURE, theme } from "../core/colors.js";
import { SHARE, tableOf } from "../core/scales.js";
import { t } from "../core/i18n.js";
import { watchSize } from "../core/powers.js";
import { check, slider } from "../controls/controls.js";
import "../controls/digit-pad.js";

/** @import {Tensor} from "../core/safetensors.js" */

class DetectorPanel extends DetectionElement {
  constructor() {
    super();
    this.size = 130;
    this.tile = document.createElement("canvas");
  }

  firstUpdated() {
    watchSize(this.find(".detector-pictures"), (width) => {
      const size = Math.max(90, Math.floor((width - 6) / 2));
      if (size !== this.size) {
        this.size = size;
        this.requestUpdate();
      }
    });
  }

  get landmarks() {
    return this.session.data?.task === "landmarks";
  }

  willUpdate() {
    detection.fetch();
    const { part, first, count } = detection.shown;
    const { confidence, iou } = detection.shown;
    const faces = this.session.spec?.pretrained ? { face_landmarks: { part, first, count, confidence, iou } } : {};
    this.session.want(this, this.landmarks ? { points: { part, first, count } } : { boxes: detection.shown, ...faces });
  }

  updated() {
    this.onFrame();
  }

  onFrame() {
    for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (this.querySelectorAll("canvas[data-picture]")))
      this.paint(canvas, Number(canvas.dataset.picture));
    const lost = this.querySelector("[data-slot=lost]");
    if (lost)
      lost.textContent = this.session.about.boxes?.lost ? t("lost_objects", { n: this.session.about.boxes.lost }) : "";
  }

  /** @param {HTMLCanvasElement} canvas @param {number} number */
  paint(canvas, number) {
    const { session, size } = this;
    canvas.style.width = canvas.style.height = `${size}px`;
    const to = sharp(canvas, size, size);
    const own = session.picture && number === 0 ? session.picture : null;
    const pictures = detection.pictures;
    if (!own && (!pictures || number >= pictures.shape[0])) return;
    const shape = own && session.data ? session.data.shape : /** @type {Tensor} */ (pictures).shape.slice(1);
    const each = shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    putPixels(this.tile, own ?? /** @type {Tensor} */ (pictures).data, shape, own ? 0 : number * each);
    to.imageSmoothingEnabled = shape[0] > 80;
    to.drawImage(this.tile, 0, 0, size, size);
    if (this.landmarks) this.points(to, number, Boolean(own));
    else this.boxes(to, number);
  }

  /** @param {CanvasRenderingContext2D} to @param {number} number @param {boolean} own */
  points(to, number, own) {
    const found = this.session.tensor("points/found");
    const truth = this.session.tensor("points/truth");
    if (!found || !truth) return;
    const n = found.shape[1];
    for (const [tensor, color] of /** @type {[Tensor | null, string][]} */ ([
      [own || !detection.truth ? null : truth, ON_PICTURE.white],
      [found, HIGHLIGHT],
    ])) {
      if (!tensor) continue;
      for (let i = 0; i < n; i++) {
        const at = (number * n + i) * 2;
        to.beginPath();
        to.arc(tensor.data[at] * this.size, tensor.data[at + 1] * this.size, tensor === truth ? 4 : 2.6, 0, 7);
        to.lineWidth = 1.6;
        to.strokeStyle = tensor === truth ? color : ON_PICTURE.black;
        if (tensor === found) {
          to.fillStyle = color;
          to.fill();
        }
        to.stroke();
      }
    }
  }

  /** @param {CanvasRenderingContext2D} to @param {number} number */
  boxes(to, number) {
    const { session, size } = this;
    const about = session.about.boxes;
    const found = session.tensor("boxes/found");
    if (!about?.grid || !found) return;
    const [rows, columns] = about.grid;
    this.drawHeat(to, number, rows, columns);
    this.drawTruth(to, number, rows, columns);
    for (let i = found.shape[0] - 1; i >= 0; i--) {
      const line = found.data.subarray(i * 7, i * 7 + 7);
      if (line[0] !== number) continue;
      drawBox(to, size, line.subarray(1, 5), boxColor(line[5]), {
        label: `${about.classes[line[5]] ?? ""} ${Math.round(100 * line[6])}`,
      });
    }
    this.drawLandmarks(to, number);
    if (number === detection.picture && detection.row >= 0) {
      to.strokeStyle = ON_PICTURE.chosen;
      to.lineWidth = 2;
      to.strokeRect((detection.column / columns) * size, (detection.row / rows) * size, size / columns, size / rows);
    }
  }

  /**
   * How certain the cells are, laid over the picture.
   * @param {CanvasRenderingContext2D} to @param {number} number @param {number} rows @param {number} columns
   */
  drawHeat(to, number, rows, columns) {
    const { size } = this;
    const heat = this.session.tensor("boxes/heat");
    if (!detection.heat || !heat) return;
    const colors = tableOf(SHARE, 0, 1, theme());
    const image = new ImageData(columns, rows);
    const words = new Uint32Array(image.data.buffer);
    for (let i = 0; i < rows * columns; i++)
      words[i] = (colors[heat.data[number * rows * columns + i]] & 0xffffff) | ON_PICTURE.overCells;
    [this.tile.width, this.tile.height] = [columns, rows];
    /** @type {CanvasRenderingContext2D} */ (this.tile.getContext("2d")).putImageData(image, 0, 0);
    to.imageSmoothingEnabled = false;
    to.drawImage(this.tile, 0, 0, size, size);
    drawGrid(to, size, rows, columns);
  }

  /**
   * What is really there, and the cells that have to say so.
   * @param {CanvasRenderingContext2D} to @param {number} number @param {number} rows @param {number} columns
   */
  drawTruth(to, number, rows, columns) {
    const { size } = this;
    const truth = this.session.tensor("boxes/truth");
    if (!detection.truth || !truth) return;
    for (let i = 0; i < truth.shape[0]; i++) {
      const line = truth.data.subarray(i * 9, i * 9 + 9);
      if (line[0] !== number) continue;
      if (line[6] >= 0 && rows > 1) {
        to.fillStyle = ON_PICTURE.responsible;
        to.fillRect((line[7] / columns) * size, (line[6] / rows) * size, size / columns, size / rows);
      }
      drawBox(to, size, line.subarray(1, 5), line[6] < 0 ? ON_PICTURE.missed : ON_PICTURE.white, {
        dash: [4, 3],
        width: 1.2,
      });
    }
  }

  /** Eyes, nose and mouth of the faces that were found. @param {CanvasRenderingContext2D} to @param {number} number */
  drawLandmarks(to, number) {
    const { session, size } = this;
    const points = session.spec.pretrained ? session.tensor("face_landmarks/points") : null;
    const where = session.tensor("face_landmarks/picture");
    if (!points || !where) return;
    to.fillStyle = ON_PICTURE.landmark;
    for (let face = 0; face < where.data.length; face++) {
      if (where.data[face] !== number) continue;
      for (let i = 68 * face; i < 68 * (face + 1); i++)
        to.fillRect(points.data[2 * i] * size - 0.8, points.data[2 * i + 1] * size - 0.8, 1.6, 1.6);
    }
  }

  /** A cell to take apart. @param {PointerEvent} event @param {number} number */
  point(event, number) {
    const grid = this.session.about.boxes?.grid;
    if (!grid) return;
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * grid[1]);
    const row = Math.floor(((event.clientY - box.top) / box.height) * grid[0]);
    detection.set({ picture: number, row, column, tab: "cell" });
  }

  /** @param {KeyboardEvent} event @param {number} number */
  walk(event, number) {
    const keys = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const move = /** @type {Record<string, number[]>} */ (keys)[event.key];
    const grid = this.session.about.boxes?.grid;
    if (!move || !grid) return;
    event.preventDefault();
    const inside = (/** @type {number} */ v, /** @type {number} */ n) => Math.max(0, Math.min(n - 1, v));
    detection.set({
      picture: number,
      row: inside(detection.row + move[0], grid[0]),
      column: inside(detection.column + move[1], grid[1]),
    });
  }

  render() {
    return html`<div class="detector-pictures">
        ${Array.from(
          { length: COUNT },
          (_, i) =>
            html`<canvas
              data-picture=${i}
              tabindex="0"
              role="img"
              aria-label=${t("picture_n", { n: detection.first + i + 1 })}
              class=${!this.landmarks && i === detection.picture ? "chosen" : ""}
              @pointerdown=${(/** @type {On<HTMLCanvasElement, PointerEvent>} */ e) => this.point(e, i)}
              @keydown=${(/** @type {On<HTMLCanvasElement, KeyboardEvent>} */ e) => this.walk(e, i)}
            ></canvas>`,
        )}
      </div>
      <div class="detector-tools">
        <div class="row">
          <button
            type="button"
            data-control="other_pictures"
            @click=${() => detection.set({ first: detection.first + COUNT })}
          >
            ${t("other_examples")}
          </button>
          ${check({
            name: "show_truth",
            label: t("show_truth"),
            checked: detection.truth,
            free: true,
            change: (on) => detection.set({ truth: on }),
          })}
          ${
            this.landmarks
              ? nothing
              : check({
                  name: "show_heat",
                  label: t("show_heat"),
                  checked: detection.heat,
                  free: true,
                  change: (on) => detection.set({ heat: on }),
                })
          }
        </div>
        ${
          this.landmarks
            ? html`<p class="hint">${t("landmarks_help")}</p>`
            : html` ${slider({
                  name: "confidence",
                  label: t("confidence"),
                  value: detection.confidence,
                  min: 0.01,
                  max: 0.99,
                  step: 0.01,
                  show: (v) => v.toFixed(2),
                  change: (v) => detection.set({ confidence: v }),
                  free: true,
                })}
                ${slider({
                  name: "iou",
                  label: t("iou_threshold"),
                  value: detection.iou,
                  min: 0.05,
                  max: 0.95,
                  step: 0.05,
                  show: (v) => v.toFixed(2),
                  change: (v) => detection.set({ iou: v }),
                  free: true,
                })}
                ${check({
                  name: "by_class",
                  label: t("by_class"),
                  checked: detection.byClass,
                  free: true,
                  change: (on) => detection.set({ byClass: on }),
                })}
                <p class="hint">${t("detector_help")}</p>
                <p class="hint" data-slot="lost"></p>`
        }
        <details>
          <summary>${t("own_picture")}</summary>
          <d-digit></d-digit>
        </details>
      </div>`;
  }
}

customElements.define("d-detector", DetectorPanel);
