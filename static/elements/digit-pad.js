/** Draw a digit, centred and scaled as the data's were, and see what the network makes of it; or take one of the data. */

import { html } from "lit";
import { Element } from "../core/element.js";
import { sharp } from "../draw/canvas.js";
import { json } from "../core/api.js";
import { percent } from "../core/format.js";
import { t } from "../core/i18n.js";

const PAD = 196;
const EVERY_MS = 120;

class DigitPad extends Element {
  constructor() {
    super();
    /** @type {{x: number, y: number}[][]} */ this.strokes = [];
    /** @type {number[]} */ this.answer = [];
    /** @type {number[][][] | null} */ this.pixels = null;
    this.last = 0;
    this.truth = -1;
  }

  onFrame() {
    if (this.pixels && performance.now() - this.last > EVERY_MS * 4) this.ask();
  }

  /** @param {PointerEvent} event */
  down(event) {
    event.preventDefault();
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
    if (this.truth >= 0) this.clear();
    this.strokes.push([]);
    this.held = true;
    this.move(event);
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (!this.held) return;
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    this.strokes.at(-1)?.push({ x: ((event.clientX - box.left) / box.width) * PAD, y: ((event.clientY - box.top) / box.height) * PAD });
    this.paint();
    if (performance.now() - this.last > EVERY_MS) this.read();
  }

  up() {
    this.held = false;
    this.read();
  }

  clear() {
    this.strokes = [];
    this.answer = [];
    this.pixels = null;
    this.truth = -1;
    this.paint();
    this.requestUpdate();
  }

  paint() {
    const to = sharp(/** @type {HTMLCanvasElement} */ (this.find("canvas")), PAD, PAD);
    to.fillStyle = "#101418";
    to.fillRect(0, 0, PAD, PAD);
    if (this.truth >= 0 && this.pixels) {
      const n = this.pixels.length;
      const cell = PAD / n;
      this.pixels.forEach((row, r) => row.forEach((pixel, c) => {
        const [red, green, blue] = [0, 1, 2].map((k) => Math.round(pixel[Math.min(k, pixel.length - 1)] * 255));
        to.fillStyle = `rgb(${red} ${green} ${blue})`;
        to.fillRect(c * cell, r * cell, cell + 0.5, cell + 0.5);
      }));
      return;
    }
    drawStrokes(to, this.strokes, 14, 1, 0, 0);
  }

  /** Strokes → an n×n picture: scaled to fit 20/28 of it, centre of mass in the middle, as MNIST's were. */
  read() {
    const [n, , channels] = this.session.data?.shape ?? [28, 28, 1];
    const points = this.strokes.flat();
    if (!points.length) return;
    const xs = points.map((p) => p.x);
    const ys = points.map((p) => p.y);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const box = (n * 20) / 28;
    const pen = n * 0.085;
    const scale = (box - pen) / Math.max(right - left, bottom - top, 20);
    const fine = 4;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = n * fine;
    const to = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
    const render = (/** @type {number} */ dx, /** @type {number} */ dy) => {
      to.setTransform(1, 0, 0, 1, 0, 0);
      to.fillStyle = "#000";
      to.fillRect(0, 0, n * fine, n * fine);
      to.setTransform(fine, 0, 0, fine, 0, 0);
      drawStrokes(to, this.strokes, pen, scale, n / 2 - ((left + right) / 2) * scale + dx, n / 2 - ((top + bottom) / 2) * scale + dy);
      const raw = to.getImageData(0, 0, n * fine, n * fine).data;
      return Array.from({ length: n }, (_, r) => Array.from({ length: n }, (_, c) => {
        let sum = 0;
        for (let i = 0; i < fine; i++) for (let j = 0; j < fine; j++) sum += raw[4 * ((r * fine + i) * n * fine + c * fine + j)];
        return Array(channels).fill(sum / (fine * fine * 255));
      }));
    };
    const first = render(0, 0);
    let mass = 0;
    let mx = 0;
    let my = 0;
    first.forEach((row, r) => row.forEach(([v], c) => { mass += v; mx += v * (c + 0.5); my += v * (r + 0.5); }));
    this.pixels = mass ? render(n / 2 - mx / mass, n / 2 - my / mass) : first;
    this.ask();
  }

  async ask() {
    this.last = performance.now();
    const { run } = this.session;
    try {
      const answer = await json(`/runs/${run}/predict`, { inputs: [this.pixels] });
      this.answer = answer.outputs[0];
    } catch (error) {
      this.session.fail(error);
    }
    this.requestUpdate();
  }

  /** One of the data's own examples. */
  sample() {
    const { data } = this.session;
    const { x, y } = data.tensors;
    const i = Math.floor(Math.random() * y.data.length);
    const [n, m, channels] = data.shape;
    this.strokes = [];
    this.truth = y.data[i];
    this.pixels = Array.from({ length: n }, (_, r) => Array.from({ length: m }, (_, c) => Array.from({ length: channels }, (_, k) => x.data[((i * n + r) * m + c) * channels + k] / 255)));
    this.paint();
    this.ask();
  }

  firstUpdated() {
    this.paint();
  }

  render() {
    const best = this.answer.length ? this.answer.indexOf(Math.max(...this.answer)) : -1;
    const classes = this.session.data?.classes ?? [];
    return html`<div class="digit">
      <canvas width="196" height="196" role="img" aria-label=${t("draw_digit")} @pointerdown=${this.down} @pointermove=${this.move} @pointerup=${this.up} @pointercancel=${this.up}></canvas>
      <ol class="bars" dir="ltr" aria-label=${t("probabilities")}>${classes.map((/** @type {string} */ name, /** @type {number} */ i) => html`
        <li class=${i === best ? "best" : ""}><span>${name}</span><meter min="0" max="1" .value=${this.answer[i] ?? 0} aria-label=${name}></meter><span>${this.answer.length ? percent(this.answer[i]) : ""}</span></li>`)}</ol>
    </div>
    <p class="hint" aria-live="polite">${best >= 0 ? t("digit_answer", { digit: classes[best] }) + (this.truth >= 0 ? ` ${t("digit_truth", { digit: classes[this.truth] })}` : "") : t("draw_digit_help")}</p>
    <div class="row"><button type="button" data-control="digit_clear" @click=${this.clear}>${t("clear")}</button>
      <button type="button" data-control="digit_sample" @click=${this.sample}>${t("take_sample")}</button></div>`;
  }
}

/** @param {CanvasRenderingContext2D} to @param {{x: number, y: number}[][]} strokes @param {number} pen @param {number} scale @param {number} dx @param {number} dy */
function drawStrokes(to, strokes, pen, scale, dx, dy) {
  to.strokeStyle = to.fillStyle = "#fff";
  to.lineWidth = pen;
  to.lineCap = to.lineJoin = "round";
  for (const stroke of strokes) {
    to.beginPath();
    stroke.forEach((p, i) => (i ? to.lineTo(p.x * scale + dx, p.y * scale + dy) : to.moveTo(p.x * scale + dx, p.y * scale + dy)));
    if (stroke.length === 1) to.lineTo(stroke[0].x * scale + dx + 0.01, stroke[0].y * scale + dy);
    to.stroke();
  }
}

customElements.define("d-digit", DigitPad);
