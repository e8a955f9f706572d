/** Two boxes to drag and resize, and the formula of their overlap with its numbers. */

import { html, nothing, svg } from "lit";
import { Panel } from "../core/panel.js";
import { short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { closeButton } from "../controls/controls.js";

const SIDE = 300;
const LEAST = 12;
const INKS = ["var(--positive)", "var(--negative)"];
const MOVE = 5;

class IouPanel extends Panel {
  constructor() {
    super();
    /** x1, y1, x2, y2 of both, in pixels */
    this.boxes = [
      [40, 60, 170, 200],
      [110, 110, 250, 240],
    ];
    /** @type {{box: number, corner: boolean, x: number, y: number, from: number[]} | null} */ this.held = null;
  }

  get numbers() {
    const [a, b] = this.boxes;
    const side = (/** @type {number} */ i) => Math.max(0, Math.min(a[i + 2], b[i + 2]) - Math.max(a[i], b[i]));
    const area = (/** @type {number[]} */ c) => (c[2] - c[0]) * (c[3] - c[1]);
    const shared = side(0) * side(1);
    const union = area(a) + area(b) - shared;
    return { wide: side(0), high: side(1), a: area(a), b: area(b), shared, union, iou: shared / union };
  }

  /** @param {PointerEvent} event @param {number} box @param {boolean} corner */
  take(event, box, corner) {
    event.preventDefault();
    event.stopPropagation();
    /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
    this.held = { box, corner, x: event.clientX, y: event.clientY, from: [...this.boxes[box]] };
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (!this.held) return;
    const scale = SIDE / this.find("svg").getBoundingClientRect().width;
    this.shift(
      this.held.box,
      this.held.from,
      (event.clientX - this.held.x) * scale,
      (event.clientY - this.held.y) * scale,
      this.held.corner,
    );
  }

  /** @param {number} box @param {number[]} from @param {number} dx @param {number} dy @param {boolean} corner */
  shift(box, from, dx, dy, corner) {
    const [x1, y1, x2, y2] = from;
    const clamp = (/** @type {number} */ v, /** @type {number} */ low, /** @type {number} */ high) =>
      Math.round(Math.max(low, Math.min(high, v)));
    if (corner) this.boxes[box] = [x1, y1, clamp(x2 + dx, x1 + LEAST, SIDE), clamp(y2 + dy, y1 + LEAST, SIDE)];
    else {
      const [mx, my] = [clamp(dx, -x1, SIDE - x2), clamp(dy, -y1, SIDE - y2)];
      this.boxes[box] = [x1 + mx, y1 + my, x2 + mx, y2 + my];
    }
    const { iou } = this.numbers;
    if (iou === 0) this.session.did("apart");
    if (iou > 0.75) this.session.did("matched");
    this.requestUpdate();
  }

  /** Arrows move, with Shift they resize. @param {KeyboardEvent} event @param {number} box */
  key(event, box) {
    const keys = { ArrowUp: [0, -MOVE], ArrowDown: [0, MOVE], ArrowLeft: [-MOVE, 0], ArrowRight: [MOVE, 0] };
    const move = /** @type {Record<string, number[]>} */ (keys)[event.key];
    if (!move) return;
    event.preventDefault();
    this.shift(box, this.boxes[box], move[0], move[1], event.shiftKey);
  }

  render() {
    if (!this.opened) return nothing;
    const { boxes } = this;
    const n = this.numbers;
    const left = Math.max(boxes[0][0], boxes[1][0]);
    const top = Math.max(boxes[0][1], boxes[1][1]);
    return html`<div class="card iou">
      <header class="row">
        <h2>${t("iou")}</h2>
        ${closeButton(() => this.close())}
      </header>
      <div class="sandbox-body">
        <svg
          viewBox="0 0 ${SIDE} ${SIDE}"
          width=${SIDE}
          height=${SIDE}
          role="group"
          aria-label=${t("iou")}
          @pointermove=${this.drag}
          @pointerup=${() => {
            this.held = null;
          }}
          @pointercancel=${() => {
            this.held = null;
          }}
        >
          <rect class="ground" x="0" y="0" width=${SIDE} height=${SIDE}></rect>
          ${boxes.map(
            ([x1, y1, x2, y2], i) =>
              svg`<rect class="box" data-box=${i} tabindex="0" role="img" aria-label=${t("box_n", { n: i + 1 })}
                x=${x1} y=${y1} width=${x2 - x1} height=${y2 - y1} fill=${INKS[i]} stroke=${INKS[i]}
                @pointerdown=${(/** @type {On<SVGElement, PointerEvent>} */ e) => this.take(e, i, false)}
                @keydown=${(/** @type {On<SVGElement, KeyboardEvent>} */ e) => this.key(e, i)}></rect>`,
          )}
          ${n.shared ? svg`<rect class="shared" x=${left} y=${top} width=${n.wide} height=${n.high}></rect>` : nothing}
          ${boxes.map(
            (c, i) =>
              svg`<circle class="corner" data-corner=${i} cx=${c[2]} cy=${c[3]} r="9" fill=${INKS[i]}
                @pointerdown=${(/** @type {On<SVGElement, PointerEvent>} */ e) => this.take(e, i, true)}></circle>`,
          )}
        </svg>
        <div class="sandbox-sliders">
          <p class="formula" dir="ltr">|A| = ${n.a} &nbsp; |B| = ${n.b}</p>
          <p class="formula" dir="ltr">|A ∩ B| = max(0, ${n.wide}) · max(0, ${n.high}) = <b>${n.shared}</b></p>
          <p class="formula" dir="ltr">|A ∪ B| = |A| + |B| − |A ∩ B| = <b>${n.union}</b></p>
          <p class="formula" dir="ltr">
            IoU = |A ∩ B| / |A ∪ B| = ${n.shared} / ${n.union} = <b data-slot="iou">${short(n.iou)}</b>
          </p>
          <p class="hint">${t("iou_help")}</p>
        </div>
      </div>
    </div>`;
  }
}

customElements.define("d-iou", IouPanel);
