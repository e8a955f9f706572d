/** g and g′ of a unit, with its present z: the chosen example as a dot, other examples as ticks below. */

import { html, nothing, svg } from "lit";
import { catalogFor } from "../core/catalog.js";
import { Element } from "../core/element.js";
import { finite, short } from "../core/format.js";
import { t } from "../core/i18n.js";

const [WIDTH, HEIGHT] = [240, 120];
const REACH = 6;

class ActivationPlot extends Element {
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

  /** @returns {{low: number, high: number, px: (z: number) => number, py: (a: number) => number}} */
  get scales() {
    const { a = [], slope = [] } = this.curve ?? {};
    const all = [...a, ...slope].filter((v) => Math.abs(v) <= 3);
    const low = Math.min(-0.1, ...all);
    const high = Math.max(1.1, ...all);
    return {
      low,
      high,
      px: (z) => ((Math.max(-REACH, Math.min(REACH, z)) + REACH) / (2 * REACH)) * WIDTH,
      py: (a) => HEIGHT - 14 - ((Math.max(low, Math.min(high, a)) - low) / (high - low)) * (HEIGHT - 20),
    };
  }

  onFrame() {
    const { curve, session } = this;
    const z = session.tensor(`activations/${this.layer}/z`)?.data[this.unit];
    if (!curve?.z || z === undefined || !Number.isFinite(z)) return;
    const { px, py } = this.scales;
    const at = ((Math.max(-REACH, Math.min(REACH, z)) + REACH) / (2 * REACH)) * (curve.z.length - 1);
    const k = Math.min(curve.z.length - 2, Math.floor(at));
    const between = (/** @type {number[]} */ list) => list[k] + (list[k + 1] - list[k]) * (at - k);
    for (const [name, list] of /** @type {[string, number[]][]} */ ([
      ["a", curve.a],
      ["slope", curve.slope],
    ])) {
      const dot = this.querySelector(`circle[data-dot=${name}]`);
      dot?.setAttribute("cx", String(px(z)));
      dot?.setAttribute("cy", String(py(between(list))));
    }
    this.put("slope", short(between(curve.slope)));
    const others = session.tensor("responses/z");
    const ticks = others ? Array.from(others.data, (v) => `M${px(finite(v)).toFixed(1)} ${HEIGHT - 9}v8`).join("") : "";
    this.querySelector(".rug")?.setAttribute("d", ticks);
  }

  render() {
    const { curve } = this;
    if (!curve?.z) return nothing;
    const { px, py, low, high } = this.scales;
    const path = (/** @type {number[]} */ list) =>
      list
        .map((v, i) => [curve.z[i], v])
        .filter(([, v]) => v >= low - 0.01 && v <= high + 0.01)
        .map(([z, v], i) => `${i ? "L" : "M"}${px(z).toFixed(1)} ${py(v).toFixed(1)}`)
        .join("");
    return html`<figure class="activation-plot" data-lit="activation_plot">
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${t("activation_plot")} direction="ltr">
        <line class="axis" x1="0" x2=${WIDTH} y1=${py(0)} y2=${py(0)}></line>
        <line class="axis" x1=${WIDTH / 2} x2=${WIDTH / 2} y1="2" y2=${HEIGHT - 12}></line>
        ${svg`<path class="slope" d=${path(curve.slope)}></path><path class="g" d=${path(curve.a)}></path>
        <path class="rug" d=""></path><circle data-dot="slope" class="slope" r="4"></circle>
        <circle data-dot="a" class="g" r="5"></circle>`}
      </svg>
      <figcaption class="hint" dir="ltr">
        <span class="g">g(z)</span> · <span class="slope">g′(z) = <b data-slot="slope">–</b></span>
      </figcaption>
    </figure>`;
  }
}

customElements.define("d-activation", ActivationPlot);
