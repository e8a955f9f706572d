/** What the network answers: over the plane, along the line, on the examples, or for a digit you draw. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { sharp } from "../draw/canvas.js";
import { theme } from "../core/colors.js";
import { classSign } from "../draw/class-marks.js";
import { t } from "../core/i18n.js";
import { later } from "../core/later.js";
import { followRoom, squareIn } from "../core/room.js";
import { isRubbed, PlanePainter, placeOn, pointedAt, pointsLeft, REACH, withoutRubbed } from "../draw/plane.js";
import { check, locked, select } from "../controls/controls.js";
import { scaleLegend } from "../controls/legend.js";

/** @import {Examples, Views} from "../types/page.d.ts" */

/** What shows the answers for pictures. @type {Record<string, {fetch: () => Promise<unknown>, element: unknown}>} */
const PICTURED = {
  digit: { fetch: () => import("../controls/digit-pad.js"), element: html`<d-digit></d-digit>` },
  detector: { fetch: () => import("./detector-panel.js"), element: html`<d-detector></d-detector>` },
  autoencoder: { fetch: () => import("./autoencoder-panel.js"), element: html`<d-autoencoder></d-autoencoder>` },
};

/** Pictures of numbers, fetched when there are any. @type {typeof import("../draw/scatter.js") | undefined} */
let scatter;

/** From so many pixels on more of the plane is asked for. */
const LARGE = 400;

class OutputPanel extends Element {
  constructor() {
    super();
    this.plane = new PlanePainter();
    this.repicked = () => this.kind === "plane" && this.onFrame();
    /** Of its room, once that is known. */ this.size = 0;
    this.brush = 0;
    this.rubbing = false;
    /** @type {number[][]} */ this.fresh = [];
    /** @type {number[][]} where the rubber has been since it was put down */ this.rubbed = [];
  }

  /** @param {number} size */
  grow(size) {
    if (size === this.size) return;
    this.size = size;
    this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    this.session.addEventListener("picked", this.repicked);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.session.removeEventListener("picked", this.repicked);
  }

  get kind() {
    const { data } = this.session;
    if (!data) return "none";
    if (["detection", "localisation", "landmarks"].includes(data.task)) return "detector";
    if (data.kind === "line" && data.task === "regression") return "curve";
    if (data.kind === "table" && data.task === "regression") return "scatter";
    if (data.kind === "image") return data.task === "reconstruction" ? "autoencoder" : "digit";
    return data.task === "reconstruction" ? "none" : "plane";
  }

  get fetched() {
    return ["plane", "curve", "scatter"].includes(this.kind) ? this.session.examples.older : [];
  }

  willUpdate() {
    const { session } = this;
    const { across, up } = session.view;
    const views = /** @type {Record<string, Views>} */ ({
      plane: { boundary: { size: this.size > LARGE ? 100 : 64, across, up } },
      curve: { boundary: { size: 100, across: 0, up: 1 } },
      scatter: { predictions: {} },
    });
    session.want(this, views[this.kind] ?? null);
  }

  updated() {
    followRoom(this, (width, height) => this.grow(squareIn(width, height)));
    this.onFrame();
  }

