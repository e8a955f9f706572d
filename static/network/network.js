/** The network in the middle: the picture, whole in its room, a card over each layer, a button on each unit. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { sharp } from "../draw/canvas.js";
import { currentLanguage, t } from "../core/i18n.js";
import { watchSize } from "../core/powers.js";
import { pretty } from "../core/format.js";
import { layout, moved, roomOfCard, slotsOf } from "../draw/network-layout.js";
import { NetworkPainter, troubled } from "../draw/network-paint.js";
import { hidden } from "../controls/controls.js";
import { fetchStyles } from "../panels/registry.js";
import { columnsOf, inputName, offTile, standUp } from "./columns.js";
import { headTools } from "./head-tools.js";
import { layerCard } from "./layer-card.js";

/** @import {Picked} from "../types/page.d.ts" */
/** @typedef {import("../draw/network-layout.js").Layout} Layout */
/** @typedef {import("../draw/network-layout.js").Column} Column */
/** @typedef {import("../draw/network-layout.js").Node} Node */

const MOST_INPUTS = 64;
/** Pixels of one layer's maps that are sent, at no zoom: about what is seen of them. */
const LAYER_PIXELS = 6144;
const INPUT_SIDE = 48;
/** Pictures are asked for up to so many times as fine. */
const MOST_FINE = 6;
/** How cards look by the room that each one has, and how high they are. @type {[number, string, number][]} */
const CARDS = [
  [112, "wide", 88],
  [60, "narrow", 116],
  [28, "upright", 140],
  [16, "bare", 112],
  [0, "none", 0],
];

export class Network extends Element {
  constructor() {
    super();
    this.painter = new NetworkPainter();
    /** Where everything stands, and the same as it is seen, moved by scrolling. */
    /** @type {Layout | null} */ this.whole = null;
    /** @type {Layout | null} */ this.plan = null;
    this.width = 0;
    this.height = 0;
    /** How many times as large as the room shows it whole. */ this.zoom = 1;
    this.cards = CARDS[0];
    /** What zooms, moves and finds edges; fetched when a hand comes near. @type {import("./hands.js").Hands | null} */
    this.hands = null;
    /** What moves along the edges; fetched with the first Play. @type {import("./flow.js").Flow | null} */
    this.flow = null;
    /** Blocks that are open, by id, and what lays them out, fetched with the first. @type {Set<string>} */
    this.open = new Set();
    /** @type {typeof import("../draw/branches.js") | null} */ this.branches = null;
    this.repicked = () => this.showPicked();
  }

  connectedCallback() {
    super.connectedCallback();
    this.session.addEventListener("picked", this.repicked);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.session.removeEventListener("picked", this.repicked);
  }

  firstUpdated() {
    if (navigator.maxTouchPoints) this.reach();
    if (this.session.picked) this.showPicked(); // by a lesson or a link, before there was a picture
    watchSize(this.find(".network-scroll"), (inside, tall) => {
      const [width, height] = [Math.floor(inside), Math.floor(tall)];
      if (width === this.width && height === this.height) return;
      [this.width, this.height] = [width, height];
      this.requestUpdate();
    });
  }

  /** A hand comes near. */
  async reach() {
    const { Hands } = await import("./hands.js");
    this.hands ??= new Hands(this);
    return this.hands;
  }

  /**
   * What a hand does; the first time after it has come near enough.
   * @param {"key" | "walk" | "move" | "down" | "wheel"} what @param {Event} event
   */
  hand(what, event) {
    const go = (/** @type {import("./hands.js").Hands} */ hands) => hands.do(what, event);
    if (this.hands) go(this.hands);
    else this.reach().then(go);
  }

  get columns() {
    return columnsOf(this);
  }

  /** Blocks that are open now. */
  get opened() {
    return (this.session.report?.layers ?? []).filter((row) => row.stages && this.open.has(row.id));
  }

  /** Opens a block in its place, or closes it. @param {string} id */
  async unfold(id) {
    this.branches ??= await import("../draw/branches.js");
    this.painter.branchLine = this.branches.branchLine;
    if (!this.open.delete(id)) this.open.add(id);
    this.requestUpdate();
  }

  /** Whether some layer answers with images. */
  get imageNet() {
    return Boolean(this.session.report?.layers.some((r) => r.output_shape.length === 3));
  }

