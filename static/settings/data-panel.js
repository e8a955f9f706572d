/** Data and inputs: which set, noise, count, split, engineered inputs, scaling, own points and files. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { pretty } from "../core/format.js";
import { t } from "../core/i18n.js";
import { button, check, hidden, locked, select, slider, word } from "../controls/controls.js";
import * as icons from "../controls/icons.js";
import "./boxes-dialog.js";
import "./csv-dialog.js";
import "./pictures-dialog.js";

class DataPanel extends Element {
  render() {
    const { session } = this;
    const { spec, catalog, report } = session;
    if (!spec || !catalog)
      return html`<h2>${t("data")}</h2>
        <div class="skeleton"></div>`;
    const kind = catalog.datasets.find((/** @type {any} */ d) => d.name === spec.data.name);
    const image = kind?.kind === "image";
    const has = (/** @type {string} */ name) => kind?.arguments.some((/** @type {any} */ a) => a.name === name);
    return html` <h2>${t("data")}</h2>
      ${this.chooser()}
      ${
        has("samples")
          ? html`
              ${slider({
                name: "samples",
                label: t("samples"),
                value: spec.data.samples,
                min: 20,
                max: image ? 5000 : 2000,
                step: 20,
                show: String,
                change: (v) => session.set("data.samples", v, true),
              })}
              ${
                has("noise")
                  ? slider({
                      name: "noise",
                      label: t("noise"),
                      value: spec.data.noise,
                      min: 0,
                      max: 1,
                      step: 0.05,
                      show: (v) => v.toFixed(2),
                      change: (v) => session.set("data.noise", v, true),
                    })
                  : nothing
              }
              ${has("clutter") ? this.scene(has) : nothing}
              ${button({
                name: "resample",
                label: t("resample"),
                sign: icons.dice,
                text: true,
                click: () => session.set("data.seed", (spec.data.seed + 1) % 100000),
              })}
            `
          : nothing
      }
      ${
        kind?.sides?.length
          ? select({
              name: "size",
              label: t("picture_size"),
              value: String(report?.input_shape[0] ?? ""),
              options: kind.sides.map((/** @type {number} */ n) => [String(n), `${n}×${n}`]),
              change: (n) => session.set("data.size", Number(n)),
            })
          : nothing
      }
      ${spec.data.name === "points" ? html`<p class="hint">${t("points_help")}</p>` : nothing}
      ${
        ["mnist", "fashion_mnist"].includes(spec.data.name)
          ? html`<p class="hint">${t("fixed_split")}</p>`
          : spec.data.name.startsWith("photographs")
            ? nothing
            : this.split()
      }
      ${image ? nothing : this.inputs(kind, report)}
      ${
        image
          ? nothing
          : select({
              name: "scaling",
              label: t("scaling"),
              value: spec.data.scaling,
              options: catalog.scalings.map((/** @type {string} */ s) => [s, word("scaling", s)]),
              change: (v) => session.set("data.scaling", v),
            })
      }
      ${image ? this.augmentation() : nothing}
      ${
        hidden("csv")
          ? nothing
          : html`<button
                type="button"
                class="wide"
                data-control="pictures"
                ?disabled=${locked("csv")}
                @click=${() => /** @type {any} */ (this.find("d-pictures")).open()}
              >
                ${t("own_pictures")}</button
              ><d-pictures></d-pictures>
              <button
                type="button"
                class="wide"
                data-control="boxes"
                ?disabled=${locked("csv")}
                @click=${() => /** @type {any} */ (this.find("d-boxes")).open()}
              >
                ${t("own_boxes")}</button
              ><d-boxes></d-boxes>`
      }
      ${
        hidden("csv")
          ? nothing
          : html`<button
              type="button"
              class="wide"
              data-control="csv"
              ?disabled=${locked("csv")}
              @click=${() => /** @type {any} */ (this.find("d-csv")).open()}
            >
              ${t("own_csv")}
            </button>`
      }
      <d-csv></d-csv>`;
  }

  willUpdate() {
    this.session.want(this, this.augmented ? { augmented: { index: Math.max(0, this.session.example) } } : null);
  }

  /** What is on generated scenes. @param {(name: string) => boolean} has */
  scene(has) {
    const { session } = this;
    const now = session.spec.data.scene;
    const put = (/** @type {string} */ key, /** @type {any} */ value) => session.set(`data.scene.${key}`, value, true);
    const share = (/** @type {number} */ v) => `${Math.round(v * 100)}%`;
    return html` ${
      has("objects")
        ? slider({
            name: "scene_objects",
            label: t("scene_objects"),
            value: now.objects,
            min: 1,
            max: 8,
            show: String,
            change: (v) => put("objects", v),
          })
        : nothing
    }
    ${slider({
      name: "scene_smallest",
      label: t("scene_smallest"),
      value: now.smallest,
      min: 0.1,
      max: 0.6,
      step: 0.02,
      show: share,
      change: (v) => put("smallest", v),
    })}
    ${slider({
      name: "scene_largest",
      label: t("scene_largest"),
      value: now.largest,
      min: 0.1,
      max: 0.9,
      step: 0.02,
      show: share,
      change: (v) => put("largest", v),
    })}
    ${
      has("overlap")
        ? slider({
            name: "scene_overlap",
            label: t("scene_overlap"),
            value: now.overlap,
            min: 0,
            max: 0.8,
            step: 0.05,
            show: (v) => v.toFixed(2),
            change: (v) => put("overlap", v),
          })
        : nothing
    }
    ${slider({
      name: "scene_clutter",
      label: t("scene_clutter"),
      value: now.clutter,
      min: 0,
      max: 1,
      step: 0.05,
      show: (v) => v.toFixed(2),
      change: (v) => put("clutter", v),
    })}
    ${
      has("arrangement")
        ? select({
            name: "scene_arrangement",
            label: t("scene_arrangement"),
            value: now.arrangement,
            options: ["free", "one_cell", "same_shape"].map((a) => [a, t(`arrangement_${a}`)]),
            change: (v) => session.set("data.scene.arrangement", v),
          })
        : nothing
    }`;
  }

  /** Whether training pictures are changed. */
  get augmented() {
    const { augmentation } = this.session.spec ?? {};
    return Boolean(this.session.data?.kind === "image" && augmentation && Object.values(augmentation).some(Boolean));
  }

  onFrame() {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector("canvas.augmented"));
    const pictures = this.session.tensor("augmented/pictures");
    if (!canvas || !pictures) return;
    const [down, across, rows, columns, channels] = pictures.shape;
    canvas.width = across * (columns + 1) - 1;
    canvas.height = down * (rows + 1) - 1;
    const to = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    for (let k = 0; k < down * across; k++) {
      const image = to.createImageData(columns, rows);
      for (let i = 0; i < rows * columns; i++) {
        for (let c = 0; c < 3; c++)
          image.data[4 * i + c] = pictures.data[(k * rows * columns + i) * channels + Math.min(c, channels - 1)];
        image.data[4 * i + 3] = 255;
      }
      to.putImageData(image, (k % across) * (columns + 1), Math.floor(k / across) * (rows + 1));
    }
  }

  updated() {
    this.onFrame();
  }

  augmentation() {
    if (hidden("augmentation")) return nothing;
    const { session } = this;
    const now = session.spec.augmentation;
    const put = (/** @type {string} */ key, /** @type {any} */ value) =>
      session.set(`augmentation.${key}`, value, true);
    return html`<details class="augment" ?open=${this.augmented}>
      <summary>${t("augmentation")}</summary>
      <p class="hint">${t("augmentation_help")}</p>
      ${check({
        name: "augmentation",
        label: t("augment_mirror"),
        checked: now.mirror,
        change: (on) => put("mirror", on),
      })}
      ${slider({
        name: "augmentation",
        label: t("augment_zoom"),
        value: now.zoom,
        min: 0,
        max: 0.5,
        step: 0.05,
        show: (v) => `±${Math.round(v * 100)}%`,
        change: (v) => put("zoom", v),
      })}
      ${slider({
        name: "augmentation",
        label: t("augment_rotate"),
        value: now.rotate,
        min: 0,
        max: 45,
        step: 1,
        show: (v) => `±${v}°`,
        change: (v) => put("rotate", v),
      })}
      ${slider({
        name: "augmentation",
        label: t("augment_shift"),
        value: now.shift,
        min: 0,
        max: 0.3,
        step: 0.02,
        show: (v) => `±${Math.round(v * 100)}%`,
        change: (v) => put("shift", v),
      })}
      ${slider({
        name: "augmentation",
        label: t("augment_colour"),
        value: now.colour,
        min: 0,
        max: 1,
        step: 0.05,
        show: (v) => v.toFixed(2),
        change: (v) => put("colour", v),
      })}
      ${
        this.augmented
          ? html`<canvas class="augmented" role="img" aria-label=${t("augment_preview")}></canvas>
              <p class="hint">${t("augment_preview")}</p>`
          : nothing
      }
    </details>`;
  }

  chooser() {
    const { session } = this;
    const names = session.catalog.datasets.filter(
      (/** @type {any} */ d) => !["csv", "pictures", "own_boxes"].includes(d.name) || session.spec.data.name === d.name,
    );
    return select({
      name: "dataset",
      label: t("dataset"),
      value: session.spec.data.name,
      options: names.map((/** @type {any} */ d) => [d.name, word("data", d.name)]),
      change: (name) => this.choose(name),
    });
  }

  /** Another data set: the network goes on with what still fits. @param {string} name */
  choose(name) {
    const { session } = this;
    const kind = session.catalog.datasets.find((/** @type {any} */ d) => d.name === name);
    const { data } = session.spec;
    const big = kind.kind === "table";
    const next = {
      ...data,
      name,
      size: null,
      goal: kind.kind === "image" ? data.goal : "target",
      features: null,
      degree: 1,
      upload: null,
      inputs: null,
      target: null,
      points: null,
      target_scaling: "none",
      scaling: big ? "zscore" : kind.kind === "image" ? "none" : data.scaling,
    };
    if (name === "points") next.points = this.starter();
    session.view.across = 0;
    session.view.up = 1;
    session.set("data", next);
  }

  /** Points to begin with: those on the plane now, or two small clouds. */
  starter() {
    const { data } = this.session;
    if (data?.kind === "plane" && data.task === "binary") {
      const x = data.tensors.x.data;
      const y = data.tensors.y.data;
      const stride = Math.max(1, Math.floor(y.length / 80));
      return Array.from({ length: Math.floor(y.length / stride) }, (_, k) => k * stride).map((i) => [
        round(x[2 * i]),
        round(x[2 * i + 1]),
        y[i],
      ]);
    }
    return Array.from({ length: 12 }, (_, i) => [
      round((i % 2 ? 2 : -2) + Math.cos(i)),
      round((i % 2 ? 2 : -2) + Math.sin(2 * i)),
      i % 2,
    ]);
  }

  split() {
    const { session } = this;
    const { split } = session.spec.data;
    const rest = 1 - split.train;
    const percent = (/** @type {number} */ v) => `${Math.round(v * 100)}%`;
    const apply = (/** @type {number} */ train, /** @type {number} */ cv) => {
      const left = Math.round((1 - train) * 100) / 100;
      return session.set("data.split", { train, cv: Math.min(left, Math.round(cv * 100) / 100) }, true);
    };
    return html` ${slider({
        name: "split",
        label: t("part_train"),
        value: split.train,
        min: 0.1,
        max: 0.9,
        step: 0.05,
        show: percent,
        change: (v) => apply(v, (1 - v) * (rest ? split.cv / rest : 0.5)),
      })}
      ${slider({
        name: "split",
        label: t("part_cv"),
        value: split.cv,
        min: 0,
        max: Math.max(0.05, Math.round(rest * 100) / 100),
        step: 0.05,
        show: percent,
        change: (v) => apply(split.train, v),
      })}
      <p class="hint">${t("part_rest", { n: percent(Math.max(0, rest - split.cv)) })}</p>`;
  }

  /** @param {any} kind @param {any} report */
  inputs(kind, report) {
    if (hidden("features")) return nothing;
    const { session } = this;
    const { data } = session.spec;
    const known = kind?.features ?? [];
    const on = new Set(data.features ?? kind?.inputs ?? []);
    const most = kind?.kind === "table" ? 3 : 15;
    return html`<fieldset class="features">
        <legend>${t("inputs")}</legend>
        ${known.map((/** @type {string} */ name) =>
          check({
            name: "features",
            label: pretty(name),
            checked: on.has(name),
            change: (checked) => this.toggle(name, checked, known, on),
          }),
        )}
        ${
          known.length
            ? nothing
            : html`<p class="hint"><bdi>${(report?.inputs ?? []).length}</bdi> ${t("inputs_count")}</p>`
        }
      </fieldset>
      ${slider({
        name: "degree",
        label: t("degree"),
        value: data.degree,
        min: 1,
        max: most,
        show: String,
        change: (v) => session.set("data.degree", v, true),
        title: t("degree_help"),
      })}`;
  }

  /** @param {string} name @param {boolean} checked @param {string[]} known @param {Set<string>} on */
  toggle(name, checked, known, on) {
    if (checked) on.add(name);
    else on.delete(name);
    if (!on.size) {
      this.session.tell(t("one_input"), "error");
      this.requestUpdate();
      this.session.emit("change");
      return;
    }
    this.session.set(
      "data.features",
      known.filter((f) => on.has(f)),
    );
  }
}

/** @param {number} x */
const round = (x) => Math.round(x * 100) / 100;

customElements.define("d-data", DataPanel);