  onFrame() {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector("canvas.main"));
    const { session, size } = this;
    if (!canvas || !session.data || !size) return;
    canvas.style.width = canvas.style.height = `${size}px`;
    const to = sharp(canvas, size, size);
    if (this.kind === "plane") {
      const data = this.fresh.length || this.rubbed.length ? this.withFresh(session.data) : session.data;
      this.plane.paint(to, size, {
        tensor: (n) => session.tensor(n),
        about: session.about.boundary,
        data,
        view: /** @type {import("../draw/plane.js").PlaneView} */ (session.view),
        pointed: pointedAt(session),
      });
    } else if (!scatter) {
      this.fetchScatter();
    } else if (this.kind === "curve") {
      scatter.paintCurve(
        to,
        size,
        session.data,
        session.about.boundary,
        session.tensor("boundary/value")?.data ?? null,
        session.view,
      );
    } else if (this.kind === "scatter") {
      scatter.paintPredicted(
        to,
        size,
        session.data,
        session.tensor("predictions/y")?.data ?? null,
        t("actual"),
        t("predicted"),
        session.view,
      );
    }
  }

  async fetchScatter() {
    scatter = await import("../draw/scatter.js");
    this.onFrame();
  }

  /** The examples and the points that are being brushed now. @param {Examples} data */
  withFresh(data) {
    const { x, y, part } = withoutRubbed(data.tensors, this.rubbed);
    const all = Float64Array.from([...y.data, ...this.fresh.map((p) => p[2])]);
    return {
      ...data,
      tensors: {
        x: { shape: [all.length, 2], data: Float64Array.from([...x.data, ...this.fresh.flatMap((p) => [p[0], p[1]])]) },
        y: { shape: [all.length], data: all },
        part: { shape: [all.length], data: Uint8Array.from([...part.data, ...this.fresh.map(() => 0)]) },
      },
    };
  }

  // -- brushing ---------------------------------------------------------------------------------------------------
  get brushing() {
    return this.session.spec?.data.name === "points" && !locked("brush");
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (!this.brushing) return;
    event.preventDefault();
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
    this.held = true;
    this.dab(event);
  }

  /** @param {PointerEvent} event */
  dab(event) {
    if (!this.held) return;
    const canvas = /** @type {HTMLElement} */ (event.currentTarget);
    const box = canvas.getBoundingClientRect();
    if (this.rubbing) {
      this.rubbed.push(placeOn(box, event));
      this.onFrame();
      return;
    }
    const spread = event.type === "pointerdown" ? 0 : 0.25;
    const jitter = () => (Math.random() - 0.5) * 2 * spread;
    const [x, y] = placeOn(box, event).map((v) => v + jitter());
    const last = this.fresh.at(-1);
    if (last && Math.hypot(last[0] - x, last[1] - y) < 0.25) return;
    const clamp = (/** @type {number} */ v) => Math.round(Math.max(-REACH, Math.min(REACH, v)) * 100) / 100;
    this.fresh.push([clamp(x), clamp(y), this.brush]);
    this.onFrame();
  }

  async up() {
    if (!this.held) return;
    this.held = false;
    if (this.rubbed.length) await this.keepPoints((point) => !isRubbed(this.rubbed, point[0], point[1]));
    else await this.addPoints(this.fresh);
    this.fresh = [];
    this.rubbed = [];
    this.onFrame();
  }

  /** Without the others. @param {(point: number[]) => boolean} which */
  async keepPoints(which) {
    const { points, classes } = this.session.spec.data;
    const kept = pointsLeft(points ?? [], classes, which);
    if (kept.length >= 2) await this.session.set("data.points", kept);
  }

  /** @param {number[][]} points */
  async addPoints(points) {
    if (!points.length) return;
    const { data } = this.session.spec;
    await this.session.set("data.points", [...(data.points ?? []), ...points].slice(-2000));
  }

  // -- drawing ----------------------------------------------------------------------------------------------------
  render() {
    const { session, kind } = this;
    if (!session.data)
      return html`<h2>${t("output")}</h2>
        <div class="skeleton tall"></div>`;
    return html`<h2>${t("output")}</h2>
      ${
        kind in PICTURED
          ? later(this, `d-${kind}`, PICTURED[kind].fetch, () => PICTURED[kind].element)
          : kind === "none"
            ? nothing
            : html`<div class="room">
                <canvas
                  class="main ${this.brushing ? "brush" : ""}"
                  role="img"
                  aria-label=${t(`output_${kind}`)}
                  @pointerdown=${this.down}
                  @pointermove=${this.dab}
                  @pointerup=${this.up}
                  @pointercancel=${this.up}
                ></canvas>
              </div>`
      }
      ${kind === "plane" ? this.legend() : nothing}
      ${kind === "plane" && session.data.inputs.length > 2 ? this.axes() : nothing}
      ${this.brushing ? this.brushes() : nothing}
      ${
        ["digit", "autoencoder", "detector", "none"].includes(kind)
          ? nothing
          : html`<div class="checks">
              ${
                kind === "plane"
                  ? check({
                      name: "discretize",
                      label: t("discretize"),
                      checked: session.view.discretize,
                      free: true,
                      change: (on) => session.setView({ discretize: on }),
                    })
                  : nothing
              }
              ${
                kind === "curve"
                  ? check({
                      name: "squares",
                      label: t("squares"),
                      checked: Boolean(session.view.squares),
                      free: true,
                      change: (on) => session.setView({ squares: on }),
                    })
                  : nothing
              }
              ${check({
                name: "show_cv",
                label: t("show_cv"),
                checked: session.view.showCv,
                free: true,
                change: (on) => session.setView({ showCv: on }),
              })}
              ${check({
                name: "show_test",
                label: t("show_test"),
                checked: session.view.showTest,
                free: true,
                change: (on) => session.setView({ showTest: on }),
              })}
            </div>`
      }`;
  }

  legend() {
    const { data } = this.session;
    if (!data) return nothing;
    if (data.task === "multiclass") {
      return html`<ul class="legend">
        ${data.classes.map(
          (/** @type {string} */ name, /** @type {number} */ i) =>
            html`<li>
              ${classSign(i)}
              <bdi>${name}</bdi>
            </li>`,
        )}
      </ul>`;
    }
    const { scale } = this.session.about.boundary ?? {};
    if (!scale) return nothing;
    const names =
      data.task === "binary" ? data.classes.map((name, i) => (name === String(i) ? name : `${i} ${name}`)) : undefined;
    return scaleLegend(scale, theme(), { names });
  }

  axes() {
    const { session } = this;
    const options = /** @type {[string, string][]} */ ((session.data?.inputs ?? []).map((n, i) => [String(i), n]));
    return html`<div class="axes">
        ${select({
          name: "across",
          label: "→",
          value: String(session.view.across),
          options,
          change: (v) => session.setView({ across: Number(v) }),
        })}
        ${select({
          name: "up",
          label: "↑",
          value: String(session.view.up),
          options,
          change: (v) => session.setView({ up: Number(v) }),
        })}
      </div>
      <p class="hint">${t("axes_help")}</p>`;
  }

  brushes() {
    const { session } = this;
    const { classes } = session.spec.data;
    const values = classes ? Array.from({ length: classes }, (_, i) => i) : [-1, -0.5, 0, 0.5, 1];
    return html`<fieldset class="brushes">
      <legend>${t("brush")}</legend>
      ${values.map(
        (v) =>
          html`<label
            ><input
              type="radio"
              name="brush"
              .checked=${this.brush === v && !this.rubbing}
              @change=${() => {
                this.brush = v;
                this.rubbing = false;
                this.requestUpdate();
              }}
            />
            <bdi>${v}</bdi></label
          >`,
      )}
      <label
        ><input
          type="radio"
          name="brush"
          data-control="brush_rubber"
          .checked=${this.rubbing}
          @change=${() => {
            this.rubbing = true;
            this.requestUpdate();
          }}
        />
        ${t("brush_rubber")}</label
      >
      <button type="button" data-control="brush_clear" @click=${() => this.keepPoints(() => false)}>
        ${t("brush_clear")}
      </button>
      <button
        type="button"
        data-control="brush_add"
        @click=${() =>
          this.addPoints([
            [
              Math.round((Math.random() * 8 - 4) * 100) / 100,
              Math.round((Math.random() * 8 - 4) * 100) / 100,
              this.brush,
            ],
          ])}
      >
        ${t("brush_add")}
      </button>
      ${select({
        name: "brush_classes",
        label: t("brush_kind"),
        value: String(classes),
        compact: true,
        options: [
          ["2", t("classes_n", { n: 2 })],
          ["3", t("classes_n", { n: 3 })],
          ["5", t("classes_n", { n: 5 })],
          ["0", t("values")],
        ],
        change: (v) => {
          this.brush = 0;
          session.set("data", {
            ...session.spec.data,
            classes: Number(v),
            points: (session.spec.data.points ?? []).map((/** @type {number[]} */ p) => [
              p[0],
              p[1],
              Number(v) ? Math.max(0, Math.min(Number(v) - 1, Math.round(p[2]))) : p[2],
            ]),
          });
        },
      })}
      <p class="hint">${t(classes ? "points_begin" : "points_begin_values")}</p>
    </fieldset>`;
  }
}

customElements.define("d-output", OutputPanel);
