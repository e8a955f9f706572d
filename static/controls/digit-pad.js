/**
 * A picture for the network to answer to: drawn (centred and scaled as MNIST's were), one of the data's, a file, or the
 * camera. It becomes the run's probe, so that every layer of the network answers to it.
 */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { sharp } from "../draw/canvas.js";
import { drawStrokes, putPixels, squarePixels } from "../draw/pixels.js";
import { json } from "../core/api.js";
import { closeCamera, openCamera } from "../settings/camera.js";
import { percent } from "../core/format.js";
import { t } from "../core/i18n.js";
import { decodePicture } from "../core/powers.js";
import { ON_PICTURE } from "../core/colors.js";

const PAD = 196;
const EVERY_MS = 100;
/** Who may not steer has no frame of its own picture and asks for it so often at most. */
const ASK_MS = 1000;
const MOST_BARS = 10;

class DigitPad extends Element {
  static shows = ["activations"];

  constructor() {
    super();
    /** @type {{x: number, y: number}[][]} */ this.strokes = [];
    /** @type {number[]} */ this.answer = [];
    /** @type {Uint8Array | null} */ this.pixels = null;
    /** @type {HTMLVideoElement | null} */ this.video = null;
    /** Of which moment an answer is that was asked for. @type {import("../core/moment.js").Said | null} */ this.asked =
      null;
    this.askedAt = 0;
    this.last = 0;
    this.truth = -1;
    this.drawn = false;
    this.key = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.next = undefined;
  }

  disconnectedCallback() {
    closeCamera(this.video);
    this.video = null;
    super.disconnectedCallback();
  }

  get showing() {
    return this.answer.length > 0;
  }

  /** @returns {number[]} */
  get shape() {
    return this.session.data?.shape ?? [28, 28, 1];
  }

  /** Whether drawing makes sense: white strokes on black, as the data are. */
  get drawable() {
    return this.shape[2] === 1 && this.shape[0] <= 32 && this.session.spec?.data.name !== "textures";
  }

  /** Whether there are classes to choose from. */
  get answers() {
    return this.session.data?.task === "multiclass";
  }

  willUpdate() {
    const key = [this.session.run, this.shape.join()].join();
    if (key !== this.key) {
      this.key = key;
      this.forget();
    }
    this.follow();
  }

  onFrame() {
    this.read();
    this.askAgain();
    if (!this.drawable && !this.pixels) this.paint();
    if (this.video && performance.now() - this.last > EVERY_MS) this.shoot();
  }

  /** The answer of the last layer, from the newest frame. */
  read() {
    if (!this.answers || !this.pixels || this.session.about.activations?.index !== -1) return;
    const last = this.session.layers.at(-1)?.id;
    const found = this.session.tensor(`activations/${last}/a`);
    if (!found || String(found.data) === String(this.answer)) return;
    this.answer = Array.from(found.data);
    this.requestUpdate();
  }

  /** Who may not steer asks for an answer by REST. */
  async ask() {
    if (this.session.maySteer || !this.answers || !this.pixels) return;
    const [rows, columns, channels] = this.shape;
    const { pixels } = this;
    const picture = Array.from({ length: rows }, (_, r) =>
      Array.from({ length: columns }, (_, c) =>
        Array.from({ length: channels }, (_, k) => pixels[(r * columns + c) * channels + k] / 255),
      ),
    );
    try {
      this.askedAt = performance.now();
      const { outputs, step, revision } = await json(`/runs/${this.session.run}/predict`, { inputs: [picture] });
      if (pixels !== this.pixels) return;
      this.answer = outputs[0];
      this.asked = { at: { step, revision } };
      this.standAt();
    } catch (error) {
      this.session.fail(error);
    }
    this.requestUpdate();
  }

  /** The answer is older than what is on show: another one, but not with every frame. */
  askAgain() {
    const older = this.asked && this.session.standing([], [this.asked]).standing !== "same";
    if (older && performance.now() - this.askedAt > ASK_MS) this.ask();
  }

  /** @returns {import("../core/moment.js").Said[]} */
  get fetched() {
    return this.asked ? [this.asked] : [];
  }

  /** @param {Uint8Array} pixels */
  show(pixels) {
    this.pixels = pixels;
    this.last = performance.now();
    this.session.probe(pixels);
    this.ask();
  }