  /** A small net beside panels of a lesson needs no tall picture. */
  get slim() {
    const widest = Math.max(
      this.session.report?.inputs.length ?? 0,
      ...this.session.layers.map((l) => Number(l.units ?? 99)),
    );
    return Boolean(this.session.lab?.panels?.length) && widest <= 3;
  }

  get rightToLeft() {
    return currentLanguage() === "he";
  }

  /** Where everything stands at some zoom. @param {number} zoom */
  arrange(zoom) {
    const { columns } = this;
    const step = roomOfCard(slotsOf(columns), this.width, zoom);
    const away = !this.find(".layer-cards").getClientRects().length; // in a strip
    this.cards = /** @type {typeof this.cards} */ (away ? CARDS.at(-1) : CARDS.find(([least]) => step >= least));
    const tall = Math.max(40, this.height - this.cards[2]);
    return layout(columns, this.width, tall, this.rightToLeft, zoom);
  }

  willUpdate() {
    if (!this.session.report) return;
    if (this.width < 2) {
      this.whole = this.plan = null; // out of sight: what was planned may be of another net by then
      return;
    }
    this.whole = this.arrange(this.zoom);
    this.look();
    this.ask();
  }

  /** What is seen of the whole, as far as it has been scrolled. */
  look() {
    const region = this.querySelector(".network-scroll");
    if (this.whole) this.plan = moved(this.whole, region?.scrollLeft ?? 0, region?.scrollTop ?? 0);
  }

  scrolled() {
    this.look();
    this.updateSizes();
    this.onFrame();
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
    if (!this.whole) return;
    const { columns } = this.whole;
    const fine = Math.min(MOST_FINE, this.zoom);
    const sizes = columns.map((c) => c.nodes[0]?.size ?? 0);
    const units = columns.reduce((sum, c) => sum + c.nodes.length, 0);
    const wide = units <= 12 ? 28 : units <= 24 ? 22 : units <= 64 ? 15 : 12;
    const largest = Math.max(0, ...sizes.filter((_, i) => columns[i].maps));
    const side = Math.min(256, Math.max(32, 8 * Math.ceil(largest / 4)));
    const { view } = this.session;
    this.session.want(this, {
      neurons: {
        size: Math.min(100, Math.round(wide * fine)),
        most: MOST_INPUTS,
        across: view.across,
        up: view.up,
        ...(this.imageNet
          ? {
              show: view.show ?? "maps",
              spread: view.spread ?? "layer",
              ...this.session.looked,
              side,
              ...(this.opened.length ? { inside: this.opened.map((row) => row.id).join() } : {}),
              pixels: Math.round(LAYER_PIXELS * fine ** 2),
            }
          : {}),
      },
      weights: { limit: this.imageNet ? 1500 : 20000 },
      health: {},
      ...(this.drops ? { dropout: {} } : {}),
      activations: {
        ...this.session.looked,
        ...(this.imageNet ? { limit: 800, side: Math.round(INPUT_SIDE * fine) } : {}),
      },
    });
  }

