/* eslint max-lines: ["error", 520] -- the picture, its zoom and its pointer know each other's places */
/** The network in the middle: the picture, a card over each layer, a button on each unit. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { sharp } from "../draw/canvas.js";
import { currentLanguage, t } from "../core/i18n.js";
import { watchSize } from "../core/powers.js";
import { pretty } from "../core/format.js";
import { distanceToEdge, layout, roomFor } from "../draw/network-layout.js";
import { NetworkPainter } from "../draw/network-paint.js";
import { hidden, locked, segments } from "../controls/controls.js";
import * as icons from "../controls/icons.js";
import { layerCard } from "./layer-card.js";

/** @import {Picked, Finding, Layer} from "../types/page.d.ts" */

const MOST_INPUTS = 64;
const MOST_ZOOM = 6;
/** Pixels of one layer's maps that are sent, at no zoom: about what is seen of them. */
const LAYER_PIXELS = 6144;
const INPUT_SIDE = 48;
const ZOOM_STEP = 1.3;
const LEAST_ZOOM = 0.5;
/** Cards under so many pixels have their activation in a row of its own. */
const NARROW_CARD = 112;
/** Layers that only rearrange numbers are one box. */
const SHAPING = new Set(["Flatten", "Reshape"]);

export class Network extends Element {
  constructor() {
    super();
    this.painter = new NetworkPainter();
    /** @type {import("../draw/network-layout.js").Layout | null} */
    this.plan = null;
    this.width = 0;
    /** @type {number | null} how large it is wished; null: whole */ this.wished = null;
  }

  get zoom() {
    return this.wished ?? this.least;
  }

  firstUpdated() {
    if (navigator.maxTouchPoints) this.feelPinch();
    watchSize(this.find(".network-scroll"), (inside) => {
      const width = Math.floor(inside);
      if (Math.abs(width - this.width) > 1) {
        this.width = width;
        this.requestUpdate();
      }
    });
  }

  async feelPinch() {
    const { watchPinch } = await import("./pinch.js");
    watchPinch(this.find(".network-scroll"), (by, x, y) => this.scale(by, x, y));
  }

  get columns() {
    const { session } = this;
    const { report } = session;
    if (!report) return [];
    const inputs = report.inputs.length > 1 || session.data?.kind !== "image" ? report.inputs : ["pixels"];
    return [
      { id: "inputs", type: "Input", units: Math.max(1, inputs.length), names: inputs },
      ...report.resolved.layers.map((layer, i) => ({
        id: layer.id,
        type: layer.type,
        maps: report.layers[i].output_shape.length === 3,
        units: unitsOf(layer, report.layers[i].output_shape),
        row: report.layers[i],
        layer,
      })),
    ];
  }

  /** Whether some layer answers with images. */
  get imageNet() {
    return Boolean(this.session.report?.layers.some((r) => r.output_shape.length === 3));
  }

  /**
   * Larger or smaller, the place under (x, y) of the region staying where it is.
   * @param {number} by
   * @param {number} [x]
   * @param {number} [y]
   */
  async scale(by, x = this.width / 2, y = 0) {
    const region = this.find(".network-scroll");
    const before = this.zoom;
    const wished = by ? Math.min(MOST_ZOOM, before * by) : 0;
    this.wished = wished > this.least ? wished : null;
    if (this.zoom === before) return;
    const factor = this.zoom / before;
    const [left, top] = [region.scrollLeft, region.scrollTop];
    this.requestUpdate();
    await this.updateComplete;
    region.scrollTo((left + x) * factor - x, (top + y) * factor - y);
  }

  /** How small the picture may become: as small as shows it whole, if units can still be told apart then. */
  get least() {
    return Math.min(1, Math.max(LEAST_ZOOM, this.width / roomFor(this.columns.length)));
  }

  /** Ctrl and the wheel (and pinching on a touchpad) zoom. @param {WheelEvent} event */
  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    this.scale(Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
  }

