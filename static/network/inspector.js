/** What is under the pointer or the focus: a unit with its formula in present numbers, or an edge with its weight. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { sharp } from "../draw/canvas.js";
import { pretty, short } from "../core/format.js";
import { theme } from "../core/colors.js";
import { t } from "../core/i18n.js";
import { later } from "../core/later.js";
import { watchSize } from "../core/powers.js";
import { endsOf } from "../core/scales.js";
import { beside } from "../draw/beside.js";
import { UnitPictures } from "../draw/maps.js";
import { closeButton, locked, word } from "../controls/controls.js";
import { exampleField, readNumber } from "../controls/number-field.js";
import { scaleLegend } from "../controls/legend.js";

/** @import {Unit, Edge, Picked} from "../types/page.d.ts" */

const MOST_TERMS = 6;
const MOST_WEIGHTS = 64;
const MOST_CLASSES = 10;
const MARGIN = 4;
/** Where there is less room at either side the card lies over its unit rather; in a room so narrow it is all of it. */
const LEAST_WIDTH = 270;
const NARROW = 480;

class Inspector extends Element {
  static shows = ["neurons", "weights", "activations"];

  /** The network that it stands in. @returns {import("./network.js").Network} */
  get network() {
    return /** @type {import("./network.js").Network} */ (this.closest("d-network"));
  }

  constructor() {
    super();
    this.pictures = new UnitPictures();
    /** @type {string | undefined} of the scale in the legend */ this.kind = undefined;
    this.repick = () => {
      this.ask();
      this.standAt();
      this.requestUpdate();
    };
    this.stand = () => this.standBeside();
  }

  /** Beside what is picked, inside the room of the network. */
  standBeside() {
    const { network } = this;
    const box = network.pickedBox;
    if (!box || !this.showing) return;
    const room = { width: network.width, height: network.height };
    const { style } = this;
    style.maxHeight = `${room.height - 2 * MARGIN}px`;
    const [side, all] = [Math.max(box.x, room.width - box.x - box.size) - 4 * MARGIN, room.width - 2 * MARGIN];
    style.maxWidth = `${room.width < NARROW ? all : Math.min(all, Math.max(LEAST_WIDTH, side))}px`;
    const place = beside(
      { ...box, y: box.y + network.cards[2] },
      { width: this.offsetWidth, height: this.offsetHeight },
      room,
    );
    [style.left, style.top] = [`${place.x}px`, `${place.y}px`];
  }

  connectedCallback() {
    super.connectedCallback();
    this.session.addEventListener("picked", this.repick);
    this.network.addEventListener("moved", this.stand);
    this.ask();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.session.removeEventListener("picked", this.repick);
  }

  get showing() {
    const { picked } = this.session;
    return Boolean(picked && (picked.layer === "inputs" || this.place(picked.layer).layer || this.block));
  }

  /** The block that a stage which is picked stands in, if the stage has a window. */
  get block() {
    const id = this.session.picked?.layer;
    const slides = (/** @type {string} */ type) => /(Conv2D|Pooling2D)$/.test(type) && !type.startsWith("Global");
    return this.session.report?.layers.find((row) => row.stages?.some((s) => s.id === id && slides(s.type)));
  }

  ask() {
    const gradients = this.session.gradientParameters;
    this.session.want(this, "full" in gradients ? { gradients } : null);
  }

  /** The layers before and at a layer: where its inputs come from. @param {string} id */
  place(id) {
    const layers = this.session.layers;
    const at = layers.findIndex((l) => l.id === id);
    return { at, layer: layers[at], before: at > 0 ? layers[at - 1].id : "inputs" };
  }

