/* eslint max-lines: ["error", 460] -- one dialog: files in, a pen, files out */
/**
 * Boxes on the visitor's own pictures: drawn by mouse, finger or keyboard; brought as COCO JSON or YOLO text, and taken
 * along.
 */

import { html, nothing } from "lit";
import { wholeCatalog } from "../core/catalog.js";
import { Dialog } from "../core/panel.js";
import { PICTURE, request } from "../core/api.js";
import { sharp } from "../draw/canvas.js";
import { boxColor, drawBox } from "../draw/boxes.js";
import { t } from "../core/i18n.js";
import { decodePicture } from "../core/powers.js";
import { closeButton } from "../controls/controls.js";
import * as icons from "../controls/icons.js";

/** @import {UploadedBoxes, Coco} from "../types/page.d.ts" */

const SIDE = 420;
const LEAST = 6;
const MOVE = 4;
/** Pixels to either side of a rim that hold the box. */
const RIM = 8;

/** @typedef {{label: number, x: number, y: number, w: number, h: number}} Box in pixels of the picture */
/** @typedef {{file: File, bitmap: ImageBitmap | HTMLImageElement, boxes: Box[]}} Picture */

class BoxesDialog extends Dialog {
  constructor() {
    super();
    /** @type {Picture[]} */ this.pictures = [];
    /** @type {string[]} */ this.classes = [""];
    this.at = 0;
    this.label = 0;
    this.chosen = -1;
    this.error = "";
    this.busy = false;
    this.upload = "";
    /** @type {{x: number, y: number, box: number, from: Box} | null} */ this.held = null;
  }

  get picture() {
    return this.pictures[this.at];
  }

  /** How many CSS pixels a pixel of the picture takes. */
  get scale() {
    const { bitmap } = this.picture;
    return SIDE / Math.max(bitmap.width, bitmap.height);
  }

  // -- files ------------------------------------------------------------------------------------------------------
  /** Pictures, and annotations beside them: the server reads those, as it does for programs. @param {FileList} files */
  async bring(files) {
    this.error = "";
    const all = [...files]; // the list empties itself when the field is cleared
    const chosen = all.filter((file) => PICTURE.test(file.name));
    try {
      const fresh = await Promise.all(
        chosen.map(async (file) => ({ file, bitmap: await decodePicture(file), boxes: /** @type {Box[]} */ ([]) })),
      );
      this.pictures.push(...fresh);
      this.at = Math.max(0, this.pictures.length - fresh.length);
    } catch {
      this.error = t("file_no_picture", { name: "" });
    }
    const texts = all.filter((file) => /\.(json|txt)$/i.test(file.name));
    if (texts.length && this.pictures.length) {
      const form = new FormData();
      for (const { file } of this.pictures) form.append("files", file, file.name);
      for (const file of texts) form.append("files", file, file.name);
      const made = await this.post(form);
      if (made?.kind === "boxes") this.adopt(made);
    }
    this.requestUpdate();
  }

  /** @param {UploadedBoxes} made what the server read */
  adopt(made) {
    this.classes = made.classes;
    for (const image of made.images) {
      const mine = this.pictures.find(({ file }) => file.name === image.file);
      if (mine) mine.boxes = image.boxes.map((/** @type {number[]} */ [label, x, y, w, h]) => ({ label, x, y, w, h }));
    }
    this.upload = made.id;
    this.requestUpdate();
  }

  /** @param {FormData} form */
  async post(form) {
    this.busy = true;
    this.requestUpdate();
    try {
      return await (await request("/datasets", { method: "POST", body: form })).json();
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
      return null;
    } finally {
      this.busy = false;
      this.requestUpdate();
    }
  }

