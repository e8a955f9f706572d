/** Runs side by side: one chart of their costs, and what each costs in weights, multiplications and measured time. */

import { html, nothing } from "lit";
import { Element } from "../../core/element.js";
import { showPanel } from "../../core/panel.js";
import { CLASS_COLORS, theme } from "../../core/colors.js";
import { curveOf } from "../../core/pacing.js";
import { counted, grouped, parameterName, percent, short } from "../../core/format.js";
import { currentLanguage, t, words } from "../../core/i18n.js";
import { copied, watchSize } from "../../core/powers.js";
import { norms } from "./norms.js";
import { Race } from "./race.js";
import { sharp } from "../../draw/canvas.js";
import { chartOptions, uPlot } from "../../draw/chart.js";
import { lineSign } from "../../draw/class-marks.js";
import { dashOf } from "../../draw/strokes.js";
import { SurfacePainter } from "../../draw/surface.js";
import { check, segments, closeButton } from "../../controls/controls.js";
import * as icons from "../../controls/icons.js";

const HEIGHT = 240;
const MOST = 8;
const EVERY_MS = 200;

class Compare extends Element {
  constructor() {
    super();
    this.race = new Race();
    this.opened = false;
    this.busy = false;
    this.shown = "train";
    this.log = true;
    /** @type {SurfacePainter[]} */ this.painters = [];
    /** @type {uPlot | null} */ this.plot = null;
    this.key = "";
    /** @type {{key: string, curve: import("../../core/pacing.js").Curve | null}} */
    this.paced = { key: "", curve: null };
    this.at = 0;
    this.race.addEventListener("change", () => this.refresh());
    addEventListener("pagehide", () => this.race.clear());
  }

  disconnectedCallback() {
    this.race.clear();
    super.disconnectedCallback();
  }

  /** Several times a second at most: tables are read, not watched. */
  refresh() {
    clearTimeout(this.late);
    const wait = EVERY_MS - (performance.now() - this.at);
    if (wait > 0) this.late = setTimeout(() => this.refresh(), wait);
    else {
      this.at = performance.now();
      this.requestUpdate();
    }
  }

  /** @param {boolean} [jump] */
  async open(jump = true) {
    this.opened = true;
    this.requestUpdate();
    await this.updateComplete;
    if (jump) showPanel(this);
    if (!this.race.runners.length) await this.prepare();
  }

  close() {
    if (this.opened) this.dispatchEvent(new Event("descent-closed", { bubbles: true }));
    this.opened = false;
    this.plot?.destroy();
    this.plot = null;
    this.race.clear();
    this.race.look({ surface: null, gradients: false });
    this.painters = [];
    this.requestUpdate();
  }

  /** The runs of the lab that is open; without one, the network as it stands. */
  async prepare() {
    const { lab } = this.session;
    const chosen = lab?.comparison;
    this.shown = chosen?.part ?? "train";
    this.log = chosen?.log ?? true;
    this.race.unit = chosen?.unit ?? "step";
    this.race.look({
      surface: chosen?.surface ?? null,
      shared: chosen?.shared ?? true,
      gradients: chosen?.show === "gradients",
    });
    await this.guard(async () => {
      if (chosen) for (const { label, spec, surface } of chosen.runs) await this.race.add(label, spec, surface);
      else await this.addMine();
    });
  }

  /** @param {() => Promise<unknown>} work */
  async guard(work) {
    if (this.busy) return;
    this.busy = true;
    this.requestUpdate();
    try {
      await work();
    } catch (error) {
      this.session.fail(error);
    }
    this.busy = false;
    this.requestUpdate();
  }

  addMine() {
    const { session } = this;
    const { spec } = session;
    const shape = session.report.resolved.layers
      .map((l) => l.filters ?? l.units ?? "")
      .filter(Boolean)
      .join("-");
    const label = `${this.race.runners.length + 1}: ${shape} · ${spec.optimizer.name} ${spec.optimizer.learning_rate}`;
    return this.race.add(label, copied(spec));
  }

  runAll() {
    const { race, session } = this;
    if (race.playing) race.pause();
    else race.play(() => this.curve()).catch((error) => session.fail(error));
    session.did("compared");
  }

