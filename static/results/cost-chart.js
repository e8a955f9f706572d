/** The cost over the steps: train, cross-validation, test; axes, log scales, numbers under the pointer. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { grouped, short } from "../core/format.js";
import { newestLoss, PLACES, thinned } from "../core/history.js";
import { Pace } from "../core/pace.js";
import { INK, theme } from "../core/colors.js";
import { t } from "../core/i18n.js";
import { followRoom } from "../core/room.js";
import { lineSign } from "../draw/class-marks.js";
import { dashOf } from "../draw/strokes.js";
import { check } from "../controls/controls.js";

/** @import {History} from "../core/session.js" */

/** What the chart is made with, until its room is known. */
const [WIDTH, HEIGHT, LEAST] = [280, 180, 90];
const EVERY_MS = 60;
const READ_MS = 100;
const FEW_POINTS = 60;
const SERIES = ["train", "cv", "test"];
const INKS = /** @type {Record<string, Record<string, string>>} */ ({
  light: { train: INK.light.accent, cv: INK.light.warm, test: INK.light.test, loss: INK.light.batchLoss },
  dark: { train: INK.dark.accent, cv: INK.dark.warm, test: INK.dark.test, loss: INK.dark.batchLoss },
});

/**
 * The library of charts, fetched with the first step: before, there is no line.
 * @type {typeof import("../draw/chart.js") | undefined}
 */
let chart;

class CostChart extends Element {
  constructor() {
    super();
    this.logY = false;
    this.logX = false;
    /** @type {uPlot | null} */ this.plot = null;
    this.key = "";
    /** The numbers of the lines as they are. @type {{x: number[], lines: number[][]}} */ this.raw = {
      x: [],
      lines: [],
    };
    /** Parts that have a line; the test part may be kept for later. */ this.names = SERIES;
    this.pace = new Pace(EVERY_MS, () => requestAnimationFrame(() => this.redraw()));
    this.reading = new Pace(READ_MS, () => this.tell());
    this.penalised = false;
    this.room = { width: WIDTH, height: HEIGHT };
    this.lengthened = () => this.schedule();
  }

  connectedCallback() {
    super.connectedCallback();
    this.session.addEventListener("history", this.lengthened);
    this.session.want(this, { cost: {} });
  }

  updated() {
    followRoom(this, (width, height) => {
      this.room = { width, height };
      this.fit();
    });
    this.build();
    this.tell();
  }

  /** As large as its room, and the legend in it. */
  fit() {
    const { width, height } = this.room;
    const legend = /** @type {HTMLElement | null} */ (this.querySelector(".u-legend"))?.offsetHeight ?? 0;
    this.plot?.setSize({ width, height: Math.max(LEAST, height - legend) });
  }

  /** Made anew when its look changes; otherwise only fed. */
  build() {
    if (!chart) return void this.fetchChart();
    const key = [
      theme(),
      this.session.view.hideTest,
      this.logX,
      this.logY,
      t("train"),
      Boolean(this.session.parent),
    ].join();
    if (key === this.key && this.plot) {
      this.schedule();
      return;
    }
    this.key = key;
    this.names = this.session.view.hideTest ? SERIES.slice(0, 2) : SERIES;
    this.plot?.destroy();
    const which = theme();
    /** @type {uPlot.Series[]} */
    const lines = [];
    for (const name of ["loss", ...this.names]) {
      lines.push({
        label: t(name === "loss" ? "batch_loss" : name),
        stroke: INKS[which][name],
        width: name === "loss" ? 1 : name === "train" ? 2 : 1.5,
        points: { show: name !== "loss" && (() => this.few(name)), size: 5 },
        dash: name === "loss" ? [] : dashOf(SERIES.indexOf(name)),
        spanGaps: true,
        value: (_, v) => short(v),
      });
    }
    if (this.session.parent) {
      lines.push({
        label: t("before_branch"),
        stroke: INKS[which].cv,
        width: 1.2,
        dash: dashOf(3),
        points: { show: false },
        spanGaps: true,
        value: (_, v) => short(v),
      });
    }
    this.plot = new chart.uPlot(
      chart.chartOptions(
        {
          ...this.room,
          x: { name: t("step"), log: this.logX, write: compact },
          y: { name: "J", log: this.logY },
          lines,
          raw: () => this.raw,
        },
        { legend: { live: true } },
      ),
      this.points(),
      this.find(".plot"),
    );
    this.fit();
  }

  async fetchChart() {
    if (!this.session.state.head && this.session.history.count < 2) return;
    chart = await import("../draw/chart.js");
    this.build();
  }

  /** Whether a part has been measured so seldom that its points are worth seeing. @param {string} name */
  few(name) {
    const { columns } = this.session.history;
    let known = 0;
    for (const v of columns[name]) if (!Number.isNaN(v) && ++known > FEW_POINTS) return false;
    return true;
  }

  schedule() {
    this.pace.ask();
  }

  redraw() {
    if (!this.plot) return this.build();
    this.plot.setData(this.points(), true);
  }

