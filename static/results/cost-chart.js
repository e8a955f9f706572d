/** The cost over the steps: train, cross-validation, test; axes, log scales, numbers under the pointer. */

import { html } from "lit";
import { Element } from "../core/element.js";
import { short } from "../core/format.js";
import { Pace } from "../core/pace.js";
import { INK, theme } from "../core/colors.js";
import { t } from "../core/i18n.js";
import { watchSize } from "../core/powers.js";
import { axis, uPlot } from "../draw/chart.js";
import { check } from "../controls/controls.js";

const HEIGHT = 190;
const EVERY_MS = 60;
const MOST_POINTS = 700;
const SERIES = ["train", "cv", "test"];
const INKS = /** @type {Record<string, Record<string, string>>} */ ({
  light: { train: INK.light.accent, cv: INK.light.warm, test: INK.light.test },
  dark: { train: INK.dark.accent, cv: INK.dark.warm, test: INK.dark.test },
});

class CostChart extends Element {
  constructor() {
    super();
    this.logY = false;
    this.logX = false;
    /** @type {uPlot | null} */ this.plot = null;
    this.key = "";
    /** Parts that have a line; the test part may be kept for later. */ this.names = SERIES;
    this.pace = new Pace(EVERY_MS, () => requestAnimationFrame(() => this.redraw()));
    this.lengthened = () => this.schedule();
  }

  connectedCallback() {
    super.connectedCallback();
    this.session.addEventListener("history", this.lengthened);
    this.session.want(this, { cost: {} });
  }

  firstUpdated() {
    watchSize(this, () => this.fit());
  }

  updated() {
    this.build();
  }

  fit() {
    this.plot?.setSize({ width: this.room(), height: HEIGHT });
  }

  room() {
    return Math.max(160, this.clientWidth - 24);
  }

  /** Made anew when its look changes; otherwise only fed. */
  build() {
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
    const series = [{ label: t("step") }];
    for (const name of this.names) {
      series.push({
        label: t(name),
        stroke: INKS[which][name],
        width: name === "train" ? 2 : 1.5,
        points: { show: false },
        spanGaps: true,
        value: (_, v) => short(v),
      });
    }
    if (this.session.parent) {
      series.push({
        label: t("before_branch"),
        stroke: INKS[which].cv,
        width: 1.2,
        dash: [4, 4],
        points: { show: false },
        spanGaps: true,
        value: (_, v) => short(v),
      });
    }
    this.plot = new uPlot(
      {
        width: this.room(),
        height: HEIGHT,
        padding: [8, 10, 0, 0],
        scales: { x: { time: false, distr: this.logX ? 3 : 1 }, y: { distr: this.logY ? 3 : 1 } },
        axes: [
          axis({ size: 30, values: (_, ticks) => ticks.map((v) => (v === null ? "" : compact(v))) }),
          axis({ size: 46 }),
        ],
        series,
        legend: { live: true },
        cursor: { y: false },
      },
      this.points(),
      this.find(".plot"),
    );
  }

  schedule() {
    this.pace.ask();
  }

  redraw() {
    if (!this.plot) return;
    const over = this.plot.cursor.idx;
    this.plot.setData(this.points(), true);
    if (over === null || over === undefined) this.plot.setLegend({ idx: this.plot.data[0].length - 1 });
  }

  /** Rows thinned to what the eye can tell apart, evenly along the axis on show. @returns {uPlot.AlignedData} */
  points() {
    const { columns, count } = this.session.history;
    /** @type {number[]} */ const rows = [];
    const last = columns.step[count - 1] ?? 0;
    const place = (/** @type {number} */ step) =>
      this.logX ? Math.log(Math.max(1, step)) / Math.log(Math.max(2, last)) : step / Math.max(1, last);
    let previous = -1;
    for (let i = 0; i < count; i++) {
      if (Number.isNaN(columns.train[i]) || (this.logX && columns.step[i] < 1)) continue;
      const at = Math.floor(place(columns.step[i]) * MOST_POINTS);
      if (at !== previous || i === count - 1) rows.push(i);
      previous = at;
    }
    const x = rows.map((i) => columns.step[i]);
    const lines = this.names.map((name) => rows.map((i) => value(columns[name][i], this.logY)));
    const { parent } = this.session;
    if (!parent) return /** @type {import("uplot").AlignedData} */ ([x, ...lines]);
    return joined(x, lines, parent.history, this.logX, this.logY);
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
      <div class="plot" dir="ltr"></div>`;
  }
}

/** @param {number} v @param {boolean} log */
const value = (v, log) => (Number.isFinite(v) && (!log || v > 0) ? v : null);

/**
 * The cross-validation curve of the run this one branched from, on the same axis.
 * @param {number[]} x
 * @param {(number | null)[][]} lines
 * @param {import("../core/session.js").History} old
 * @param {boolean} logX
 * @param {boolean} logY
 * @returns {import("uplot").AlignedData}
 */
function joined(x, lines, old, logX, logY) {
  const rows = [];
  const stride = Math.max(1, Math.floor(old.count / MOST_POINTS));
  for (let i = 0; i < old.count; i += stride)
    if (!Number.isNaN(old.columns.cv[i]) && (!logX || old.columns.step[i] > 0)) rows.push(i);
  return uPlot.join([
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