  /** The pace of the run on the bench is the race's, too; its clock is counted by the lab's unit. */
  curve() {
    const { race, session } = this;
    const { pace } = session.state;
    const { lab } = session;
    const unit = Math.min(...race.racing.map((r) => race.worth(r)));
    const declared = lab?.comparison?.clock;
    const knee = declared ? Math.ceil(declared / unit) : (lab?.clock ?? undefined);
    const key = [pace?.kind, pace?.speed, knee, unit].join();
    if (key !== this.paced.key) this.paced = { key, curve: curveOf(pace, knee) };
    return this.paced.curve;
  }

  /** Every run by as many steps: a fair, repeatable race. @param {number} count */
  async step(count) {
    await this.guard(() => this.race.all({ op: "step", unit: "batch", count }));
    this.session.did("compared");
  }

  async reset() {
    this.race.pause();
    await this.guard(() => this.race.all({ op: "reset" }));
  }

  room() {
    return Math.max(200, this.clientWidth - 26);
  }

  // -- chart ------------------------------------------------------------------------------------------------------
  updated() {
    this.paintMaps();
    const place = this.querySelector(".race");
    if (!place) return;
    watchSize(this, () => this.plot?.setSize({ width: this.room(), height: HEIGHT }));
    const key = [theme(), this.log, this.race.unit, this.race.runners.length, currentLanguage()].join();
    if (key !== this.key || !this.plot) {
      this.key = key;
      this.plot?.destroy();
      this.plot = this.build(/** @type {HTMLElement} */ (place));
    } else this.plot.setData(this.points());
  }

  /** @param {HTMLElement} place */
  build(place) {
    return new uPlot(
      chartOptions(
        {
          width: this.room(),
          height: HEIGHT,
          x: { name: t(this.race.unit), write: (v) => (v >= 1000 ? counted(v) : String(v)) },
          y: { name: "J", log: this.log },
          lines: this.race.runners.map((_, i) => ({
            stroke: CLASS_COLORS[i % CLASS_COLORS.length],
            width: 2,
            dash: dashOf(i),
            points: { show: false },
            spanGaps: true,
          })),
          raw: () => {
            const [x, ...lines] = this.table((v) => v);
            return { x, lines };
          },
        },
        { legend: { show: false } },
      ),
      this.points(),
      place,
    );
  }

  /** @returns {import("uplot").AlignedData} */
  points() {
    return this.table((v) => (Number.isFinite(v) && (!this.log || v > 0) ? v : null));
  }

  /** Everybody's costs over the unit of the race. @param {(v: number) => number | null} change */
  table(change) {
    const { race } = this;
    const place = (/** @type {import("./race.js").Runner} */ r) => r.steps.map((step) => step * race.worth(r));
    const tables = race.runners.map((r) => [place(r), r.costs[this.shown].map(change)]);
    return tables.length
      ? uPlot.join(/** @type {import("uplot").AlignedData[]} */ (tables))
      : /** @type {import("uplot").AlignedData} */ ([[]]);
  }

  /** One map with everybody's path, or a map for each. */
  paintMaps() {
    const { runners, wish } = this.race;
    if (!wish.surface || !runners.length) return;
    const paths = runners.map((r, i) => ({ points: r.path ?? [], color: CLASS_COLORS[i % CLASS_COLORS.length] }));
    this.querySelectorAll("canvas[data-map]").forEach((canvas, i) => {
      const { land } = runners[i];
      if (!land) return;
      const size = /** @type {HTMLElement} */ (canvas).clientWidth;
      this.painters[i] ??= new SurfacePainter();
      this.painters[i].paint(
        sharp(/** @type {HTMLCanvasElement} */ (canvas), size, size),
        size,
        land,
        wish.shared ? paths : [paths[i]],
      );
    });
  }