  /** The boxes as COCO JSON, beside their pictures. */
  async send() {
    this.error = "";
    const form = new FormData();
    /** @type {Coco} */ const coco = {
      images: [],
      annotations: [],
      categories: this.classes.map((name, id) => ({ id, name: name.trim() || t("class_n", { n: id + 1 }) })),
    };
    this.pictures.forEach(({ file, bitmap, boxes }, image) => {
      form.append("files", file, file.name);
      coco.images.push({ id: image, file_name: file.name, width: bitmap.width, height: bitmap.height });
      for (const { label, x, y, w, h } of boxes)
        coco.annotations.push({
          id: coco.annotations.length + 1,
          image_id: image,
          category_id: label,
          bbox: [x, y, w, h],
          area: w * h,
          iscrowd: 0,
        });
    });
    form.append("files", new Blob([JSON.stringify(coco)], { type: "application/json" }), "annotations.json");
    const made = await this.post(form);
    if (made) this.adopt(made);
    return made;
  }

  async use() {
    const made = await this.send();
    if (!made) return;
    const { session } = this;
    const { labs } = await wholeCatalog();
    const preset = labs.find((p) => p.id === "yolo").spec;
    const grid = session.data?.task === "detection" ? session.spec : preset;
    const data = { ...preset.data, name: "own_boxes", upload: made.id, size: 96, split: { train: 0.7, cv: 0.15 } };
    if (
      await session.set("", {
        ...grid,
        data,
        pretrained: null,
        batch_size: 4,
        optimizer: { name: "Adam", learning_rate: 0.002 },
      })
    )
      this.close();
    else this.error = session.notice?.text ?? "";
    this.requestUpdate();
  }

