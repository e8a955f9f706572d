/** Losses against their prediction, drawn by the engine's own numbers, with the answers of the run on the curve. */

import { html, nothing, svg } from "lit";
import { catalogFor } from "../core/catalog.js";
import { Panel } from "../core/panel.js";
import { CLASS_COLORS } from "../core/colors.js";
import { cut, exitPath, linePath, placesIn } from "../draw/axes.js";
import { axes } from "../draw/svg-axes.js";
import { short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { word, closeButton } from "../controls/controls.js";

const [WIDTH, HEIGHT] = [560, 272];
const BOX = { left: 40, top: 20, right: WIDTH - 12, bottom: HEIGHT - 40 };
const MOST_DOTS = 150;

class LossesPanel extends Panel {
  static shows = ["cost"];

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
    const { dots, beyond } = this.dots(answers.data, loss.curve);
    putDots(place, dots);
    this.querySelector("path.beyond")?.setAttribute("d", exitPath(beyond, BOX));
    this.put("beyond", beyond.length ? t("losses_beyond", { n: beyond.length }) : "");
    const costs = session.tensor("cost/parts");
    this.put("cost", costs ? short(costs.data[0]) : "–");
  }

  /**
   * The answers on training examples on the curve; at the edge those that lie outside.
   * @param {ArrayLike<number>} answers @param {{x: number[], one: number[], zero?: number[]}} curve
   */
  dots(answers, curve) {
    const { px, py } = placesIn(BOX, this.across, this.up);
    const { y, part } = /** @type {import("../types/page.d.ts").Examples} */ (this.session.data).tensors;
    const numbers = this.task === "regression";
    /** @type {[number, number, string][]} */ const dots = [];
    /** @type {[number, number][]} */ const beyond = [];
    for (let i = 0; i < Math.min(answers.length, y.data.length); i++) {
      if (part.data[i] !== 0 || Number.isNaN(answers[i])) continue;
      const x = numbers ? answers[i] - y.data[i] : answers[i];
      const kind = numbers || y.data[i] > 0.5 ? "one" : "zero";
      const [cx, cy] = [px(x), py(lossAt(curve.x, curve[kind] ?? [], x))];
      if (cx >= BOX.left && cx <= BOX.right && cy >= BOX.top) dots.push([cx, cy, kind]);
      else beyond.push(cy >= BOX.top ? [cx < BOX.left ? BOX.left : BOX.right, cy] : [within(cx), BOX.top]);
    }
    return { dots, beyond };
  }

  /** The axis of what is asked: how wrong, or the probability. @returns {import("../draw/axes.js").Axis} */
  get across() {
    return this.task === "regression" ? { low: -4, high: 4, name: "ŷ − y", most: 8 } : { low: 0, high: 1, name: "ŷ" };
  }

  /** The axis of the loss of one example. @returns {import("../draw/axes.js").Axis} */
  get up() {
    return { low: 0, high: this.task === "regression" ? 6 : 4, name: "L" };
  }

  /** A curve as far as it is in the picture, and marks where it goes on. @param {number[]} x @param {number[]} y */
  curve(x, y) {
    const { px, py } = placesIn(BOX, this.across, this.up);
    const { pieces, exits } = cut(
      x.map((v, i) => /** @type {[number, number]} */ ([px(v), py(y[i])])),
      { ...BOX, left: BOX.left - 1, right: BOX.right + 1, bottom: BOX.bottom + 1 },
    );
    return { line: pieces.map(linePath).join(""), marks: exitPath(exits, BOX) };
  }

  render() {
    if (!this.opened) return nothing;
    const { session, curves } = this;
    const own = session.report?.resolved.loss.name;
    return html`<div class="card losses">
      <header class="row">
        <h2>${t("losses")}</h2>
        ${closeButton(() => this.close(), "losses_close")}
      </header>
      <p class="hint">${t(`losses_help_${this.task}`)}</p>
      <svg class="loss-plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${t("losses")} direction="ltr">
        ${axes(BOX, this.across, this.up)}
        ${curves.map(({ name, curve }, i) => {
          const color = CLASS_COLORS[i % CLASS_COLORS.length];
          if (this.off.has(name)) return nothing;
          const one = this.curve(curve.x, curve.one);
          const zero = curve.zero ? this.curve(curve.x, curve.zero) : null;
          return svg`<g fill="none" stroke=${color} stroke-width=${name === own ? 3 : 1.6} data-loss=${name}>
            <path d=${one.line}></path>${zero ? svg`<path d=${zero.line} stroke-dasharray="5 4"></path>` : nothing}
            <path d=${one.marks + (zero?.marks ?? "")} fill=${color} stroke="none"></path></g>`;
        })}
        <path class="beyond"></path>
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
        <span data-slot="beyond"></span>
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

/** @param {number} x */
const within = (x) => Math.max(BOX.left, Math.min(BOX.right, x));

/**
 * A loss between the places where it is known, and beyond them on the slope of its end.
 * @param {number[]} xs rising, evenly @param {number[]} ys @param {number} x
 */
function lossAt(xs, ys, x) {
  const at = ((x - xs[0]) / (xs[xs.length - 1] - xs[0])) * (xs.length - 1);
  const k = Math.max(0, Math.min(xs.length - 2, Math.floor(at)));
  return ys[k] + (ys[k + 1] - ys[k]) * (at - k);
}

customElements.define("d-losses", LossesPanel);