  maps() {
    const { runners, wish } = this.race;
    if (!wish.surface || !runners.length) return nothing;
    const shown = wish.shared ? runners.slice(0, 1) : runners;
    return html`<ul class="maps ${wish.shared ? "one" : ""}">
      ${shown.map(
        (r, i) =>
          html`<li>
            <canvas
              data-map=${i}
              role="img"
              aria-label="${t("surface")}: ${
                wish.shared ? runners.map((x) => this.name(x.label)).join(", ") : this.name(r.label)
              }"
            ></canvas>
            <p class="hint">
              ${wish.shared ? nothing : html`<bdi>${this.name(r.label)}</bdi> · `}<bdi dir="ltr"
                >${(r.axes ?? [])
                  .map((axis, _, axes) => parameterName(axis, axes[1].includes("bias")))
                  .join(" → , ↑ ")}${r.land ? `  ${short(r.land.u[0])} … ${short(r.land.u[1])}` : ""}</bdi
              >
            </p>
          </li>`,
      )}
    </ul>`;
  }

  // -- page -------------------------------------------------------------------------------------------------------
  /** @param {import("./race.js").Label} label */
  name(label) {
    return typeof label === "string" ? label : words(label);
  }

  render() {
    if (!this.opened) return nothing;
    const { race } = this;
    const accuracy = race.runners.some((r) => Number.isFinite(r.figures["accuracy.cv"]));
    return html`<div class="card compare">
      <header class="row">
        <h2>${t("compare")}</h2>
        ${segments(
          "compare_part",
          t("compare_part"),
          ["train", "cv", "test"].map((p) => [p, t(p)]),
          this.shown,
          (part) => {
            this.shown = part;
            this.requestUpdate();
          },
        )}
        ${check({
          name: "compare_log",
          label: t("log_y"),
          checked: this.log,
          free: true,
          change: (on) => {
            this.log = on;
            this.requestUpdate();
          },
        })}
        ${closeButton(() => this.close(), "compare_close")}
      </header>
      <div class="row">
        <button
          type="button"
          class="primary"
          data-control="compare_run"
          ?disabled=${this.busy || !race.runners.length}
          @click=${this.runAll}
        >
          ${t(race.playing ? "compare_pause" : "compare_run")}
        </button>
        ${["1", "10", "100"].map(
          (n) =>
            html`<button
              type="button"
              data-control="compare_step_${n}"
              ?disabled=${this.busy || race.playing || !race.runners.length}
              @click=${() => this.step(Number(n))}
            >
              +${n} ${t("unit_batch")}
            </button>`,
        )}
        <button
          type="button"
          data-control="compare_reset"
          ?disabled=${this.busy || !race.runners.length}
          @click=${() => this.reset()}
        >
          ${t("compare_reset")}
        </button>
        <button
          type="button"
          data-control="compare_add"
          ?disabled=${this.busy || race.runners.length >= MOST}
          @click=${() => this.guard(() => this.addMine())}
        >
          ${icons.plus}<span>${t("compare_add")}</span>
        </button>
      </div>
      <p class="hint">${t("compare_help")} ${t(`lockstep_${race.unit}`)}</p>
      ${this.maps()}
      <div class="race" dir="ltr"></div>
      <div class="scroll" tabindex="0" role="region" aria-label=${t("compare")}>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">${t("network")}</th>
              <th scope="col">${t("step")}</th>
              <th scope="col"><bdi dir="ltr">J</bdi> ${t(this.shown)}</th>
              ${accuracy ? html`<th scope="col">${t("metric_accuracy")}</th>` : nothing}
              <th scope="col">${t("parameters")}</th>
              <th scope="col">${t("multiplications")}</th>
              <th scope="col">${t("ms_a_step")}</th>
              <td></td>
            </tr>
          </thead>
          <tbody>
            ${race.runners.map(
              (r, i) =>
                html`<tr data-runner=${i}>
                  <th scope="row">
                    ${lineSign(CLASS_COLORS[i % CLASS_COLORS.length], i)}
                    <bdi>${this.name(r.label)}</bdi>
                  </th>
                  <td><bdi dir="ltr">${grouped(r.state.step ?? 0)}</bdi></td>
                  <td><bdi dir="ltr" data-cost>${short(r.costs[this.shown].at(-1))}</bdi></td>
                  ${accuracy ? html`<td><bdi dir="ltr">${percent(r.figures["accuracy.cv"])}</bdi></td>` : nothing}
                  <td title=${r.report.totals.parameters.toLocaleString("en")}>
                    <bdi dir="ltr">${counted(r.report.totals.parameters)}</bdi>
                  </td>
                  <td title=${r.report.totals.multiplications.toLocaleString("en")}>
                    <bdi dir="ltr" data-multiplications=${r.report.totals.multiplications}
                      >${counted(r.report.totals.multiplications)}</bdi
                    >
                  </td>
                  <td><bdi dir="ltr" data-ms>${r.state.step_ms ? short(r.state.step_ms) : "–"}</bdi></td>
                  <td>
                    <button
                      type="button"
                      class="tool"
                      aria-label="${t("remove")}: ${this.name(r.label)}"
                      @click=${() => race.remove(r)}
                    >
                      ${icons.minus}
                    </button>
                  </td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${norms(this.race, (label) => this.name(label))}
    </div>`;
  }
}

customElements.define("d-compare", Compare);