  /** + and − and 0 zoom while the region has the focus. @param {KeyboardEvent} event */
  zoomKey(event) {
    const by = /** @type {Record<string, number>} */ ({ "+": ZOOM_STEP, "=": ZOOM_STEP, "-": 1 / ZOOM_STEP, 0: 0 })[
      event.key
    ];
    if (by === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.scale(by);
  }

  get height() {
    const tall = Math.max(240, Math.min(innerWidth < 700 ? 300 : 400, Math.round(innerHeight / 2)));
    return this.slim ? Math.min(tall, 170) : tall;
  }

  /** A small net beside panels of a lesson needs no tall picture. */
  get slim() {
    const widest = Math.max(
      this.session.report?.inputs.length ?? 0,
      ...this.session.layers.map((l) => Number(l.units ?? 99)),
    );
    return Boolean(this.session.lab?.panels?.length) && widest <= 3;
  }

  willUpdate() {
    const columns = this.columns;
    if (!columns.length || !this.width) return;
    const larger = Math.max(1, this.zoom);
    this.plan = layout(columns, this.width * larger, this.height * larger, currentLanguage() === "he", this.zoom);
    this.ask();
  }

  updated() {
    this.onFrame();
  }

  /** Whether some layer switches units off while it trains. */
  get drops() {
    return this.session.layers.some((l) => l.type === "Dense" && Boolean(l.dropout));
  }

  /** Which maps are needed, and how large, for what is on the picture. */
  ask() {
    if (!this.plan) return;
    const units = this.plan.columns.reduce((sum, c) => sum + c.nodes.length, 0);
    const wide = units <= 12 ? 28 : units <= 24 ? 22 : units <= 64 ? 15 : 12;
    const size = Math.min(100, Math.round(wide * this.zoom));
    const side = Math.min(
      256,
      Math.max(
        32,
        8 * Math.ceil(Math.max(...this.plan.columns.filter((c) => c.maps).map((c) => c.nodes[0]?.size ?? 0), 0) / 4),
      ),
    );
    const { view } = this.session;
    this.session.want(this, {
      neurons: {
        size,
        most: MOST_INPUTS,
        across: view.across,
        up: view.up,
        ...(this.imageNet
          ? {
              show: view.show ?? "maps",
              spread: view.spread ?? "layer",
              ...this.session.looked,
              side,
              pixels: Math.round(LAYER_PIXELS * this.zoom ** 2),
            }
          : {}),
      },
      weights: { limit: this.imageNet ? 1500 : 20000 },
      health: {},
      ...(this.drops ? { dropout: {} } : {}),
      activations: {
        ...this.session.looked,
        ...(this.imageNet ? { limit: 800, side: Math.round(INPUT_SIDE * this.zoom) } : {}),
      },
    });
  }

  onFrame() {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector("canvas"));
    if (!canvas || !this.plan) return;
    const to = sharp(canvas, this.plan.width, this.plan.height);
    const { session } = this;
    if (session.about.health?.findings.length) this.fetchFindings();
    this.painter.paint(to, {
      layout: this.plan,
      tensor: (name) => session.tensor(name),
      about: session.about,
      picked: session.picked,
      troubled: troubled(session.about.health?.findings ?? []),
    });
  }

  /** One more layer. @param {"layer" | "convolution"} what */
  async add(what) {
    try {
      const { withConvolution, withLayer } = await import("./grow.js");
      const { spec, report } = this.session;
      const more = what === "layer" ? withLayer(spec.layers) : withConvolution(spec.layers, report.layers);
      await this.session.set("layers", more);
    } catch (error) {
      this.session.fail(error);
    }
  }

  /** What shows findings is fetched with the first of them. */
  async fetchFindings() {
    if (customElements.get("d-findings")) return;
    await import("./findings.js").catch((error) => this.session.fail(error));
  }

  // -- picking ----------------------------------------------------------------------------------------------------
  /** @param {Picked | null} what */
  pick(what) {
    if (JSON.stringify(what) === JSON.stringify(this.session.picked)) return;
    this.session.pick(what);
    this.onFrame();
  }

  /** The edge under the pointer. @param {PointerEvent} event */
  edgeAt(event) {
    const canvas = this.find("canvas");
    const box = canvas.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const columns = this.plan?.columns ?? [];
    let best = null;
    let nearest = 6;
    for (let i = 1; i < columns.length; i++) {
      const from = columns[i - 1];
      const column = columns[i];
      if (from.folded || column.folded || column.type !== "Dense") continue;
      if (x < Math.min(from.x, column.x) || x > Math.max(from.x, column.x)) continue;
      for (const a of from.nodes)
        for (const b of column.nodes) {
          const distance = distanceToEdge(a, b, x, y);
          if (distance < nearest) {
            nearest = distance;
            best = { from: from.id, i: a.unit, layer: column.id, unit: b.unit };
          }
        }
    }
    return best;
  }

