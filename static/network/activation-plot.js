/** g and g′ of a unit, with its present z: the chosen example as a dot, other examples as ticks below. */

import { html, nothing, svg } from "lit";
import { catalogFor } from "../core/catalog.js";
import { Element } from "../core/element.js";
import { short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { cut, exitPath, linePath, placesIn, towards } from "../draw/axes.js";
import { axes } from "../draw/svg-axes.js";

const [WIDTH, HEIGHT] = [250, 168];
const BOX = { left: 30, top: 20, right: WIDTH - 8, bottom: HEIGHT - 40 };
const REACH = 6;
/** Values further from zero are left out of the picture. */
const MOST = 3;
/** @type {import("../draw/axes.js").Axis} */
const ACROSS = { low: -REACH, high: REACH, name: "z", most: 6 };

class ActivationPlot extends Element {
  static shows = ["activations"];

  constructor() {
    super();
    this.layer = "";
    this.unit = 0;
    this.activation = "";
  }

  static properties = { layer: { type: String }, unit: { type: Number }, activation: { type: String } };

  get curve() {
    return catalogFor(this)?.activations.find((a) => a.name === this.activation)?.curve ?? null;
  }

  willUpdate() {
    this.session.want(this, this.curve?.z ? { responses: { layer: this.layer, unit: this.unit } } : null);
  }

  updated() {
    this.onFrame();
  }

  /** @returns {import("../draw/axes.js").Axis} */
  get up() {
    const { a = [], slope = [] } = this.curve ?? {};
    const all = [...a, ...slope].filter((v) => Math.abs(v) <= MOST);
    return { low: Math.min(-0.1, ...all), high: Math.max(1.1, ...all), name: "g, g′", most: 4 };
  }

  onFrame() {
    const { curve, session } = this;
    const z = session.tensor(`activations/${this.layer}/z`)?.data[this.unit];
    if (!curve?.z || z === undefined || !Number.isFinite(z)) return;
    const { px, py } = placesIn(BOX, ACROSS, this.up);
    const at = ((z + REACH) / (2 * REACH)) * (curve.z.length - 1);
    const k = Math.max(0, Math.min(curve.z.length - 2, Math.floor(at)));
    const between = (/** @type {number[]} */ list) => list[k] + (list[k + 1] - list[k]) * (at - k);
    /** @type {[number, number][]} */ const beyond = [];
    for (const [name, list] of /** @type {[string, number[]][]} */ ([
      ["a", curve.a],
      ["slope", curve.slope],
    ])) {
      const [x, y] = [px(z), py(between(list))];
      const seen = inside(x, y);
      if (!seen) beyond.push(towards(x, y, BOX));
      const dot = this.querySelector(`circle[data-dot=${name}]`);
      const look = { visibility: seen ? "visible" : "hidden", cx: x, cy: y };
      for (const [what, value] of Object.entries(look)) dot?.setAttribute(what, String(value));
    }
    this.querySelector("path.beyond")?.setAttribute("d", exitPath(beyond, BOX));
    this.put("slope", short(Math.abs(z) <= REACH ? between(curve.slope) : NaN));
    this.rug(Array.from(session.tensor("responses/z")?.data ?? []));
  }

  /** z of other examples along the lower edge; those further out are marked at its ends. @param {number[]} others */
  rug(others) {
    const { px } = placesIn(BOX, ACROSS, this.up);
    const ticks = others.filter((v) => Math.abs(v) <= REACH).map((v) => `M${px(v).toFixed(1)} ${BOX.bottom - 8}v8`);
    this.querySelector(".rug")?.setAttribute("d", ticks.join(""));
    const low = { ...BOX, bottom: BOX.bottom + 40 }; // so that marks point outwards, not down
    const ends = /** @type {[number, number][]} */ (
      others.filter((v) => Math.abs(v) > REACH).map((v) => [v > 0 ? BOX.right : BOX.left, BOX.bottom - 4])
    );
    this.querySelector(".rug-beyond")?.setAttribute("d", exitPath(ends, low));
  }

  render() {
    const { curve } = this;
    if (!curve?.z) return nothing;
    const { px, py } = placesIn(BOX, ACROSS, this.up);
    const drawn = (/** @type {number[]} */ list) =>
      cut(
        list.map((v, i) => /** @type {[number, number]} */ ([px(curve.z[i]), py(v)])),
        { ...BOX, left: BOX.left - 1, right: BOX.right + 1 },
      );
    const [slope, g] = [drawn(curve.slope), drawn(curve.a)];
    const path = (/** @type {ReturnType<typeof cut>} */ { pieces }) => pieces.map(linePath).join("");
    const marks = (/** @type {ReturnType<typeof cut>} */ { exits }) => exitPath(exits, BOX);
    return html`<figure class="activation-plot" data-lit="activation_plot">
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${t("activation_plot")} direction="ltr">
        ${axes(BOX, ACROSS, this.up)}
        ${svg`<line class="axis" x1=${BOX.left} x2=${BOX.right} y1=${py(0)} y2=${py(0)}></line>
        <line class="axis" x1=${px(0)} x2=${px(0)} y1=${BOX.top} y2=${BOX.bottom}></line>
        <path class="slope" d=${path(slope)}></path><path class="g" d=${path(g)}></path>
        <path class="slope exits" d=${marks(slope)}></path><path class="g exits" d=${marks(g)}></path>
        <path class="rug" d=""></path><path class="rug-beyond" d=""></path><path class="beyond"></path>
        <circle data-dot="slope" class="slope" r="4"></circle>
        <circle data-dot="a" class="g" r="5"></circle>`}
      </svg>
      <figcaption class="hint" dir="ltr">
        <span class="g">g(z)</span> · <span class="slope">g′(z) = <b data-slot="slope">–</b></span>
      </figcaption>
    </figure>`;
  }
}

/** @param {number} x @param {number} y */
const inside = (x, y) => x >= BOX.left && x <= BOX.right && y >= BOX.top && y <= BOX.bottom;

customElements.define("d-activation", ActivationPlot);
