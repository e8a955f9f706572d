/** Data and inputs: which set, noise, count, split, engineered inputs, scaling, own points and files. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { pretty } from "../core/format.js";
import { t } from "../core/i18n.js";
import { openLater } from "../core/later.js";
import { button, check, hidden, locked, pictured, select, slider, word } from "../controls/controls.js";
import * as icons from "../controls/icons.js";
import { paintFeature } from "../draw/feature.js";

/** @import {DatasetEntry, Report} from "../types/page.d.ts" */

/** Ways to bring data. @type {Record<string, () => Promise<unknown>>} */
const DIALOGS = {
  pictures: () => import("./pictures-dialog.js"),
  boxes: () => import("./boxes-dialog.js"),
  csv: () => import("./csv-dialog.js"),
};

/** One point of each class: the least that a network can learn from. */
const FIRST_POINTS = [
  [-2, 0, 0],
  [2, 0, 1],
];

/** Data sets by what is asked of them: each stands in the first group that has it. @type {[string, Has][]} */
const GROUPS = [
  ["own", (d) => d.uploaded || d.task === "any"],
  ["binary", (d) => d.kind === "plane" && d.task === "binary"],
  ["classes", (d) => d.kind === "plane" && d.task === "multiclass"],
  ["numbers", (d) => d.kind === "line" || d.kind === "plane"],
  ["tables", (d) => d.kind === "table"],
  ["pictures", (d) => d.task === "multiclass"],
  ["places", () => true],
];
/** @typedef {(set: DatasetEntry) => boolean} Has */

/** Settings of pictures, fetched when there are any. @type {typeof import("./pictures.js") | undefined} */
let pictures;

class DataPanel extends Element {
  render() {
    const { session } = this;
    const { spec, catalog, report } = session;
    if (!spec || !catalog)
      return html`<h2>${t("data")}</h2>
        <div class="skeleton"></div>`;
    const kind = catalog.datasets.find((d) => d.name === spec.data.name);
    const image = kind?.kind === "image";
    const has = (/** @type {string} */ name) => kind?.arguments.some((a) => a.name === name);
    return html` <h2>${t("data")}</h2>
      ${this.chooser()} ${has("samples") ? this.drawn(has, image) : nothing}
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
      ${spec.data.name === "points" ? html`<p class="hint">${t("points_help")}</p>` : nothing} ${this.parts(kind)}
      ${image ? this.ofPictures((made) => made.augmentation(session, this.augmented)) : this.numbers(kind, report)}
      ${hidden("csv") ? nothing : this.own()}
      <d-csv></d-csv>`;
  }

  /** How many examples are drawn, and from what. @param {(name: string) => boolean} has @param {boolean} image */
  drawn(has, image) {
    const { session } = this;
    const { data } = session.spec;
    return html`
      ${slider({
        name: "samples",
        label: t("samples"),
        value: data.samples,
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
              value: data.noise,
              min: 0,
              max: 1,
              step: 0.05,
              show: (v) => v.toFixed(2),
              change: (v) => session.set("data.noise", v, true),
            })
          : nothing
      }
      ${has("clutter") ? this.ofPictures((made) => made.scene(session, has)) : nothing}
      ${button({
        name: "resample",
        label: t("resample"),
        sign: icons.dice,
        text: true,
        click: () => session.set("data.seed", (data.seed + 1) % 100000),
      })}
    `;
  }

  /** How the examples are shared out: by hand, unless they come that way. @param {DatasetEntry} kind */
  parts({ fixed_split: parts, examples }) {
    if (!parts) return this.split();
    if (parts[0] === 1) return nothing;
    const [train, cv, test] = parts.map((part) => Math.round(part * (examples ?? 0)).toLocaleString("en"));
    return html`<p class="hint">${t("fixed_split", { train, cv, test })}</p>`;
  }

  /** Inputs that are numbers, and their scaling. @param {DatasetEntry} kind @param {Report} report */
  numbers(kind, report) {
    const { session } = this;
    return html`${this.inputs(kind, report)}
    ${select({
      name: "scaling",
      label: t("scaling"),
      value: session.spec.data.scaling,
      options: session.catalog.scalings.map((/** @type {string} */ s) => [s, word("scaling", s)]),
      change: (v) => session.set("data.scaling", v),
    })}`;
  }