  /** @param {PointerEvent} event */
  onMove(event) {
    if (!this.plan || event.pointerType === "touch") return;
    const edge = this.edgeAt(event);
    if (edge && !this.session.pinned) this.pick(edge);
  }

  /** @param {PointerEvent} event */
  onDown(event) {
    if (!this.plan) return;
    const edge = this.edgeAt(event);
    this.session.hold(Boolean(edge));
    if (edge) this.pick(edge);
    else if (this.zoom > 1 && event.pointerType !== "touch") this.drag(event);
  }

  /** The empty ground drags the picture. @param {PointerEvent} event */
  drag(event) {
    const region = this.find(".network-scroll");
    const canvas = /** @type {HTMLElement} */ (event.currentTarget);
    const from = { x: event.clientX + region.scrollLeft, y: event.clientY + region.scrollTop };
    canvas.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ e) => region.scrollTo(from.x - e.clientX, from.y - e.clientY);
    canvas.addEventListener("pointermove", move);
    canvas.addEventListener("pointerup", () => canvas.removeEventListener("pointermove", move), { once: true });
  }

  /** Arrow keys walk over the units. @param {KeyboardEvent} event */
  onArrow(event) {
    const keys = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    const move = /** @type {Record<string, number[]>} */ (keys)[event.key];
    if (!move) return;
    event.preventDefault();
    const here = /** @type {HTMLElement} */ (event.currentTarget);
    const sign = currentLanguage() === "he" ? -1 : 1;
    const column = Number(here.dataset.column) + move[0] * sign;
    const count = this.plan?.columns[column]?.nodes.length ?? 0;
    const unit = Math.max(0, Math.min(count - 1, Number(here.dataset.unit) + move[1]));
    /** @type {HTMLElement | null} */ (this.querySelector(`[data-column="${column}"][data-unit="${unit}"]`))?.focus();
  }

  // -- drawing ----------------------------------------------------------------------------------------------------
  render() {
    const { plan } = this;
    const columns = this.columns;
    return html` <div class="network-head">
        <h2>${t("network")}</h2>
        ${
          hidden("layers")
            ? nothing
            : html`<p class="hint totals">${this.totals()}</p>
                ${
                  this.imageNet
                    ? html` ${segments(
                        "show",
                        t("show_in_layers"),
                        [
                          ["maps", t("show_maps")],
                          ["filters", t("show_filters")],
                          ["gradients", t("show_gradients")],
                        ],
                        this.session.view.show ?? "maps",
                        (show) => this.session.setView({ show }),
                      )}
                      ${segments(
                        "spread",
                        t("color_range"),
                        [
                          ["map", t("per_map")],
                          ["layer", t("per_layer")],
                          ["net", t("per_net")],
                        ],
                        this.session.view.spread ?? "layer",
                        (spread) => this.session.setView({ spread }),
                      )}`
                    : nothing
                }
                <button
                  type="button"
                  class="tool"
                  data-control="add_layer"
                  ?disabled=${locked("layers")}
                  @click=${() => this.add("layer")}
                >
                  ${icons.plus}<span>${t("add_layer")}</span>
                </button>
                <span class="zoom" role="group" aria-label=${t("zoom")}>
                  <button
                    type="button"
                    class="tool"
                    data-control="zoom_out"
                    aria-label=${t("zoom_out")}
                    title=${t("zoom_out")}
                    ?disabled=${this.wished === null}
                    @click=${() => this.scale(1 / ZOOM_STEP)}
                  >
                    ${icons.zoomOut}
                  </button>
                  <button
                    type="button"
                    class="tool"
                    data-control="zoom_in"
                    aria-label=${t("zoom_in")}
                    title=${t("zoom_in")}
                    ?disabled=${this.zoom >= MOST_ZOOM}
                    @click=${() => this.scale(ZOOM_STEP)}
                  >
                    ${icons.zoomIn}
                  </button>
                  ${
                    this.wished !== null
                      ? html`<button
                          type="button"
                          class="tool"
                          data-control="zoom_fit"
                          aria-label=${t("zoom_fit")}
                          title=${t("zoom_fit")}
                          @click=${() => this.scale(0)}
                        >
                          ${icons.fit}
                        </button>`
                      : nothing
                  }</span
                >
                ${
                  this.session.data?.kind === "image"
                    ? html`<button
                        type="button"
                        class="tool"
                        data-control="add_convolution"
                        ?disabled=${locked("layers")}
                        @click=${() => this.add("convolution")}
                      >
                        ${icons.plus}<span>${t("add_convolution")}</span>
                      </button>`
                    : nothing
                }`
        }
      </div>
      <div
        class="network-scroll ${this.zoom > 1 ? "zoomed" : ""} ${this.slim ? "slim" : ""}"
        tabindex="0"
        role="region"
        aria-label=${t("network_region")}
        @wheel=${this.wheel}
        @keydown=${this.zoomKey}
      >
        <div class="stage">
          <div class="layer-cards">
            ${plan ? plan.columns.map((column, i) => layerCard(this.session, column, columns[i], i)) : nothing}
          </div>
          <div class="picture" @pointerleave=${() => this.session.pinned || this.pick(null)}>
            <canvas aria-hidden="true" @pointermove=${this.onMove} @pointerdown=${this.onDown}></canvas>
            ${
              plan
                ? plan.columns.map((column, i) => column.nodes.map((node) => this.unitButton(column, i, node)))
                : nothing
            }
          </div>
        </div>
      </div>
      <d-layer-editor></d-layer-editor>`;
  }

  updateSizes() {
    if (!this.plan) return;
    const { width, height } = this.plan;
    const picture = this.find(".picture");
    picture.style.width = this.find("canvas").style.width = `${width}px`;
    picture.style.height = this.find("canvas").style.height = `${height}px`;
    this.find(".layer-cards").style.width = `${width}px`;
    const wide = Math.min(150, width / this.plan.columns.length - 8);
    this.find(".layer-cards").classList.toggle("narrow", wide < NARROW_CARD);
    for (const card of this.querySelectorAll(".layer-card")) {
      const column = this.plan.columns[Number(/** @type {HTMLElement} */ (card).dataset.index)];
      /** @type {HTMLElement} */ (card).style.left = `${column.x}px`;
      /** @type {HTMLElement} */ (card).style.width = `${wide}px`;
    }
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(".unit"))) {
      const node = this.plan.columns[Number(button.dataset.column)]?.nodes[Number(button.dataset.unit)];
      if (!node) continue;
      button.style.left = `${node.x}px`;
      button.style.top = `${node.y}px`;
      button.style.width = button.style.height = `${node.size}px`;
    }
  }

  /** @param {Map<string, unknown>} changes */
  update(changes) {
    super.update(changes);
    this.updateSizes();
  }

  totals() {
    const { totals } = this.session.report ?? {};
    return totals
      ? t("totals", { n: totals.parameters.toLocaleString("en"), m: totals.multiplications.toLocaleString("en") })
      : "";
  }

  /**
   * @param {import("../draw/network-layout.js").Column} column
   * @param {number} i
   * @param {import("../draw/network-layout.js").Node} node
   */
  unitButton(column, i, node) {
    const name =
      column.id === "inputs"
        ? pretty(column.names[node.unit] ?? "")
        : t("unit_name", { layer: column.id, unit: node.unit + 1 });
    return html`<button
      type="button"
      class="unit"
      data-column=${i}
      data-unit=${node.unit}
      data-layer=${column.id}
      tabindex=${node.unit === 0 ? 0 : -1}
      aria-label=${name}
      title=${name}
      @pointerenter=${() => this.session.pinned || this.pick({ layer: column.id, unit: node.unit })}
      @focus=${() => {
        this.session.hold(true);
        this.pick({ layer: column.id, unit: node.unit });
      }}
      @click=${() => {
        this.session.hold(true);
        this.pick({ layer: column.id, unit: node.unit });
      }}
      @keydown=${this.onArrow}
    >
      ${
        column.id === "inputs" && node.size >= 24 && column.names.length > 1 && column.names.length < 12
          ? html`<span dir="ltr">${pretty(column.names[node.unit] ?? "")}</span>`
          : nothing
      }
    </button>`;
  }
}

/** How many boxes a layer has: units, or feature maps. @param {Layer} layer @param {number[]} shape */
function unitsOf(layer, shape) {
  if (shape.length === 3) return shape[2];
  return SHAPING.has(layer.type) ? 1 : shape.reduce((a, b) => a * b, 1);
}

/** Places on the picture that grave findings name. @param {Finding[]} findings @returns {Set<string>} */
function troubled(findings) {
  /** @type {Set<string>} */
  const places = new Set();
  for (const f of findings.filter((found) => found.severity === "alarm")) {
    if (f.units.length) for (const unit of f.units) places.add(`${f.layer}/${unit}`);
    else places.add(f.layer);
  }
  return places;
}

customElements.define("d-network", Network);