  /** @returns {uPlot.AlignedData} */
  points() {
    const { history, parent } = this.session;
    const rows = thinned(history, this.logX);
    const names = ["loss", ...this.names];
    const before = this.logX && history.count && history.columns.step[0] < 1 ? [0] : [];
    const whole = (/** @type {string} */ name) => [...before, ...rows].map((i) => history.columns[name][i]);
    this.raw = { x: whole("step"), lines: names.map(whole) };
    const x = rows.map((i) => history.columns.step[i]);
    const lines = names.map((name) => rows.map((i) => value(history.columns[name][i], this.logY)));
    if (!parent) return /** @type {import("uplot").AlignedData} */ ([x, ...lines]);
    return joined(
      x,
      lines,
      parent.history,
      this.logX,
      this.logY,
      /** @type {NonNullable<typeof chart>} */ (chart).uPlot.join,
    );
  }

  onFrame() {
    this.reading.ask();
  }

  /** What the moment on show costs, in words and numbers: the measurement, not the last point of the lines. */
  tell() {
    const { session } = this;
    const about = session.about.cost;
    const parts = session.tensor("cost/parts");
    if (!about || !parts) return;
    for (const [i, name] of about.parts.entries()) this.put(name, short(parts.data[i]));
    const batch = newestLoss(session.history, session.state.step);
    this.put("loss", short(batch?.loss));
    this.put("batch", this.batchLabel(batch?.steps ?? 1));
    this.put("penalised", short(parts.data[0] + (about.penalty ?? 0)));
    this.put("at", t("at_step", { step: grouped(about.at.step) }));
    const counted = about.counted.some((/** @type {number} */ n, /** @type {number} */ i) => n < about.of[i]);
    this.put("counted", counted ? t("cost_sampled", { rows: grouped(about.counted[0]) }) : "");
    const penalised = Boolean(about.penalty);
    if (penalised !== this.penalised) {
      this.penalised = penalised;
      this.requestUpdate();
    }
  }

  /** What the newest number of the row of losses is. @param {number} steps that it is the mean of */
  batchLabel(steps) {
    const label = steps > 1 ? t("batch_losses", { steps }) : t("batch_loss");
    return this.penalised ? t("batch_penalised", { label }) : label;
  }

  /** The numbers of the moment on show. */
  readout() {
    return html`<dl class="readout">
        ${this.names.map(
          (name) =>
            html`<div>
              <dt>${lineSign(INKS[theme()][name], SERIES.indexOf(name))} ${t(name)}</dt>
              <dd dir="ltr" data-slot=${name}>–</dd>
            </div>`,
        )}
        ${
          this.penalised
            ? html`<div>
                <dt>${t("cost_penalised")}</dt>
                <dd dir="ltr" data-slot="penalised">–</dd>
              </div>`
            : nothing
        }
        <div class="minor">
          <dt data-slot="batch"></dt>
          <dd dir="ltr" data-slot="loss">–</dd>
        </div>
        ${this.session.parent ? this.branched(this.session.parent.history) : nothing}
      </dl>
      <p class="hint"><bdi data-slot="at"></bdi> <span data-slot="counted"></span></p>`;
  }

  /** The curve of the run that this one branched from: what it is called, and its last number. @param {History} old */
  branched(old) {
    const last = old.columns.cv.findLast((v, i) => i < old.count && !Number.isNaN(v));
    return html`<div class="minor">
      <dt>${lineSign(INKS[theme()].cv, 3)} ${t("before_branch")}</dt>
      <dd dir="ltr">${short(last)}</dd>
    </div>`;
  }

  render() {
    return html`<div class="head">
        <h2>${t("cost")} <bdi dir="ltr">J</bdi></h2>
        ${check({
          name: "log_y",
          label: t("log_y"),
          checked: this.logY,
          free: true,
          change: (on) => {
            this.logY = on;
            this.requestUpdate();
          },
        })}
        ${check({
          name: "log_x",
          label: t("log_x"),
          checked: this.logX,
          free: true,
          change: (on) => {
            this.logX = on;
            this.requestUpdate();
          },
        })}
      </div>
      ${this.readout()}
      <div class="plot room" dir="ltr"></div>`;
  }
}

/** @param {number} v @param {boolean} log */
const value = (v, log) => (Number.isFinite(v) && (!log || v > 0) ? v : null);

/**
 * The cross-validation curve of the run this one branched from, on the same axis.
 * @param {number[]} x
 * @param {(number | null)[][]} lines
 * @param {History} old
 * @param {boolean} logX
 * @param {boolean} logY
 * @param {typeof import("uplot").join} join
 * @returns {import("uplot").AlignedData}
 */
function joined(x, lines, old, logX, logY, join) {
  const rows = [];
  const stride = Math.max(1, Math.floor(old.count / (2 * PLACES)));
  for (let i = 0; i < old.count; i += stride)
    if (!Number.isNaN(old.columns.cv[i]) && (!logX || old.columns.step[i] > 0)) rows.push(i);
  return join([
    /** @type {import("uplot").AlignedData} */ ([x, ...lines]),
    /** @type {import("uplot").AlignedData} */ ([
      rows.map((i) => old.columns.step[i]),
      rows.map((i) => value(old.columns.cv[i], logY)),
    ]),
  ]);
}

/** @param {number} v */
const compact = (v) => (v >= 1e6 ? `${v / 1e6}M` : v >= 1e3 ? `${v / 1e3}k` : String(v));

customElements.define("d-cost", CostChart);