  /** The visitor's own pictures, boxes and tables. */
  own() {
    const { session } = this;
    const open = (/** @type {string} */ name, /** @type {string} */ label) =>
      html`<button
        type="button"
        class="wide"
        data-control=${name}
        ?disabled=${locked("csv")}
        @click=${() => openLater(session, DIALOGS[name], `d-${name}`)}
      >
        ${label}
      </button>`;
    return html`${open("pictures", t("own_pictures"))}<d-pictures></d-pictures> ${open("boxes", t("own_boxes"))}<d-boxes
      ></d-boxes> ${open("csv", t("own_csv"))}`;
  }

  /** @param {(made: typeof import("./pictures.js")) => unknown} content */
  ofPictures(content) {
    if (pictures) return content(pictures);
    const come = (/** @type {typeof pictures} */ made) => {
      pictures = made;
      this.requestUpdate();
    };
    import("./pictures.js").then(come, (error) => this.session.fail(error));
    return html`<div class="skeleton"></div>`;
  }

  willUpdate() {
    this.session.want(this, this.augmented ? { augmented: { index: Math.max(0, this.session.example) } } : null);
  }

  /** Whether training pictures are changed. */
  get augmented() {
    const { augmentation } = this.session.spec ?? {};
    return Boolean(this.session.data?.kind === "image" && augmentation && Object.values(augmentation).some(Boolean));
  }

  /** Each input that can be switched on, over the plane of the data. */
  paintFeatures() {
    const { data } = this.session;
    if (!data?.bounds?.length) return;
    for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (this.querySelectorAll("[data-feature]")))
      paintFeature(canvas, canvas.dataset.feature ?? "", data.inputs, data.bounds);
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
    this.paintFeatures();
    this.onFrame();
  }

  chooser() {
    const { session } = this;
    const here = session.catalog.datasets.filter((d) => !d.uploaded || session.spec.data.name === d.name);
    const groups = GROUPS.map(([name, has]) => {
      const inside = here.filter((d) => has(d) && GROUPS.find(([, first]) => first(d))?.[0] === name);
      /** @type {[string, [string, string][]]} */ const group = [
        t(`data_of_${name}`),
        inside.map((d) => [d.name, word("data", d.name)]),
      ];
      return group;
    });
    return pictured({
      name: "dataset",
      label: t("dataset"),
      value: session.spec.data.name,
      groups: groups.filter(([, inside]) => inside.length),
      change: (name) => this.choose(name),
    });
  }

  /** Another data set: the network goes on with what still fits. @param {string} name */
  choose(name) {
    const { session } = this;
    const kind = session.catalog.datasets.find((d) => d.name === name);
    const { data } = session.spec;
    const big = kind.kind === "table";
    const next = {
      ...data,
      name,
      size: null,
      goal: kind.kind === "image" ? data.goal : "target",
      features: keptInputs(data.features, kind.features ?? []),
      degree: 1,
      upload: null,
      inputs: null,
      target: null,
      points: /** @type {number[][] | null} */ (null),
      target_scaling: "none",
      scaling: big ? "zscore" : kind.kind === "image" ? "none" : data.scaling,
    };
    if (name === "points") next.points = FIRST_POINTS;
    session.resetAxes();
    session.set("data", next);
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

  /** @param {DatasetEntry} kind @param {Report} report */
  inputs(kind, report) {
    if (hidden("features")) return nothing;
    const { session } = this;
    const { data } = session.spec;
    const known = kind?.features ?? [];
    const on = new Set(data.features ?? kind?.inputs ?? []);
    const most = kind?.kind === "table" ? 3 : 15;
    return html`<fieldset class="features">
        <legend>${t("inputs")}</legend>
        ${known.map(
          (/** @type {string} */ name) =>
            html`<div class="feature">
              <canvas data-feature=${name} width="24" height="24" aria-hidden="true"></canvas>
              ${check({
                name: "features",
                label: pretty(name),
                checked: on.has(name),
                change: (checked) => this.toggle(name, checked, known, on),
              })}
            </div>`,
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

customElements.define("d-data", DataPanel);

/**
 * The inputs that were ticked, for another data set: those that it has, too; its own where none of them is left.
 * @param {string[] | null} ticked @param {string[]} known
 */
export function keptInputs(ticked, known) {
  const kept = ticked?.filter((name) => known.includes(name)) ?? [];
  return kept.length ? kept : null;
}