  onFrame() {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector("canvas"));
    if (!canvas || !this.plan) return;
    const { session } = this;
    const to = sharp(canvas, this.width, Math.max(40, this.height - this.cards[2]));
    if (session.about.health?.findings.length) this.fetchFindings();
    this.painter.paint(to, {
      layout: this.plan,
      tensor: (name) => session.tensor(name),
      about: session.about,
      picked: session.picked,
      troubled: troubled(session.about.health?.findings ?? []),
    });
    this.stream();
  }

  /** Dots flow along the edges while it trains. */
  async stream() {
    const { session, plan } = this;
    if (!session.state.playing) this.flow?.hide();
    else if (this.flow && plan) this.flow.show(plan, (name) => session.tensor(name), session.about);
    else {
      const { Flow } = await import("./flow.js");
      this.flow ??= new Flow(this.find(".picture"));
    }
  }

  /** What shows findings is fetched with the first of them. */
  async fetchFindings() {
    if (customElements.get("d-findings")) return;
    await Promise.all([import("./findings.js"), fetchStyles()]).catch((error) => this.session.fail(error));
  }

  // -- picking ----------------------------------------------------------------------------------------------------
  /** @param {Picked | null} what @param {boolean} [held] */
  pick(what, held = this.session.pinned) {
    if (held === this.session.pinned && JSON.stringify(what) === JSON.stringify(this.session.picked)) return;
    this.session.pick(what, held);
    this.onFrame();
  }

  /** What is picked is told of beside it, by an element that is fetched with the first pick. */
  async showPicked() {
    this.onFrame();
    if (customElements.get("d-inspector")) return;
    await Promise.all([import("./inspector.js"), fetchStyles()]).catch((error) => this.session.fail(error));
    this.requestUpdate();
  }

  /** The box of what is picked: a unit's, or that of the unit an edge leads to. @returns {Node | undefined} */
  get pickedBox() {
    const { picked } = this.session;
    const column = this.plan?.columns.find((c) => c.id === picked?.layer);
    return column?.nodes.find((n) => n.unit === picked?.unit) ?? column?.nodes.at(-1);
  }

  // -- drawing ----------------------------------------------------------------------------------------------------
  render() {
    const { plan } = this;
    const columns = this.columns;
    const near = () => void this.reach();
    return html` <div class="network-head">
        <h2>${t("network")}</h2>
        ${hidden("layers") ? nothing : headTools(this)}
      </div>
      <div class="network-room">
        <div
          class="network-scroll ${this.zoom > 1 ? "zoomed" : ""} ${this.slim ? "slim" : ""}"
          dir="ltr"
          tabindex="0"
          role="region"
          aria-label=${t("network_region")}
          @pointerenter=${near}
          @focusin=${near}
          @scroll=${this.scrolled}
          @wheel=${(/** @type {Event} */ e) => this.hand("wheel", e)}
          @keydown=${(/** @type {Event} */ e) => this.hand("key", e)}
        >
          <div class="stage">
            <div class="glass">
              <div class="layer-cards ${this.cards[1]}" dir=${this.rightToLeft ? "rtl" : "ltr"}>
                ${plan ? plan.columns.map((column, i) => layerCard(this, column, columns[i], i)) : nothing}
              </div>
              <div class="picture" @pointerleave=${() => this.session.pinned || this.pick(null)}>
                <canvas
                  aria-hidden="true"
                  @pointermove=${(/** @type {Event} */ e) => this.hand("move", e)}
                  @pointerdown=${(/** @type {Event} */ e) => this.hand("down", e)}
                ></canvas>
                ${
                  plan
                    ? plan.columns.map((column, i) =>
                        column.nodes
                          .map((node, k) => this.unitButton(column, i, node, k))
                          .concat((column.off ?? []).map((tile) => offTile(this.session, tile))),
                      )
                    : nothing
                }
              </div>
            </div>
          </div>
        </div>
        ${customElements.get("d-inspector") ? html`<d-inspector class="card beside"></d-inspector>` : nothing}
      </div>
      <d-layer-editor></d-layer-editor>`;
  }

  updateSizes() {
    standUp(this);
    this.dispatchEvent(new Event("moved"));
  }

  /** @param {Map<string, unknown>} changes */
  update(changes) {
    super.update(changes);
    this.updateSizes();
  }

  /** @param {Column} column @param {number} i @param {Node} node @param {number} k */
  unitButton(column, i, node, k) {
    const name =
      column.id === "inputs"
        ? pretty(column.names[node.unit] ?? "")
        : t("unit_name", { layer: column.id, unit: node.unit + 1 });
    const it = { layer: column.id, unit: node.unit };
    const hold = () => this.hands?.closing || this.pick(it, true);
    return html`<button
      type="button"
      class="unit"
      data-column=${i}
      data-node=${k}
      data-unit=${node.unit}
      data-layer=${column.id}
      tabindex=${k === 0 ? 0 : -1}
      aria-label=${name}
      @pointerenter=${() => this.session.pinned || this.pick(it)}
      @focus=${hold}
      @click=${hold}
      @keydown=${(/** @type {Event} */ e) => this.hand("walk", e)}
    >
      ${
        column.switched || (node.size >= 24 && column.names.length > 1 && column.names.length < 12)
          ? inputName(this.session, column, node)
          : nothing
      }
    </button>`;
  }
}

customElements.define("d-network", Network);