  /** A picture that another panel has shown to the network appears here too. */
  follow() {
    const { picture } = this.session;
    if (!picture || picture === this.pixels || this.held || this.video) return;
    this.forget();
    this.pixels = picture;
    this.ask();
  }

  forget() {
    this.strokes = [];
    this.answer = [];
    this.asked = null;
    this.pixels = null;
    this.truth = -1;
    this.drawn = false;
    closeCamera(this.video);
    this.video = null;
  }

  clear() {
    this.forget();
    this.session.probe(null);
    this.requestUpdate();
  }

  // -- drawing ----------------------------------------------------------------------------------------------------
  /** @param {PointerEvent} event */
  down(event) {
    if (!this.drawable) return;
    event.preventDefault();
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
    if (!this.drawn) this.forget();
    this.drawn = true;
    this.strokes.push([]);
    this.held = true;
    this.move(event);
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (!this.held) return;
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    this.strokes
      .at(-1)
      ?.push({ x: ((event.clientX - box.left) / box.width) * PAD, y: ((event.clientY - box.top) / box.height) * PAD });
    this.paint();
    if (performance.now() - this.last > EVERY_MS) this.trace();
  }

  up() {
    if (!this.held) return;
    this.held = false;
    this.trace();
    this.requestUpdate();
  }

