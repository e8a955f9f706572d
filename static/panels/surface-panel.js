/** The cost surface of the run: a map or hills, the way so far, and a ball that can be dragged. */

import { html, nothing } from "lit";
import { Panel } from "../core/panel.js";
import { sharp } from "../draw/canvas.js";
import { SurfacePainter } from "../draw/surface.js";
import { SurfaceHills } from "../draw/surface-gl.js";
import { parameterName, short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { locked, segments, select } from "../controls/controls.js";
import * as icons from "../controls/icons.js";

/** @typedef {import("../draw/surface.js").Landscape} Landscape */

const PATH = "#e0245e";
const ZOOM = 1.6;
const REFIT_MS = 2500;
const KEEP_MS = 1000;
/** The lesson says which window is shown. */
const AS_ASKED = "as asked";
const DEFAULTS = {
  mode: "weights",
  first: "",
  second: "",
  centre: "now",
  seed: 0,
  at_u: 0,
  at_v: 0,
  span: 1,
  span_v: 0,
  size: 33,
};

class SurfacePanel extends Panel {
  constructor() {
    super();
    this.painter = new SurfacePainter();
    /** @type {SurfaceHills | null} */ this.hills = null;
    this.size = 360;
    /** @type {any} */ this.wanted = { ...DEFAULTS };
    this.fitted = "";
    this.fittedAt = 0;
    /** @type {{key: string, land: Landscape, points: ArrayLike<number>, at: number} | null} */ this.kept = null;
    /** @type {any} what the normal equation said */ this.solution = null;
    /** @type {[number, number] | null} */ this.from = null;
    this.resizer = new ResizeObserver(() => this.measure());
  }

  /** Whether hills are drawn instead of a map. */
  get deep() {
    return Boolean(this.session.view.deep);
  }

  /** @param {boolean} [jump] */
  open(jump = true) {
    this.wanted = { ...DEFAULTS, ...this.session.lab?.surface };
    this.fitted = this.session.lab?.surface?.span ? AS_ASKED : "";
    this.solution = null;
    super.open(jump);
    this.updateComplete.then(() => {
      this.resizer.observe(this);
      this.measure();
    });
  }

  measure() {
    const beside = this.clientWidth > 560 ? 300 : 74;
    const size = Math.max(220, Math.min(420, Math.floor(this.clientWidth - beside)));
    if (size !== this.size) {
      this.size = size;
      this.requestUpdate();
    }
  }

  willUpdate() {
    this.session.want(this, this.opened ? { surface: this.wanted } : null);
  }

  updated() {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector("canvas.hills"));
    if (canvas && this.hills?.canvas !== canvas) this.hills = new SurfaceHills(canvas);
    this.onFrame();
  }

  /** @returns {Landscape | null} */
  get land() {
    const j = this.session.tensor("surface/j");
    const about = this.session.about.surface;
    return j && about?.u ? { j: j.data, size: j.shape[0], u: about.u, v: about.v } : null;
  }

  onFrame() {
    if (!this.opened) return;
    const { session, size } = this;
    const fresh = this.land;
    const here = session.tensor("surface/here");
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector("canvas.flat"));
    if (!fresh || !here || !canvas || session.about.surface.mode !== this.wanted.mode) return;
    const { land, points } = this.steady(fresh);
    if (this.fitted !== AS_ASKED && (this.fitted !== session.run || this.outgrown(fresh))) this.fit();
    const paths = [{ points, color: PATH }];
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("canvas")))
      node.style.width = node.style.height = `${size}px`;
    const to = sharp(canvas, size, size);
    if (this.deep && this.hills?.works) {
      this.hills.draw(land, size, size);
      this.hills.overlay(to, size, size, land, paths);
    } else this.painter.paint(to, size, land, paths);
    this.put("u", short(here.data[0]));
    this.put("v", short(here.data[1]));
    const parts = session.tensor("cost/parts");
    this.put("j", parts ? short(parts.data[0] + (session.about.cost?.penalty ?? 0)) : "–");
    const ends = { left: land.u[0], right: land.u[1], low: land.v[0], high: land.v[1] };
    for (const [name, value] of Object.entries(ends)) this.put(name, short(value));
    const about = session.about.surface;
    if (about && String(about.names) !== this.names) {
      this.names = String(about.names);
      this.requestUpdate();
    }
  }

  /**
   * The last drawing that was nearly whole stays for a moment while the next one fills up.
   * @param {Landscape} land
   */
  steady(land) {
    const { session } = this;
    const points = /** @type {ArrayLike<number>} */ (session.tensor("surface/path")?.data ?? []);
    const key = [session.run, this.wanted.mode, this.wanted.first, this.wanted.second].join();
    const now = performance.now();
    if (session.about.surface.done > 0.9 || this.kept?.key !== key || now - this.kept.at > KEEP_MS)
      this.kept = { key, land, points, at: now };
    return this.kept;
  }

  /**
   * Whether the path in its own plane has left the window; asked now and then, so that the picture does not jump.
   * @param {Landscape} land
   */
  outgrown(land) {
    const path = this.session.tensor("surface/path")?.data;
    if (this.wanted.mode !== "path" || !path?.length || performance.now() - this.fittedAt < REFIT_MS) return false;
    return [0, path.length - 3].some(
      (i) => path[i] < land.u[0] || path[i] > land.u[1] || path[i + 1] < land.v[0] || path[i + 1] > land.v[1],
    );
  }

  /** The window around the way so far. */
  fit() {
    const path = this.session.tensor("surface/path")?.data;
    const run = this.session.run ?? "";
    if (!path?.length) return;
    this.fitted = run;
    this.fittedAt = performance.now();
    const us = [];
    const vs = [];
    for (let i = 0; i < path.length; i += 3) {
      us.push(path[i]);
      vs.push(path[i + 1]);
    }
    const middle = (/** @type {number[]} */ list) => (Math.min(...list) + Math.max(...list)) / 2;
    const reach = (/** @type {number[]} */ list) => (Math.max(...list) - Math.min(...list)) / 2;
    const whole = this.wanted.mode === "random" ? 1 : Math.max(reach(us), reach(vs), 0.15) * 1.6;
    const span = this.wanted.mode === "weights" ? Math.max(whole, 1) : whole;
    const centre = this.wanted.mode === "random" ? [0, 0] : [middle(us), middle(vs)];
    this.want({ at_u: centre[0], at_v: centre[1], span, span_v: 0 });
  }

  /** @param {Record<string, any>} change */
  want(change) {
    this.wanted = { ...this.wanted, ...change };
    this.requestUpdate();
  }

  /** @param {number} factor */
  zoom(factor) {
    this.want({ span: this.wanted.span * factor, span_v: this.wanted.span_v * factor });
  }

  // -- dragging ---------------------------------------------------------------------------------------------------
  /** @param {PointerEvent} event */
  down(event) {
    event.preventDefault();
    const canvas = /** @type {HTMLElement} */ (event.currentTarget);
    canvas.setPointerCapture(event.pointerId);
    canvas.focus({ preventScroll: true });
    this.from = [event.clientX, event.clientY];
    if (!this.deep) this.drag(event);
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const { land } = this;
    if (!this.from || !land) return;
    if (this.deep && this.hills) {
      this.hills.turn += (event.clientX - this.from[0]) * 0.01;
      this.hills.tilt = Math.max(0.1, Math.min(1.5, this.hills.tilt + (event.clientY - this.from[1]) * 0.01));
      this.from = [event.clientX, event.clientY];
      this.onFrame();
      return;
    }
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const x = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    const y = Math.max(0, Math.min(1, 1 - (event.clientY - box.top) / box.height));
    this.move(land.u[0] + x * (land.u[1] - land.u[0]), land.v[0] + y * (land.v[1] - land.v[0]));
  }

  up() {
    this.from = null;
  }

  /** @param {number} u @param {number} v */
  move(u, v) {
    if (locked("surface")) return;
    this.session.command({ op: "move", u, v });
    this.session.did("dragged");
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const move = /** @type {Record<string, [number, number]>} */ ({
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    })[event.key];
    const here = this.session.tensor("surface/here");
    if (!move || !here || !this.land) return;
    event.preventDefault();
    if (this.deep && this.hills) {
      this.hills.turn += move[0] * 0.1;
      this.hills.tilt = Math.max(0.1, Math.min(1.5, this.hills.tilt + move[1] * 0.1));
      this.onFrame();
      return;
    }
    const { u, v } = this.land;
    this.move(here.data[0] + (move[0] * (u[1] - u[0])) / 40, here.data[1] + (move[1] * (v[1] - v[0])) / 40);
  }

  // -- page -------------------------------------------------------------------------------------------------------
  render() {
    if (!this.opened) return nothing;
    const { session, wanted } = this;
    const about = session.about.surface;
    const names = about?.names ?? [];
    const axes = about?.axes ?? ["u", "v"];
    const options = /** @type {[string, string][]} */ (names.map((/** @type {string} */ n) => [n, parameterName(n)]));
    const mode = /** @type {[string, string][]} */ (["weights", "random", "path"].map((m) => [m, t(`surface_${m}`)]));
    return html`<div class="card surface">
      <header class="row">
        <h2>${t("surface")}</h2>
        ${segments("surface_mode", t("surface_mode"), mode, wanted.mode, (m) => {
          this.fitted = "";
          this.want({ mode: m });
        })}
        ${segments(
          "surface_view",
          t("surface_view"),
          [
            ["flat", t("surface_flat")],
            ["deep", t("surface_deep")],
          ],
          this.deep ? "deep" : "flat",
          (v) => this.session.setView({ deep: v === "deep" }),
        )}
        <button
          type="button"
          class="tool push"
          aria-label=${t("close")}
          data-control="surface_close"
          @click=${this.close}
        >
          ${icons.close}
        </button>
      </header>
      <div class="surface-body">
        <figure dir="ltr">
          <div class="stack" data-lit="surface_map">
            <canvas class="hills" ?hidden=${!this.deep} aria-hidden="true"></canvas>
            <canvas
              class="flat"
              tabindex="0"
              role="img"
              aria-label=${t(this.deep ? "surface_label_deep" : "surface_label")}
              @pointerdown=${this.down}
              @pointermove=${this.drag}
              @pointerup=${this.up}
              @pointercancel=${this.up}
              @keydown=${this.key}
            ></canvas>
          </div>
          ${
            this.deep
              ? nothing
              : html`<figcaption class="surface-ends">
                    <span data-slot="left"></span><bdi>${parameterName(axes[0], names.length <= 2)} →</bdi
                    ><span data-slot="right"></span>
                  </figcaption>
                  <p class="surface-side">
                    <span data-slot="high"></span><bdi>${parameterName(axes[1], names.length <= 2)} ↑</bdi
                    ><span data-slot="low"></span>
                  </p>`
          }
        </figure>
        <div class="surface-tools">
          <dl class="numbers" dir="ltr">
            <dt><bdi>${parameterName(axes[0], names.length <= 2)}</bdi></dt>
            <dd data-slot="u">–</dd>
            <dt><bdi>${parameterName(axes[1], names.length <= 2)}</bdi></dt>
            <dd data-slot="v">–</dd>
            <dt>J</dt>
            <dd data-slot="j">–</dd>
          </dl>
          ${
            wanted.mode === "weights" && names.length > 2
              ? html` ${select({
                  name: "surface_first",
                  label: "→",
                  value: wanted.first || axes[0],
                  options,
                  free: true,
                  change: (first) => {
                    this.fitted = "";
                    this.want({ first });
                  },
                })}
                ${select({
                  name: "surface_second",
                  label: "↑",
                  value: wanted.second || axes[1],
                  options,
                  free: true,
                  change: (second) => {
                    this.fitted = "";
                    this.want({ second });
                  },
                })}`
              : nothing
          }
          <div class="row">
            <button
              type="button"
              data-control="surface_in"
              aria-label=${t("zoom_in")}
              @click=${() => this.zoom(1 / ZOOM)}
            >
              +
            </button>
            <button
              type="button"
              data-control="surface_out"
              aria-label=${t("zoom_out")}
              @click=${() => this.zoom(ZOOM)}
            >
              −
            </button>
            <button type="button" data-control="surface_fit" @click=${() => this.fit()}>${t("surface_fit")}</button>
          </div>
          ${
            wanted.mode === "random"
              ? html`<button
                  type="button"
                  data-control="surface_seed"
                  @click=${() => this.want({ seed: wanted.seed + 1 })}
                >
                  ${t("surface_seed")}
                </button>`
              : nothing
          }
          <p class="hint">${t(this.deep ? "surface_help_deep" : "surface_help")}</p>
          ${
            wanted.mode === "weights"
              ? names.length > 2
                ? html`<p class="hint">${t("surface_slice")}</p>`
                : nothing
              : html`<p class="hint">${t(`surface_${wanted.mode}_help`)}</p>`
          }
          ${this.deep && this.hills && !this.hills.works ? html`<p class="hint">${t("surface_no_gl")}</p>` : nothing}
        </div>
      </div>
    </div>`;
  }
}

customElements.define("d-surface", SurfacePanel);
