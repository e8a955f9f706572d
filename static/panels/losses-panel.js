/** Losses against their prediction, drawn by the engine's own numbers, with the answers of the run on the curve. */

import { html, nothing, svg } from "lit";
import { catalogFor } from "../core/catalog.js";
import { Panel } from "../core/panel.js";
import { CLASS_COLORS } from "../core/colors.js";
import { finite, short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { word, closeButton } from "../controls/controls.js";

const [WIDTH, HEIGHT, PAD] = [560, 260, 34];
const MOST_DOTS = 150;

class LossesPanel extends Panel {
  constructor() {
    super();
    /** @type {Set<string>} */ this.off = new Set();
  }

  /** @param {boolean} [jump] */
  open(jump = true) {
    this.off.clear();
    super.open(jump);
  }

  get task() {
    return this.session.data?.task === "regression" ? "regression" : "binary";
  }

  willUpdate() {
    const fits = ["regression", "binary"].includes(this.session.data?.task ?? "");
    this.session.want(this, this.opened && fits ? { predictions: { most: MOST_DOTS } } : null);
  }

  /** Losses that have a curve for this kind of question, and the curve. */
  get curves() {
    return ((this.opened && catalogFor(this)?.losses) || []).flatMap(({ name, curves }) => {
      const curve = curves[this.task];
      return curve ? [{ name, curve }] : [];
    });
  }

  updated() {
    this.onFrame();
  }

  /** The present answers as dots on the curve of the run's own loss. */
  onFrame() {
    const place = this.querySelector(".dots");
    const { session } = this;
    const loss = this.curves.find((l) => l.name === session.report?.resolved.loss.name);
    const answers = session.tensor("predictions/y");
    if (!place || !loss || !answers || session.data?.task !== this.task) return;
    const { px, py } = this.scales();
    const y = session.data.tensors.y.data;
    const part = session.data.tensors.part.data;
    const numbers = this.task === "regression";
    /** @type {[number, number, string][]} */ const dots = [];
    for (let i = 0; i < Math.min(answers.data.length, y.length); i++) {
      if (part[i] !== 0) continue;
      const x = numbers ? answers.data[i] - y[i] : answers.data[i];
      const kind = numbers || y[i] > 0.5 ? "one" : "zero";
      dots.push([px(x), py(between(loss.curve.x, loss.curve[kind] ?? [], x)), kind]);
    }
    putDots(place, dots);
    const costs = session.tensor("cost/parts");
    this.put("cost", costs ? short(costs.data[0]) : "–");
  }

  scales() {
    const regression = this.task === "regression";
    const [left, right, top] = regression ? [-4, 4, 6] : [0, 1, 4];
    return {
      left,
      right,
      top,
      px: (/** @type {number} */ x) =>
        PAD + ((Math.max(left, Math.min(right, finite(x, right))) - left) / (right - left)) * (WIDTH - PAD - 10),
      py: (/** @type {number} */ y) =>
        HEIGHT - PAD - (Math.max(0, Math.min(top, finite(y, top))) / top) * (HEIGHT - PAD - 8),
    };
  }

  /** @param {number[]} x @param {number[]} y */
  path(x, y) {
    const { px, py, top } = this.scales();
    const shown = x.map((v, i) => [v, y[i]]).filter(([, v]) => v <= top * 1.02);
    return shown.map(([a, b], i) => `${i ? "L" : "M"}${px(a).toFixed(1)} ${py(b).toFixed(1)}`).join("");
  }

  render() {
    if (!this.opened) return nothing;
    const { session, curves } = this;
    const own = session.report?.resolved.loss.name;
    const { px, py, left, right, top } = this.scales();
    const ticks = [0, 0.25, 0.5, 0.75, 1];
    return html`<div class="card losses">
      <header class="row">
        <h2>${t("losses")}</h2>
        ${closeButton(() => this.close(), "losses_close")}
      </header>
      <p class="hint">${t(`losses_help_${this.task}`)}</p>
      <svg class="loss-plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${t("losses")} direction="ltr">
        ${ticks.map((k) => {
          const [x, y] = [left + k * (right - left), k * top];
          return svg`<line class="grid" x1=${PAD} x2=${WIDTH - 10} y1=${py(y)} y2=${py(y)}></line>
            <text x=${PAD - 5} y=${py(y) + 4} text-anchor="end">${short(y)}</text>
            <text x=${px(x)} y=${HEIGHT - PAD + 15} text-anchor="middle">${short(x)}</text>`;
        })}
        <text x=${WIDTH / 2} y=${HEIGHT - 3} text-anchor="middle">${this.task === "regression" ? "ŷ − y" : "ŷ"}</text>
        <text x="12" y="14">L</text>
        ${curves.map(({ name, curve }, i) => {
          const color = CLASS_COLORS[i % CLASS_COLORS.length];
          if (this.off.has(name)) return nothing;
          const zero = curve.zero && svg`<path d=${this.path(curve.x, curve.zero)} stroke-dasharray="5 4"></path>`;
          return svg`<g fill="none" stroke=${color} stroke-width=${name === own ? 3 : 1.6} data-loss=${name}>
            <path d=${this.path(curve.x, curve.one)}></path>${zero || nothing}</g>`;
        })}
        <g class="dots"></g>
      </svg>
      <ul class="legend">
        ${curves.map(
          (l, i) =>
            html`<li>
              <label class="check"
                ><input
                  type="checkbox"
                  .checked=${!this.off.has(l.name)}
                  data-control="show_loss"
                  @change=${() => {
                    if (!this.off.delete(l.name)) this.off.add(l.name);
                    this.requestUpdate();
                  }}
                />
                <svg width="16" height="8" aria-hidden="true">
                  <line
                    x1="0"
                    x2="16"
                    y1="4"
                    y2="4"
                    stroke=${CLASS_COLORS[i % CLASS_COLORS.length]}
                    stroke-width=${l.name === own ? 4 : 2}
                  ></line></svg
                ><span>${word("loss", l.name)}</span></label
              >
            </li>`,
        )}
      </ul>
      <p class="hint">
        <bdi dir="ltr">J = <b data-slot="cost">–</b></bdi> · ${t("losses_now", { loss: word("loss", own ?? "") })}
      </p>
    </div>`;
  }
}

/**
 * As many circles as there are dots: x, y and what each is of.
 * @param {globalThis.Element} place @param {[number, number, string][]} dots
 */
function putDots(place, dots) {
  while (place.childElementCount < dots.length)
    place.append(document.createElementNS("http://www.w3.org/2000/svg", "circle"));
  while (place.childElementCount > dots.length) place.lastElementChild?.remove();
  Array.from(place.children).forEach((dot, i) => {
    dot.setAttribute("cx", String(dots[i][0]));
    dot.setAttribute("cy", String(dots[i][1]));
    dot.setAttribute("r", "3");
    dot.setAttribute("class", String(dots[i][2]));
  });
}

/** @param {number[]} xs rising @param {number[]} ys @param {number} x */
function between(xs, ys, x) {
  if (!Number.isFinite(x)) return ys[ys.length - 1];
  const at = Math.max(
    0,
    Math.min(xs.length - 2, Math.floor(((x - xs[0]) / (xs[xs.length - 1] - xs[0])) * (xs.length - 1))),
  );
  const share = Math.max(0, Math.min(1, (x - xs[at]) / (xs[at + 1] - xs[at])));
  return ys[at] * (1 - share) + ys[at + 1] * share;
}

customElements.define("d-losses", LossesPanel);
