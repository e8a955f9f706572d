/**
 * One setting swept over its values, each over several seeds: J_train and J_cv with bands; the choice by J_cv; J_test
 * once.
 */

import { html, nothing } from "lit";
import { Panel } from "../core/panel.js";
import { Sweep, kindsOf } from "./sweep.js";
import { PARTS, theme } from "../core/colors.js";
import { short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { watchSize } from "../core/powers.js";
import { chartOptions, uPlot } from "../draw/chart.js";
import { lineSign } from "../draw/class-marks.js";
import { dashOf } from "../draw/strokes.js";
import { check, locked, select, slider, closeButton } from "../controls/controls.js";

/** @import {Changes} from "../types/page.d.ts" */

const HEIGHT = 260;
const LINES = [
  ["train", PARTS.train],
  ["cv", PARTS.cv],
];

/** @typedef {{kind: string, values: number[], changes: Changes[], log?: boolean}} Plan */

class SweepPanel extends Panel {
  constructor() {
    super();
    this.sweep = new Sweep();
    this.kind = "l2";
    this.seeds = 3;
    this.steps = 1000;
    this.log = false;
    this.chosen = -1;
    /** @type {number | null} */ this.test = null;
    /** @type {uPlot | null} */ this.plot = null;
    this.key = "";
    /** @type {Plan | null} what was swept, for the chart */ this.plan = null;
    this.sweep.addEventListener("change", () => this.requestUpdate());
    addEventListener("pagehide", () => this.sweep.cancel());
  }

  /** @param {boolean} [jump] */
  open(jump = true) {
    const wish = this.session.lab?.sweep;
    this.plan = null;
    this.chosen = -1;
    this.test = null;
    this.sweep.cancel();
    this.sweep.points = [];
    this.sweep.results = [];
    this.sweep.state = "none";
    Object.assign(this, {
      kind: wish?.kind ?? "l2",
      seeds: wish?.seeds ?? 3,
      steps: wish?.steps ?? 1000,
      log: wish?.kind === "degree" || wish?.kind === "train_rows",
    });
    super.open(jump);
  }

  close() {
    this.sweep.cancel();
    this.plot?.destroy();
    this.plot = null;
    super.close();
  }

  get kinds() {
    const { spec, report, data } = this.session;
    return kindsOf(spec, report, data);
  }

  get linear() {
    const { spec, report } = this.session;
    return (
      spec?.layers.length === 1 &&
      report?.resolved.layers[0].activation === "linear" &&
      ["mse", "half_mse"].includes(report.resolved.loss.name)
    );
  }

  async run() {
    const { spec } = this.session;
    const kind = this.kinds[this.kind] ?? this.kinds.l2;
    this.chosen = -1;
    this.test = null;
    const plan = { kind: this.kind, values: kind.values, changes: kind.values.map(kind.changes), log: kind.log };
    this.plan = plan;
    const method = this.linear && !spec.regularization.l1 && this.kind !== "rate" ? "solve" : "train";
    try {
      await this.sweep.start({ spec, points: plan.changes, seeds: this.seeds, steps: this.steps, method });
      if (this.sweep.error) this.session.tell(this.sweep.error, "error");
      if (this.sweep.state === "done") this.session.did("charted");
    } catch (error) {
      this.session.fail(error);
    }
    this.requestUpdate();
  }

  /** @param {number} point */
  async reveal(point) {
    try {
      this.test = (await this.sweep.reveal(point)).test;
      this.session.did("revealed");
    } catch (error) {
      this.session.fail(error);
    }
    this.requestUpdate();
  }

  /** The chosen setting into the run. @param {number} point */
  async apply(point) {
    for (const [path, value] of Object.entries(this.plan?.changes[point] ?? {})) await this.session.set(path, value);
    this.session.did("chosen");
  }

  // -- chart ------------------------------------------------------------------------------------------------------
  room() {
    return Math.max(220, this.clientWidth - 26);
  }

  /** Where a value lies on the axis: 0 has no logarithm and stands left of the smallest. @param {number} v */
  across(v) {
    if (!this.plan?.log) return v;
    const least = Math.min(...this.plan.values.filter((/** @type {number} */ x) => x > 0));
    return v > 0 ? Math.log10(v) : Math.log10(least) - 0.7;
  }

  /** @returns {import("uplot").AlignedData} */
  points() {
    const { plan, sweep } = this;
    if (!plan)
      return [
        [0, 1],
        ...LINES.flatMap(() => [
          [null, null],
          [null, null],
          [null, null],
        ]),
      ];
    const bands = LINES.map(([part]) =>
      plan.values.map((/** @type {number} */ _, /** @type {number} */ i) => sweep.band(i, part)),
    );
    const pick = (
      /** @type {(import("./sweep.js").Band | null)[]} */ list,
      /** @type {"mean" | "high" | "low"} */ what,
    ) => list.map((b) => (b && (!this.log || b[what] > 0) ? b[what] : null));
    return [
      plan.values.map((/** @type {number} */ v) => this.across(v)),
      ...bands.flatMap((b) => [pick(b, "mean"), pick(b, "high"), pick(b, "low")]),
    ];
  }

  /** The means as they are, whatever can be drawn of them. */
  means() {
    const values = this.plan?.values ?? [];
    const mean = (/** @type {string} */ part) => values.map((_, i) => this.sweep.band(i, part)?.mean ?? NaN);
    return { x: values.map((v) => this.across(v)), lines: LINES.flatMap(([part]) => [mean(part), [], []]) };
  }

  updated() {
    const place = /** @type {HTMLElement | null} */ (this.querySelector(".race"));
    if (!place) {
      this.plot = null;
      return;
    }
    watchSize(this, () => this.plot?.setSize({ width: this.room(), height: HEIGHT }));
    const key = [theme(), this.log, this.plan?.kind, this.plan?.values.join()].join();
    if (key !== this.key || !this.plot) {
      this.key = key;
      this.plot?.destroy();
      const places = this.plan ? this.plan.values.map((/** @type {number} */ v) => this.across(v)) : [];
      this.plot = new uPlot(
        chartOptions(
          {
            width: this.room(),
            height: HEIGHT,
            x: {
              name: this.plan ? t(`sweep_${this.plan.kind}`) : "",
              places,
              write: (v) => amount(this.plan?.values[nearest(places, v)] ?? v),
            },
            y: { name: "J", log: this.log, whole: true },
            lines: LINES.flatMap(([, color], i) => [
              {
                stroke: color,
                width: 2,
                dash: dashOf(i),
                points: { show: true, size: 6, fill: color },
                spanGaps: true,
              },
              { stroke: "transparent", points: { show: false }, spanGaps: true },
              { stroke: "transparent", points: { show: false }, spanGaps: true },
            ]),
            raw: () => this.means(),
          },
          {
            legend: { show: false },
            bands: LINES.map(([, color], i) => ({
              series: /** @type {[number, number]} */ ([3 * i + 2, 3 * i + 3]),
              fill: `${color}33`,
            })),
          },
        ),
        this.points(),
        place,
      );
    } else this.plot.setData(this.points());
  }

  // -- page -------------------------------------------------------------------------------------------------------
  render() {
    if (!this.opened) return nothing;
    const { sweep, plan } = this;
    const { kinds } = this;
    const running = sweep.state === "running";
    const over = sweep.state === "done" && plan;
    const best = over ? sweep.best("cv") : -1;
    const options = /** @type {[string, string][]} */ (Object.keys(kinds).map((k) => [k, t(`sweep_${k}`)]));
    return html`<div class="card sweep">
      <header class="row">
        <h2>${t("sweep_title")}</h2>
        ${check({
          name: "sweep_log",
          label: t("log_y"),
          checked: this.log,
          free: true,
          change: (on) => {
            this.log = on;
            this.requestUpdate();
          },
        })}
        ${closeButton(() => this.close(), "sweep_close")}
      </header>
      <p class="hint">${t("sweep_help")}</p>
      <div class="sweep-settings">
        ${select({
          name: "sweep_kind",
          label: t("sweep_what"),
          value: this.kind in kinds ? this.kind : "l2",
          options,
          free: true,
          change: (k) => {
            this.kind = k;
            this.requestUpdate();
          },
        })}
        ${slider({
          name: "sweep_seeds",
          label: t("sweep_seeds"),
          value: this.seeds,
          min: 1,
          max: 10,
          free: true,
          show: String,
          change: (v) => {
            this.seeds = v;
            this.requestUpdate();
          },
        })}
        ${
          this.linear && this.kind !== "rate"
            ? html`<p class="hint">${t("sweep_solved")}</p>`
            : slider({
                name: "sweep_steps",
                label: t("sweep_steps"),
                value: this.steps,
                min: 100,
                max: 10000,
                step: 100,
                free: true,
                show: String,
                change: (v) => {
                  this.steps = v;
                  this.requestUpdate();
                },
              })
        }
      </div>
      <div class="row">
        <button
          type="button"
          class="primary"
          data-control="sweep_run"
          ?disabled=${running || locked("sweep")}
          @click=${this.run}
        >
          ${t("sweep_run")}
        </button>
        ${
          running
            ? html`<button type="button" data-control="sweep_cancel" @click=${() => sweep.cancel()}>
                ${t("cancel")}
              </button>`
            : nothing
        }
        ${
          sweep.of
            ? html`<progress max=${sweep.of} value=${sweep.done} aria-label=${t("sweep_progress")}></progress
                ><span class="hint" dir="ltr" data-slot="progress"
                  >${sweep.done}/${sweep.of}${sweep.state === "done" ? ` · ${short(sweep.seconds)} s` : ""}</span
                >`
            : nothing
        }
      </div>
      <ul class="legend">
        ${LINES.map(
          ([part, color], i) =>
            html`<li>
              ${lineSign(color, i)}
              <bdi dir="ltr">J</bdi> ${t(part)}
            </li>`,
        )}
        <li class="hint">${t("sweep_band")}</li>
      </ul>
      ${
        plan
          ? html`<div class="race" dir="ltr"></div>
              ${zeroApart(plan)}`
          : nothing
      }
      ${over && best >= 0 ? this.choice(best) : nothing}
    </div>`;
  }

  /** @param {number} best */
  choice(best) {
    const { sweep, plan } = this;
    if (!plan) return nothing;
    const chosen = this.chosen >= 0 ? this.chosen : best;
    const options = /** @type {[string, string][]} */ (
      plan.values.map((/** @type {number} */ v, /** @type {number} */ i) => [
        String(i),
        `${amount(v)}${i === best ? ` · ${t("sweep_lowest")}` : ""}`,
      ])
    );
    const [train, cv] = ["train", "cv"].map((part) => sweep.band(chosen, part)?.mean);
    return html`<div class="choice">
      ${select({
        name: "sweep_choice",
        label: t("sweep_choice"),
        value: String(chosen),
        options,
        free: true,
        change: (v) => {
          this.chosen = Number(v);
          this.requestUpdate();
        },
      })}
      <dl class="numbers" dir="ltr">
        <dt>J train</dt>
        <dd>${short(train)}</dd>
        <dt>J cv</dt>
        <dd data-slot="chosen_cv">${short(cv)}</dd>
        <dt>J test</dt>
        <dd data-slot="chosen_test">${this.test === null ? "?" : short(this.test)}</dd>
      </dl>
      <div class="row">
        <button
          type="button"
          data-control="sweep_apply"
          ?disabled=${locked("sweep")}
          @click=${() => this.apply(chosen)}
        >
          ${t("sweep_apply")}
        </button>
        <button
          type="button"
          data-control="sweep_reveal"
          ?disabled=${this.test !== null}
          @click=${() => this.reveal(chosen)}
        >
          ${t("sweep_reveal")}
        </button>
      </div>
      <p class="hint">${t("sweep_reveal_help")}</p>
    </div>`;
  }
}

/** What becomes of 0 on a logarithmic axis. @param {Plan} plan */
const zeroApart = ({ log, values }) =>
  log && values.includes(0) ? html`<p class="hint">${t("sweep_zero")}</p>` : nothing;

/** Which of some places is nearest. @param {number[]} places @param {number} v */
const nearest = (places, v) =>
  places.reduce((best, place, i) => (Math.abs(place - v) < Math.abs(places[best] - v) ? i : best), 0);

/** @param {number} v */
const amount = (v) => (Number.isInteger(v) ? String(v) : short(v));

customElements.define("d-sweep", SweepPanel);
