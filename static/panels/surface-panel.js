/** The cost surface of the run: a map or hills, the way so far, and a ball that can be dragged. */

import { html, nothing } from "lit";
import { Panel } from "../core/panel.js";
import { sharp } from "../draw/canvas.js";
import { SurfacePainter, windowAround } from "../draw/surface.js";
import { SurfaceHills } from "../draw/surface-gl.js";
import { SIDE, footOf, ruled } from "../draw/svg-axes.js";
import { parameterName, short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { followRoom, squareIn } from "../core/room.js";
import { locked, segments, select, closeButton } from "../controls/controls.js";
import { HIGHLIGHT } from "../core/colors.js";

/** @import {About, Changes, Solution} from "../types/page.d.ts" */
/** @typedef {import("../draw/surface.js").Landscape} Landscape */

const [ZOOM, REFIT_MS, KEEP_MS] = [1.6, 2500, 1000];
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
  finest: 129,
};

class SurfacePanel extends Panel {
  static shows = ["cost"];
  painter = new SurfacePainter();

  constructor() {
    super();
    /** @type {SurfaceHills | null} */ this.hills = null;
    /** Of its room, once that is known. */ this.size = 0;
    /** @type {typeof DEFAULTS} */ this.wanted = { ...DEFAULTS };
    /** Names of the weights when it was last drawn. */ this.names = "";
    this.fitted = "";
    this.fittedAt = 0;
    /** @type {{key: string, land: Landscape, points: ArrayLike<number>, at: number} | null} */ this.kept = null;
    /** @type {Solution | null} what the normal equation said */ this.solution = null;
    /** The window on show. @type {[number, number][]} */ this.ends = [
      [-1, 1],
      [-1, 1],
    ];
    /** @type {[number, number] | null} */ this.from = null;
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
  }

  /** @param {number} width @param {number} height */
  grow(width, height) {
    const size = this.deep ? squareIn(width, height) : squareIn(width - SIDE, height - footOf());
    if (size === this.size) return;
    this.size = size;
    this.requestUpdate();
  }

  willUpdate() {
    this.session.want(this, this.opened ? { surface: this.wanted } : null);
  }

  updated() {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector("canvas.hills"));
    if (canvas && this.hills?.canvas !== canvas) {
      this.hills = new SurfaceHills(canvas);
      this.hills.restored = () => this.onFrame();
    }
    followRoom(this, (width, height) => this.grow(width, height));
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("canvas")))
      node.style.width = node.style.height = `${this.size}px`;
    this.onFrame();
  }

  /** @returns {Landscape | null} */
  get land() {
    const j = this.session.tensor("surface/j");
    const about = this.session.about.surface;
    if (!j || !about?.u) return null;
    const [u, v] = /** @type {[number, number][]} */ ([about.u, about.v]);
    return { j: j.data, size: j.shape[0], u, v, settled: Boolean(about.settled) };
  }

  onFrame() {
    const { session } = this;
    const fresh = this.land;
    const here = session.tensor("surface/here");
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector("canvas.flat"));
    if (!this.opened || !fresh || !here || !canvas || session.about.surface?.mode !== this.wanted.mode) return;
    const { land, points } = this.steady(fresh);
    if (this.fitted !== AS_ASKED && (this.fitted !== session.run || this.outgrown(fresh))) this.fit();
    this.paint(canvas, land, [{ points, color: HIGHLIGHT }]);
    this.tell(land, here.data);
    const names = String(session.about.surface?.names);
    if (names !== this.names) {
      this.names = names;
      this.requestUpdate();
    }
  }

  /** @param {HTMLCanvasElement} canvas @param {Landscape} land @param {import("../draw/surface.js").Path[]} paths */
  paint(canvas, land, paths) {
    const { size } = this;
    const to = sharp(canvas, size, size);
    if (this.deep && this.hills?.works) {
      this.hills.draw(land, size, size);
      this.hills.overlay(to, size, size, land, paths);
    } else this.painter.paint(to, size, land, paths);
  }

  /**
   * The numbers beside it: where the run is, and its cost there; the axes follow the window.
   * @param {Landscape} land @param {ArrayLike<number>} here
   */
  tell(land, here) {
    const { session } = this;
    this.put("u", short(here[0]));
    this.put("v", short(here[1]));
    const parts = session.tensor("cost/parts");
    this.put("of_j", session.about.cost?.penalty ? t("with_penalty") : "");
    this.put("coarse", land.settled === false && session.about.surface?.done === 1 ? t("surface_coarse") : "");
    this.put("j", parts ? short(parts.data[0] + (session.about.cost?.penalty ?? 0)) : "–");
    if (String([land.u, land.v]) !== String(this.ends)) {
      this.ends = [land.u, land.v];
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
    if ((session.about.surface?.done ?? 1) > 0.9 || this.kept?.key !== key || now - this.kept.at > KEEP_MS)
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
    if (!path?.length) return;
    this.fitted = this.session.run ?? "";
    this.fittedAt = performance.now();
    this.want(windowAround(path, this.wanted.mode));
  }

  /** @param {Changes} change */
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
  /**
   * The map or the hills; the ends of the map beside it.
   * @param {string} across
   * @param {string} up names of the axes
   */
  figure(across, up) {
    const picture = html`<div class="stack" data-lit="surface_map">
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
    </div>`;
    const [[left, right], [low, high]] = this.ends;
    return html`<figure class="room" dir="ltr">
      ${
        !this.size
          ? nothing
          : this.deep
            ? picture
            : ruled(picture, this.size, { low: left, high: right, name: `${across} →` }, { low, high, name: `${up} →` })
      }
    </figure>`;
  }

  /** Over what the map is, and how it is seen. */
  head() {
    const mode = /** @type {[string, string][]} */ (["weights", "random", "path"].map((m) => [m, t(`surface_${m}`)]));
    return html`<header class="row">
      <h2>${t("surface")}</h2>
      ${segments("surface_mode", t("surface_mode"), mode, this.wanted.mode, (m) => {
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
      ${closeButton(() => this.close(), "surface_close")}
    </header>`;
  }

  /** Which two weights the map is over. @param {string[]} names @param {string[]} axes */
  choices(names, axes) {
    const options = /** @type {[string, string][]} */ (names.map((name) => [name, parameterName(name)]));
    /** @type {["first" | "second", string, string][]} */ const both = [
      ["first", "→", axes[0]],
      ["second", "↑", axes[1]],
    ];
    return both.map(([which, label, axis]) =>
      select({
        name: `surface_${which}`,
        label,
        value: this.wanted[which] || axis,
        options,
        free: true,
        change: (name) => {
          this.fitted = "";
          this.want({ [which]: name });
        },
      }),
    );
  }

  render() {
    if (!this.opened) return nothing;
    const { session, wanted } = this;
    const about = session.about.surface;
    const names = about?.names ?? [];
    const axes = about?.axes ?? ["u", "v"];
    const [across, up] = axes.map((/** @type {string} */ name) => parameterName(name, names.length <= 2));
    return html`<div class="card surface">
      ${this.head()}
      <div class="surface-body">
        ${this.figure(across, up)}
        <div class="surface-tools">
          <dl class="numbers" dir="ltr">
            <dt><bdi>${across}</bdi></dt>
            <dd data-slot="u">–</dd>
            <dt><bdi>${up}</bdi></dt>
            <dd data-slot="v">–</dd>
            <dt>J <span data-slot="of_j"></span></dt>
            <dd data-slot="j">–</dd>
          </dl>
          ${wanted.mode === "weights" && names.length > 2 ? this.choices(names, axes) : nothing}
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
          <p class="hint" data-slot="coarse"></p>
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
