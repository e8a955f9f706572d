/**
 * The visitor's own pictures as classes: a folder with one folder a class, a ZIP archive, or snapshots of the camera.
 */

import { html, nothing } from "lit";
import { Dialog } from "../core/panel.js";
import { PICTURE, request } from "../core/api.js";
import { closeCamera, openCamera } from "./camera.js";
import { t } from "../core/i18n.js";
import { closeButton } from "../controls/controls.js";
import * as icons from "../controls/icons.js";

const SIDE = 64;
const SHOT_MS = 100;
const MOST_SHOTS = 200;

class PicturesDialog extends Dialog {
  constructor() {
    super();
    this.error = "";
    this.busy = false;
    /** @type {HTMLVideoElement | null} */ this.video = null;
    /** @type {{name: string, shots: Blob[]}[]} */ this.classes = [
      { name: "", shots: [] },
      { name: "", shots: [] },
    ];
    this.shooting = 0;
  }

  disconnectedCallback() {
    this.stop();
    super.disconnectedCallback();
  }

  stop() {
    clearInterval(this.shooting);
    closeCamera(this.video);
    this.video = null;
    this.requestUpdate();
  }

  // -- sending ----------------------------------------------------------------------------------------------------
  /** @param {BodyInit} body @param {Record<string, string>} headers */
  async send(body, headers = {}) {
    this.error = "";
    this.busy = true;
    this.requestUpdate();
    try {
      const response = await request("/datasets", { method: "POST", body, headers });
      const made = await response.json();
      await this.use(made.id);
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    }
    this.busy = false;
    this.requestUpdate();
  }

  /** A network for pictures, if the one on show is not one. @param {string} upload */
  async use(upload) {
    const { session } = this;
    const data = {
      ...session.spec.data,
      name: "pictures",
      upload,
      size: 32,
      goal: "target",
      features: null,
      degree: 1,
      points: null,
      inputs: null,
      target: null,
      scaling: "none",
      target_scaling: "none",
      split: { train: 0.7, cv: 0.15 },
    };
    const images = session.report.input_shape.length === 3;
    const layers = images ? session.spec.layers : STARTER;
    const spec = {
      ...session.spec,
      data,
      layers,
      loss: { name: "auto" },
      batch_size: 16,
      optimizer: images ? session.spec.optimizer : { name: "Adam", learning_rate: 0.003 },
    };
    if (await session.set("", spec)) {
      this.stop();
      this.close();
    } else this.error = session.notice?.text ?? "";
  }

  /** @param {FileList} files */
  folder(files) {
    const form = new FormData();
    let found = 0;
    for (const file of files) {
      const path = file.webkitRelativePath || file.name;
      if (!PICTURE.test(path)) continue;
      form.append("pictures", file, path);
      found++;
    }
    if (found) this.send(form);
    else {
      this.error = t("pictures_none");
      this.requestUpdate();
    }
  }

  snapshots() {
    const form = new FormData();
    for (const [number, { name, shots }] of this.classes.entries()) {
      const folder = (name.trim() || t("class_n", { n: number + 1 })).replaceAll("/", "-");
      shots.forEach((shot, i) => form.append("pictures", shot, `${folder}/${String(i).padStart(4, "0")}.jpg`));
    }
    this.send(form);
  }

  // -- camera -----------------------------------------------------------------------------------------------------
  async camera() {
    if (this.video) return this.stop();
    try {
      this.video = await openCamera();
      this.error = "";
    } catch (error) {
      this.error = t("camera_failed", { why: error instanceof Error ? error.message : String(error) });
    }
    this.requestUpdate();
  }

  updated() {
    const place = this.querySelector(".camera");
    if (place && this.video && !place.contains(this.video)) place.replaceChildren(this.video);
  }