  paint() {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector("canvas"));
    if (!canvas) return;
    if (this.pixels && !this.drawn) {
      putPixels(canvas, this.pixels, this.shape);
      return;
    }
    const row = this.session.about.activations?.row ?? Infinity;
    const pixels = this.session.data?.tensors.x;
    if (!this.drawable && !this.drawn && pixels?.shape.length === 4 && row < pixels.shape[0]) {
      putPixels(canvas, pixels.data, this.shape, row * this.shape.reduce((a, b) => a * b, 1));
      return;
    }
    const to = sharp(canvas, PAD, PAD);
    to.fillStyle = ON_PICTURE.slate;
    to.fillRect(0, 0, PAD, PAD);
    drawStrokes(to, this.strokes, 14, 1, 0, 0);
  }

  updated() {
    this.paint();
  }

  /** Strokes → an n×n picture: scaled to fit 20/28 of it, centre of mass in the middle, as MNIST's were. */
  trace() {
    const [n] = this.shape;
    const points = this.strokes.flat();
    if (!points.length) return;
    const xs = points.map((p) => p.x);
    const ys = points.map((p) => p.y);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const pen = n * 0.085;
    const scale = ((n * 20) / 28 - pen) / Math.max(right - left, bottom - top, 20);
    const fine = 4;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = n * fine;
    const to = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
    const render = (/** @type {number} */ dx, /** @type {number} */ dy) => {
      to.setTransform(1, 0, 0, 1, 0, 0);
      to.fillStyle = ON_PICTURE.black;
      to.fillRect(0, 0, n * fine, n * fine);
      to.setTransform(fine, 0, 0, fine, 0, 0);
      drawStrokes(
        to,
        this.strokes,
        pen,
        scale,
        n / 2 - ((left + right) / 2) * scale + dx,
        n / 2 - ((top + bottom) / 2) * scale + dy,
      );
      const raw = to.getImageData(0, 0, n * fine, n * fine).data;
      const out = new Uint8Array(n * n);
      for (let r = 0; r < n; r++)
        for (let c = 0; c < n; c++) {
          let sum = 0;
          for (let i = 0; i < fine; i++)
            for (let j = 0; j < fine; j++) sum += raw[4 * ((r * fine + i) * n * fine + c * fine + j)];
          out[r * n + c] = Math.round(sum / (fine * fine));
        }
      return out;
    };
    const first = render(0, 0);
    let [mass, mx, my] = [0, 0, 0];
    first.forEach((v, i) => {
      mass += v;
      mx += v * ((i % n) + 0.5);
      my += v * (Math.floor(i / n) + 0.5);
    });
    this.show(mass ? render(n / 2 - mx / mass, n / 2 - my / mass) : first);
  }

  // -- other sources ----------------------------------------------------------------------------------------------
  /** One of the data's own examples. */
  sample() {
    if (!this.session.data) return;
    const { x, y } = this.session.data.tensors;
    const i = Math.floor(Math.random() * y.data.length);
    const size = this.shape.reduce((a, b) => a * b, 1);
    this.forget();
    this.truth = y.data[i];
    this.show(Uint8Array.from(x.data.slice(i * size, (i + 1) * size)));
    this.requestUpdate();
  }

  /** @param {File} file */
  async file(file) {
    try {
      const picture = await decodePicture(file);
      this.forget();
      this.show(squarePixels(picture, picture.width, picture.height, this.shape));
    } catch {
      this.session.tell(t("file_no_picture", { name: file.name }), "error");
    }
    this.requestUpdate();
  }

  async camera() {
    if (this.video) {
      closeCamera(this.video);
      this.video = null;
      this.requestUpdate();
      return;
    }
    try {
      const video = await openCamera();
      this.forget();
      this.video = video;
      this.shoot();
    } catch (error) {
      this.session.tell(t("camera_failed", { why: error instanceof Error ? error.message : String(error) }), "error");
    }
    this.requestUpdate();
  }

  /** The picture the camera sees now. While nothing trains no frames come, so it also calls itself. */
  shoot() {
    if (!this.video) return;
    clearTimeout(this.next);
    this.show(squarePixels(this.video, this.video.videoWidth, this.video.videoHeight, this.shape));
    this.paint();
    this.next = setTimeout(() => this.shoot(), EVERY_MS);
  }

  // -- page -------------------------------------------------------------------------------------------------------
  render() {
    const classes = this.session.data?.classes ?? [];
    const best = this.answer.length ? this.answer.indexOf(Math.max(...this.answer)) : -1;
    const order = classes.map((/** @type {string} */ _, /** @type {number} */ i) => i);
    const shown =
      classes.length > MOST_BARS
        ? order
            .sort((/** @type {number} */ a, /** @type {number} */ b) => (this.answer[b] ?? 0) - (this.answer[a] ?? 0))
            .slice(0, MOST_BARS)
        : order;
    const words =
      best >= 0
        ? t("digit_answer", { digit: classes[best] }) +
          (this.truth >= 0 ? ` ${t("digit_truth", { digit: classes[this.truth] })}` : "")
        : t(this.drawable ? "draw_digit_help" : "probe_help");
    return html`<div class="digit">
        <canvas
          class=${this.drawable ? "drawable" : ""}
          width="196"
          height="196"
          role="img"
          aria-label=${t(this.drawable ? "draw_digit" : "probe_picture")}
          @pointerdown=${this.down}
          @pointermove=${this.move}
          @pointerup=${this.up}
          @pointercancel=${this.up}
        ></canvas>
        ${
          this.answers
            ? html`<ol class="bars" dir="ltr" aria-label=${t("probabilities")}>
                ${shown.map(
                  (/** @type {number} */ i) =>
                    html` <li class=${i === best ? "best" : ""}>
                      <span>${classes[i]}</span
                      ><meter min="0" max="1" .value=${this.answer[i] ?? 0} aria-label=${classes[i]}></meter
                      ><span>${this.answer.length ? percent(this.answer[i]) : ""}</span>
                    </li>`,
                )}
              </ol>`
            : nothing
        }
      </div>
      <p class="hint" aria-live="polite">
        ${this.answers ? words : t(this.drawable ? "draw_digit_help" : "probe_help")}
      </p>
      <div class="row">
        <button type="button" data-control="digit_clear" @click=${this.clear}>${t("clear")}</button>
        <button type="button" data-control="digit_sample" @click=${this.sample}>${t("take_sample")}</button>
        <label class="button"
          ><input
            class="visually-hidden"
            type="file"
            accept="image/*"
            data-control="probe_file"
            @change=${(/** @type {OnFiles} */ e) => {
              if (e.target.files[0]) this.file(e.target.files[0]);
              e.target.value = "";
            }}
          />${t("probe_file")}</label
        >
        <button type="button" data-control="probe_camera" aria-pressed=${Boolean(this.video)} @click=${this.camera}>
          ${t(this.video ? "camera_stop" : "camera")}
        </button>
      </div>`;
  }
}

customElements.define("d-digit", DigitPad);