  // -- drawing ----------------------------------------------------------------------------------------------------
  updated() {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector("canvas"));
    if (!canvas || !this.picture) return;
    const { bitmap, boxes } = this.picture;
    const [width, height] = [bitmap.width * this.scale, bitmap.height * this.scale];
    canvas.style.width = `${width}px`;
    const to = sharp(canvas, width, height);
    to.drawImage(bitmap, 0, 0, width, height);
    boxes.forEach(({ label, x, y, w, h }, i) => {
      drawBox(
        to,
        1,
        [x, y, x + w, y + h].map((v) => v * this.scale),
        boxColor(label),
        { width: i === this.chosen ? 3.5 : 2 },
      );
    });
  }

  /** @param {PointerEvent} event @returns {[number, number]} pixels of the picture */
  place(event) {
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const { bitmap } = this.picture;
    return [
      ((event.clientX - box.left) / box.width) * bitmap.width,
      ((event.clientY - box.top) / box.height) * bitmap.height,
    ];
  }

  /**
   * On the rim of a box: it is moved. Elsewhere a new one is drawn, also inside another; a press without a way chooses
   * the box that is under it.
   * @param {PointerEvent} event
   */
  down(event) {
    event.preventDefault();
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
    const [x, y] = this.place(event);
    const { boxes } = this.picture;
    const rim = boxes.findLastIndex((box) => onRim(box, x, y, RIM / this.scale));
    if (rim >= 0) {
      this.chosen = rim;
      this.held = { x, y, box: rim, from: { ...boxes[rim] } };
    } else {
      boxes.push({ label: this.label, x, y, w: 0, h: 0 });
      this.chosen = boxes.length - 1;
      this.held = { x, y, box: -1, from: { ...boxes[this.chosen] } };
    }
    this.requestUpdate();
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (!this.held) return;
    const [x, y] = this.place(event);
    const { from } = this.held;
    const box = this.picture.boxes[this.chosen];
    if (this.held.box >= 0) Object.assign(box, { x: from.x + x - this.held.x, y: from.y + y - this.held.y });
    else
      Object.assign(box, {
        x: Math.min(x, this.held.x),
        y: Math.min(y, this.held.y),
        w: Math.abs(x - this.held.x),
        h: Math.abs(y - this.held.y),
      });
    this.clamp(box);
    this.requestUpdate();
  }

  up() {
    if (!this.held) return;
    const box = this.picture.boxes[this.chosen];
    if (box && (box.w < LEAST || box.h < LEAST)) {
      const { boxes } = this.picture;
      const { x, y } = this.held;
      boxes.splice(this.chosen, 1);
      this.chosen = boxes.findLastIndex((b) => x >= b.x && x <= b.x + b.w && y >= b.y && y <= b.y + b.h);
    }
    this.held = null;
    this.requestUpdate();
  }

  /** @param {Box} box */
  clamp(box) {
    const { bitmap } = this.picture;
    box.w = Math.min(box.w, bitmap.width);
    box.h = Math.min(box.h, bitmap.height);
    box.x = Math.round(Math.max(0, Math.min(bitmap.width - box.w, box.x)));
    box.y = Math.round(Math.max(0, Math.min(bitmap.height - box.h, box.y)));
    box.w = Math.round(box.w);
    box.h = Math.round(box.h);
  }

  /** Arrows move the chosen box, with Shift they resize it, Delete removes it. @param {KeyboardEvent} event */
  key(event) {
    const { boxes, bitmap } = this.picture;
    const box = boxes[this.chosen];
    const step = MOVE / this.scale;
    const keys = { ArrowUp: [0, -step], ArrowDown: [0, step], ArrowLeft: [-step, 0], ArrowRight: [step, 0] };
    const move = /** @type {Record<string, number[]>} */ (keys)[event.key];
    if (box && move) {
      if (event.shiftKey)
        Object.assign(box, {
          w: Math.max(LEAST, Math.min(bitmap.width - box.x, box.w + move[0])),
          h: Math.max(LEAST, Math.min(bitmap.height - box.y, box.h + move[1])),
        });
      else Object.assign(box, { x: box.x + move[0], y: box.y + move[1] });
      this.clamp(box);
    } else if (box && (event.key === "Delete" || event.key === "Backspace")) {
      boxes.splice(this.chosen, 1);
      this.chosen = boxes.length - 1;
    } else return;
    event.preventDefault();
    this.requestUpdate();
  }

  /** A box in the middle, for hands on the keyboard. */
  add() {
    const { bitmap, boxes } = this.picture;
    boxes.push({
      label: this.label,
      x: Math.round(bitmap.width * 0.35),
      y: Math.round(bitmap.height * 0.35),
      w: Math.round(bitmap.width * 0.3),
      h: Math.round(bitmap.height * 0.3),
    });
    this.chosen = boxes.length - 1;
    this.requestUpdate();
    this.updateComplete.then(() => this.find("canvas").focus());
  }

  // -- page -------------------------------------------------------------------------------------------------------
  render() {
    const { pictures, picture } = this;
    const count = pictures.reduce((sum, p) => sum + p.boxes.length, 0);
    return html`<dialog aria-labelledby="boxes-title" data-dialog="boxes">
      <header>
        <h2 id="boxes-title">${t("own_boxes")}</h2>
        ${closeButton(() => this.close())}
      </header>
      <p>${t("boxes_help")}</p>
      <label class="wide file"
        ><span>${t("boxes_files")}</span
        ><input
          type="file"
          multiple
          accept="image/*,.json,.txt"
          data-control="boxes_files"
          @change=${(/** @type {OnFiles} */ e) => {
            if (e.target.files.length) this.bring(e.target.files);
            e.target.value = "";
          }}
      /></label>
      ${
        picture
          ? html` <div class="row">
                <button
                  type="button"
                  class="tool"
                  data-control="boxes_before"
                  aria-label=${t("earlier")}
                  ?disabled=${this.at === 0}
                  @click=${() => {
                    this.at--;
                    this.chosen = -1;
                    this.requestUpdate();
                  }}
                >
                  ‹
                </button>
                <span><bdi>${this.at + 1}</bdi> / <bdi>${pictures.length}</bdi></span>
                <button
                  type="button"
                  class="tool"
                  data-control="boxes_after"
                  aria-label=${t("later")}
                  ?disabled=${this.at >= pictures.length - 1}
                  @click=${() => {
                    this.at++;
                    this.chosen = -1;
                    this.requestUpdate();
                  }}
                >
                  ›
                </button>
                <button type="button" data-control="box_add" @click=${this.add}>
                  ${icons.plus}<span>${t("box_add")}</span>
                </button>
                <button
                  type="button"
                  class="danger"
                  data-control="box_remove"
                  ?disabled=${this.chosen < 0}
                  @click=${() => {
                    picture.boxes.splice(this.chosen, 1);
                    this.chosen = -1;
                    this.requestUpdate();
                  }}
                >
                  ${t("remove")}
                </button>
              </div>
              <canvas
                class="draw-boxes"
                tabindex="0"
                role="img"
                aria-label=${t("boxes_canvas", { n: picture.boxes.length })}
                @pointerdown=${this.down}
                @pointermove=${this.move}
                @pointerup=${this.up}
                @pointercancel=${this.up}
                @keydown=${this.key}
              ></canvas>
              <fieldset class="brushes">
                <legend>${t("boxes_class")}</legend>
                ${this.classes.map(
                  (name, i) =>
                    html`<label
                      ><input
                        type="radio"
                        name="box-class"
                        .checked=${this.label === i}
                        aria-label=${t("class_n", { n: i + 1 })}
                        @change=${() => {
                          this.label = i;
                          if (this.chosen >= 0) picture.boxes[this.chosen].label = i;
                          this.requestUpdate();
                        }} />
                      <svg width="12" height="12" aria-hidden="true">
                        <circle cx="6" cy="6" r="5" fill=${boxColor(i)}></circle></svg
                      ><input
                        type="text"
                        maxlength="40"
                        aria-label=${t("class_name")}
                        placeholder=${t("class_n", { n: i + 1 })}
                        .value=${name}
                        @input=${(/** @type {On} */ e) => {
                          this.classes[i] = e.target.value;
                        }}
                    /></label>`,
                )}
                <button
                  type="button"
                  data-control="box_class_add"
                  @click=${() => {
                    this.classes = [...this.classes, ""];
                    this.label = this.classes.length - 1;
                    this.requestUpdate();
                  }}
                >
                  ${icons.plus}<span>${t("add_class")}</span>
                </button>
              </fieldset>`
          : nothing
      }
      ${this.error ? html`<p class="notice error" role="alert" dir="auto">${this.error}</p>` : nothing}
      <footer>
        ${
          this.upload
            ? html`<a
                  class="button"
                  data-control="save_coco"
                  href="/api/v1/datasets/${this.upload}/boxes?format=coco"
                  download="boxes.json"
                  >${icons.save}<span>COCO</span></a
                >
                <a
                  class="button"
                  data-control="save_yolo"
                  href="/api/v1/datasets/${this.upload}/boxes?format=yolo"
                  download="boxes.zip"
                  >${icons.save}<span>YOLO</span></a
                >`
            : nothing
        }
        <button type="button" data-control="boxes_keep" ?disabled=${!count || this.busy} @click=${this.send}>
          ${t("boxes_keep")}
        </button>
        <button
          type="button"
          class="primary"
          data-control="boxes_use"
          ?disabled=${count < 2 || pictures.length < 2 || this.busy}
          @click=${this.use}
        >
          ${t("pictures_use")}
        </button>
      </footer>
    </dialog>`;
  }
}

/**
 * Whether a point is on the rim of a box.
 * @param {Box} box @param {number} x @param {number} y @param {number} width of the rim to either side
 */
const onRim = (box, x, y, width) => {
  const [across, down] = [Math.min(x - box.x, box.x + box.w - x), Math.min(y - box.y, box.y + box.h - y)];
  return Math.min(across, down) >= -width && Math.min(across, down) <= Math.min(width, box.w / 3, box.h / 3);
};

customElements.define("d-boxes", BoxesDialog);