  /** While a button is held, pictures go into its class. @param {{shots: Blob[]}} into */
  hold(into) {
    clearInterval(this.shooting);
    const shoot = () => {
      const { video } = this;
      if (!video || into.shots.length >= MOST_SHOTS) return;
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = SIDE;
      const side = Math.min(video.videoWidth, video.videoHeight);
      /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).drawImage(
        video,
        (video.videoWidth - side) / 2,
        (video.videoHeight - side) / 2,
        side,
        side,
        0,
        0,
        SIDE,
        SIDE,
      );
      canvas.toBlob(
        (blob) => {
          if (blob) into.shots.push(blob);
          this.requestUpdate();
        },
        "image/jpeg",
        0.92,
      );
    };
    shoot();
    this.shooting = window.setInterval(shoot, SHOT_MS);
  }

  release() {
    clearInterval(this.shooting);
  }

  render() {
    const ready = this.classes.filter((c) => c.shots.length >= 2).length >= 2;
    return html`<dialog aria-labelledby="pictures-title" data-dialog="pictures" @close=${() => this.stop()}>
      <header>
        <h2 id="pictures-title">${t("own_pictures")}</h2>
        ${closeButton(() => this.close())}
      </header>
      <p>${t("pictures_help")}</p>
      <label class="wide file"
        ><span>${t("pictures_folder")}</span
        ><input
          type="file"
          webkitdirectory
          multiple
          data-control="pictures_folder"
          @change=${(/** @type {OnFiles} */ e) => {
            if (e.target.files.length) this.folder(e.target.files);
            e.target.value = "";
          }}
      /></label>
      <label class="wide file"
        ><span>${t("pictures_zip")}</span
        ><input
          type="file"
          accept=".zip,application/zip"
          data-control="pictures_zip"
          @change=${(/** @type {OnFiles} */ e) => {
            if (e.target.files[0]) this.send(e.target.files[0], { "Content-Type": "application/zip" });
            e.target.value = "";
          }}
      /></label>
      <h3>${t("pictures_camera")}</h3>
      <p class="hint">${t("pictures_camera_help")}</p>
      <div class="row">
        <button type="button" data-control="pictures_camera" aria-pressed=${Boolean(this.video)} @click=${this.camera}>
          ${t(this.video ? "camera_stop" : "camera")}
        </button>
      </div>
      ${
        this.video
          ? html`<div class="camera"></div>
              <ul class="snapshots">
                ${this.classes.map(
                  (c, i) =>
                    html`<li>
                      <input
                        type="text"
                        aria-label=${t("class_name")}
                        placeholder=${t("class_n", { n: i + 1 })}
                        maxlength="40"
                        .value=${c.name}
                        @input=${(/** @type {On} */ e) => {
                          c.name = e.target.value;
                        }}
                      />
                      <button
                        type="button"
                        data-control="shoot"
                        @pointerdown=${() => this.hold(c)}
                        @pointerup=${this.release}
                        @pointerleave=${this.release}
                        @keydown=${(/** @type {KeyboardEvent} */ e) => {
                          if (e.key === " " && !e.repeat) this.hold(c);
                        }}
                        @keyup=${this.release}
                      >
                        ${t("hold_to_shoot")}
                      </button>
                      <span><bdi>${c.shots.length}</bdi> ${t("pictures_taken")}</span>
                      <button
                        type="button"
                        class="tool"
                        aria-label=${t("clear")}
                        @click=${() => {
                          c.shots = [];
                          this.requestUpdate();
                        }}
                      >
                        ${icons.close}
                      </button>
                    </li>`,
                )}
              </ul>
              <div class="row">
                <button
                  type="button"
                  data-control="add_class"
                  @click=${() => {
                    this.classes.push({ name: "", shots: [] });
                    this.requestUpdate();
                  }}
                >
                  ${icons.plus}<span>${t("add_class")}</span>
                </button>
              </div>`
          : nothing
      }
      ${this.error ? html`<p class="notice error" role="alert" dir="auto">${this.error}</p>` : nothing}
      ${this.busy ? html`<p class="hint" role="status">${t("pictures_reading")}</p>` : nothing}
      <footer>
        <button
          type="button"
          class="primary"
          data-control="pictures_use"
          ?disabled=${!ready || this.busy}
          @click=${this.snapshots}
        >
          ${t("pictures_use")}
        </button>
      </footer>
    </dialog>`;
  }
}

/** A small convolutional net to begin with. */
const STARTER = [
  { id: "c1", type: "Conv2D", filters: 12, kernel_size: 3, padding: "same", activation: "relu" },
  { id: "p1", type: "MaxPooling2D" },
  { id: "c2", type: "Conv2D", filters: 24, kernel_size: 3, padding: "same", activation: "relu" },
  { id: "p2", type: "MaxPooling2D" },
  { id: "mean", type: "GlobalAveragePooling2D" },
  { id: "out", type: "Dense", units: "auto", activation: "auto" },
];

customElements.define("d-pictures", PicturesDialog);