  onFrame() {
    const { session } = this;
    const { picked } = session;
    if (!picked) return;
    for (const slot of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-live]"))) {
      const text = this.live(slot.dataset.live ?? "");
      if (slot instanceof HTMLInputElement) {
        if (document.activeElement !== slot) slot.value = text;
      } else slot.textContent = slot.classList.contains("factor") && text.startsWith("−") ? `(${text})` : text;
    }
    this.paint();
  }

  /** A present number by its name: w.I, g.I, b, gb, z, a, in.I, wa.I. @param {string} name */
  live(name) {
    const { session } = this;
    const { layer, unit } = /** @type {Picked} */ (session.picked);
    const [what, index] = name.split(".");
    const i = Number(index);
    /** @param {string} tensor @param {number} at */
    const at = (tensor, at) => session.tensor(tensor)?.data[at];
    /** One of the unit's own column. @param {string} tensor */
    const own = (tensor) => at(tensor, i * (session.tensor(tensor)?.shape[1] ?? 0) + unit);
    const given = (/** @type {string} */ id) => (id === "inputs" ? "activations/input" : `activations/${id}/a`);
    const z = `activations/${layer}/z`;
    const read = /** @type {Record<string, () => number | undefined>} */ ({
      w: () => own(`weights/${layer}/kernel`),
      g: () => own(`gradients/${layer}/kernel`),
      zk: () => at(z, i),
      ek: () => Math.exp(at(z, i) ?? NaN),
      sum: () => Array.from(session.tensor(z)?.data ?? []).reduce((sum, each) => sum + Math.exp(each), 0),
      b: () => at(`weights/${layer}/bias`, unit),
      gb: () => at(`gradients/${layer}/bias`, unit),
      z: () => at(z, unit),
      a: () => at(given(layer), unit),
      in: () => at(given(this.place(layer).before), i),
      wa: () => (own(`weights/${layer}/kernel`) ?? NaN) * (at(given(this.place(layer).before), i) ?? NaN),
    });
    return short(read[what]?.());
  }

  paint() {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector("canvas"));
    const { session } = this;
    const picked = session.picked;
    if (!canvas || !picked) return;
    const size = 132;
    const to = sharp(canvas, size, size);
    to.clearRect(0, 0, size, size);
    to.imageSmoothingEnabled = session.data?.kind !== "image";
    this.pictures.fill(session.tensor(`neurons/${picked.layer}`), theme(), this.scale);
    this.pictures.draw(to, picked.unit, 0, 0, size, size);
    const { scale } = this;
    if (scale?.kind !== this.kind) this.requestUpdate();
    this.kind = scale?.kind;
    if (!scale) return;
    const [low, high] = endsOf(scale).map(short);
    this.put("scale_low", low);
    this.put("scale_high", high);
  }

  /** What the colours of the picked unit's picture mean. @returns {import("../core/scales.js").Scale | undefined} */
  get scale() {
    return this.session.about.neurons?.scales?.[this.session.picked?.layer ?? ""];
  }

  firstUpdated() {
    watchSize(this, this.stand);
  }

  updated() {
    this.onFrame();
    this.standBeside();
  }

  /** Pointed at, it is told in short; held, in full, and can be closed. */
  render() {
    const { session } = this;
    const { picked, pinned } = session;
    const row = session.report?.layers.find((r) => r.id === picked?.layer) ?? this.block;
    const map = row?.output_shape.length === 3;
    this.hidden = !this.showing || !picked || (map && (!pinned || session.view.hero === "scan"));
    this.classList.toggle("peek", !pinned);
    this.classList.toggle("of-map", map);
    if (this.hidden || !picked) return nothing;
    return html`${closeButton(() => this.network.reach().then((hands) => hands.close()))}
    ${map ? this.window(picked) : this.told(picked)}`;
  }

  /** How one number of a map comes about. @param {Picked} picked */
  window(picked) {
    return later(
      this,
      "d-window",
      () => import("./window-panel.js"),
      () =>
        html`<d-window
          .layer=${this.block?.id ?? picked.layer}
          .unit=${picked.unit}
          .stage=${picked.layer}
        ></d-window>`,
    );
  }

  /** @param {Picked} picked */
  told(picked) {
    return html` <div class="looking-glass">
        <canvas aria-hidden="true"></canvas>
        ${this.scale ? scaleLegend(this.scale, theme(), { unit: picked.unit }) : nothing}
      </div>
      <div class="words">${"i" in picked ? this.edge(picked) : this.unit(picked)}</div>`;
  }

  /** @param {Edge} picked */
  edge(picked) {
    const { before } = this.place(picked.layer);
    const name =
      picked.from === "inputs" ? pretty(this.session.report.inputs[picked.i] ?? "") : `${before} ${picked.i + 1}`;
    return html`<h3><bdi dir="ltr">${name} → ${picked.layer} ${picked.unit + 1}</bdi></h3>
      <div class="numbers">
        ${this.editable("w", picked.i, picked.layer, picked.unit, t("weight"))}
        <span class="number"><span dir="ltr">∂J/∂w</span> <output data-live="g.${picked.i}" dir="ltr"></output></span>
      </div>
      <p class="formula" dir="ltr">
        w·a = <span class="factor" data-live="w.${picked.i}"></span> ·
        <span class="factor" data-live="in.${picked.i}"></span> = <b data-live="wa.${picked.i}"></b>
      </p>
      <p class="hint">${t("edge_help")}</p>`;
  }

  /** @param {Unit} picked */
  unit(picked) {
    const { session } = this;
    if (picked.layer === "inputs") {
      return html`<h3><bdi dir="ltr">${pretty(session.report.inputs[picked.unit] ?? "")}</bdi></h3>
        <p class="formula" dir="ltr">a = <span data-live="a"></span></p>
        ${exampleField()}`;
    }
    const { layer, before } = this.place(picked.layer);
    const dense = layer.type === "Dense";
    const rows = session.report.layers.find((r) => r.id === picked.layer);
    const count = dense ? rows.input_shape[0] : 0;
    const shown = session.about.weights?.left_out?.includes(`${picked.layer}/kernel`) ? 0 : Math.min(count, MOST_TERMS);
    const names = before === "inputs" ? session.report.inputs.map(pretty) : null;
    return html`<h3>
        ${t("unit_name", { layer: picked.layer, unit: picked.unit + 1 })}
        <small>${word("activation", layer.activation ?? layer.type)}</small>
      </h3>
      ${
        dense
          ? html`<p class="formula" dir="ltr">
                z = Σ w·a + b =
                ${Array.from(
                  { length: shown },
                  (_, i) =>
                    html`${i ? " + " : ""}<span class="w factor" data-live="w.${i}"></span>·<span
                        class="factor"
                        data-live="in.${i}"
                      ></span>`,
                )}${shown === 0 ? html`<bdi>${t("sum_of", { n: count })}</bdi>` : count > shown ? " + …" : ""}
                + <span class="w factor" data-live="b"></span> = <b data-live="z"></b>
              </p>
              ${
                layer.activation === "softmax"
                  ? this.softmax(picked.unit, rows.output_shape[0])
                  : html`<p class="formula" dir="ltr">
                        a = g(z) = <bdi>${word("activation", String(layer.activation))}</bdi>(<span data-live="z"></span
                        >) =
                        <b data-live="a"></b>
                      </p>
                      ${later(
                        this,
                        "d-activation",
                        () => import("./activation-plot.js"),
                        () =>
                          html`<d-activation
                            .layer=${picked.layer}
                            .unit=${picked.unit}
                            .activation=${layer.activation}
                          ></d-activation>`,
                      )}`
              }`
          : html`<p class="formula" dir="ltr">a = <b data-live="a"></b></p>`
      }
      ${exampleField()}
      ${
        dense && count <= MOST_WEIGHTS
          ? html`<details>
              <summary>${t("weights_of_unit")}</summary>
              <div class="numbers">
                ${this.editable("b", null, picked.layer, picked.unit, t("bias"))}
                ${Array.from({ length: count }, (_, i) =>
                  this.editable(
                    "w",
                    i,
                    picked.layer,
                    picked.unit,
                    html`<bdi dir="ltr">w · ${names ? names[i] : `${before} ${i + 1}`}</bdi>`,
                  ),
                )}
              </div>
            </details>`
          : nothing
      }`;
  }

  /**
   * Softmax term by term: the exponentials that are summed, and this unit's share.
   * @param {number} unit
   * @param {number} count
   */
  softmax(unit, count) {
    const shown = Math.min(count, MOST_CLASSES);
    return html`<p class="formula" dir="ltr">
        a = e<sup>z</sup> / Σ e<sup>z<sub>k</sub></sup> = e<sup><span data-live="z"></span></sup> /
        (${Array.from(
          { length: shown },
          (_, k) =>
            html`${k ? " + " : ""}<span class=${k === unit ? "w" : ""}
                >e<sup><span data-live="zk.${k}"></span></sup
              ></span>`,
        )}${count > shown ? " + …" : ""})
      </p>
      <p class="formula" dir="ltr">
        = <span class="w" data-live="ek.${unit}"></span> /
        (${Array.from(
          { length: shown },
          (_, k) => html`${k ? " + " : ""}<span class=${k === unit ? "w" : ""} data-live="ek.${k}"></span>`,
        )}${count > shown ? " + …" : ""})
        = <span data-live="ek.${unit}"></span> / <span data-live="sum"></span> = <b data-live="a"></b>
      </p>
      <p class="hint">${t("softmax_help")}</p>`;
  }

  /**
   * A weight that can be read live and changed in place.
   * @param {"w" | "b"} what
   * @param {number | null} i
   * @param {string} layer
   * @param {number} unit
   * @param {unknown} label
   */
  editable(what, i, layer, unit, label) {
    const path = what === "b" ? "bias" : "kernel";
    return html`<label class="number"
      >${label}
      <input
        type="text"
        inputmode="decimal"
        dir="ltr"
        data-control="edit_weight"
        ?disabled=${locked("weights")}
        data-live=${what === "b" ? "b" : `w.${i}`}
        aria-label=${what === "b" ? t("bias") : t("weight")}
        @change=${(/** @type {On} */ e) =>
          this.edit(e.target, `${layer}/${path}`, what === "b" ? [unit] : [/** @type {number} */ (i), unit])}
    /></label>`;
  }

  /** @param {HTMLInputElement} field @param {string} tensor @param {number[]} index */
  edit(field, tensor, index) {
    const label = t(tensor.endsWith("bias") ? "bias" : "weight");
    const value = readNumber(field, label, {}, this.live(field.dataset.live ?? ""));
    if (value === null) return;
    this.session.command({ op: "edit", tensor, index, value });
    field.blur();
  }
}

customElements.define("d-inspector", Inspector);
