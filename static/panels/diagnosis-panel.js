/** Bias or variance? A diagnosis from J_train, J_cv and a baseline, and remedies that are tried by real runs. */

import { html, nothing } from "lit";
import { json } from "../core/api.js";
import { Panel } from "../core/panel.js";
import { Sweep } from "./sweep.js";
import { finite, percent, short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { locked, closeButton } from "../controls/controls.js";
import { numberField } from "../controls/number-field.js";
import { PARTS } from "../core/colors.js";
import { tickLabels, tickStep } from "../draw/axes.js";

/** @import {Changes, Diagnosis, Remedy} from "../types/page.d.ts" */

const SEEDS = 3;
const FEWEST = 500;
const MOST = 20000;

/** @typedef {{train: number | undefined, cv: number | undefined}} Costs */

class DiagnosisPanel extends Panel {
  static shows = ["cost"];

  constructor() {
    super();
    this.baseline = 0;
    /** @type {Diagnosis | null} */ this.verdict = null;
    /** @type {{train: number, cv: number} | null} J of the run when it was judged */ this.measured = null;
    /** @type {Map<string, {before: Costs, after: Costs} | "running">} */ this.tried = new Map();
    this.sweep = new Sweep();
    addEventListener("pagehide", () => this.sweep.cancel());
  }

  /** @param {boolean} [jump] */
  open(jump = true) {
    this.verdict = null;
    this.tried.clear();
    this.baseline = this.session.lab?.baseline ?? 0;
    super.open(jump);
  }

  close() {
    this.sweep.cancel();
    super.close();
  }

  onFrame() {
    if (!this.opened) return;
    const parts = this.session.tensor("cost/parts");
    if (!parts) return;
    this.put("train", short(parts.data[0]));
    this.put("cv", short(parts.data[1]));
    this.paintBars(parts.data[0], parts.data[1]);
  }

  /** @param {number} train @param {number} cv */
  paintBars(train, cv) {
    const most = Math.max(finite(train), finite(cv), this.baseline, this.session.about.cost?.constant ?? 0) || 1;
    const step = tickStep(0, most, 4);
    const top = Math.ceil(most / step - 1e-9) * step;
    const marks = [0, 0.5, 1].map((share) => share * top);
    tickLabels(marks).forEach((text, i) => this.put(`bar${i}`, text));
    const width = (/** @type {string} */ name, /** @type {number} */ value) =>
      this.querySelector(`rect[data-bar=${name}]`)?.setAttribute(
        "width",
        String(Math.max(0, Math.min(100, finite((100 * value) / top, 100)))),
      );
    width("baseline", this.baseline);
    width("train", train);
    width("cv", cv);
  }

  async judge() {
    const { session } = this;
    const parts = session.tensor("cost/parts");
    if (!parts) return;
    try {
      this.measured = { train: parts.data[0], cv: parts.data[1] };
      this.verdict = await json("/diagnosis", {
        spec: session.spec,
        j_train: this.measured.train,
        j_cv: this.measured.cv,
        baseline: this.baseline,
        constant: session.about.cost?.constant ?? null,
      });
      this.tried.clear();
      session.did("diagnosed");
    } catch (error) {
      session.fail(error);
    }
    this.requestUpdate();
  }

  /** Runs with and without the remedy, as long as the run on show, over a few seeds. @param {Remedy} remedy */
  async attempt(remedy) {
    const { session, sweep } = this;
    const steps = Math.max(FEWEST, Math.min(MOST / 4, session.state.step));
    this.tried.set(remedy.id, "running");
    this.requestUpdate();
    try {
      const both = [];
      for (const [changes, times] of /** @type {[Changes, number][]} */ ([
        [{}, 1],
        [remedy.changes, remedy.longer],
      ])) {
        await sweep.start({
          spec: session.spec,
          points: [changes],
          seeds: SEEDS,
          steps: steps * times,
          method: "train",
        });
        if (sweep.error) throw new Error(sweep.error);
        both.push({ train: sweep.band(0, "train")?.mean, cv: sweep.band(0, "cv")?.mean });
      }
      this.tried.set(remedy.id, { before: both[0], after: both[1] });
      session.did("remedied");
    } catch (error) {
      this.tried.delete(remedy.id);
      session.fail(error);
    }
    this.requestUpdate();
  }

  /** @param {Remedy} remedy */
  async apply(remedy) {
    for (const [path, value] of Object.entries(remedy.changes)) await this.session.set(path, value);
    if (remedy.longer > 1) await this.session.command({ op: "play" });
  }

  render() {
    if (!this.opened) return nothing;
    const { verdict } = this;
    const bars = [
      ["baseline", PARTS.baseline],
      ["train", PARTS.train],
      ["cv", PARTS.cv],
    ];
    return html`<div class="card diagnosis">
      <header class="row">
        <h2>${t("diagnosis")}</h2>
        ${closeButton(() => this.close(), "diagnosis_close")}
      </header>
      <p class="hint">${t("diagnosis_help")}</p>
      <table class="plain bars-table">
        <tbody>
          ${bars.map(
            ([name, color]) =>
              html`<tr>
                <th scope="row">${name === "baseline" ? t("baseline") : html`<bdi dir="ltr">J</bdi> ${t(name)}`}</th>
                <td>
                  <svg viewBox="0 0 100 10" preserveAspectRatio="none" class="wide-bar" aria-hidden="true">
                    <rect data-bar=${name} width="0" height="10" rx="1" fill=${color}></rect>
                  </svg>
                </td>
                <td>
                  <bdi dir="ltr"
                    >${
                      name === "baseline"
                        ? numberField({
                            name: "baseline",
                            label: t("baseline"),
                            holds: String(this.baseline),
                            low: 0,
                            change: (number) => {
                              this.baseline = number;
                              this.requestUpdate();
                            },
                          })
                        : html`<span data-slot=${name}>–</span>`
                    }</bdi
                  >
                </td>
              </tr>`,
          )}
          <tr aria-hidden="true">
            <td></td>
            <td>
              <div class="bar-ticks" dir="ltr">${[0, 1, 2].map((i) => html`<span data-slot="bar${i}"></span>`)}</div>
            </td>
            <td><bdi dir="ltr">J</bdi></td>
          </tr>
        </tbody>
      </table>
      <p class="hint">${t("baseline_help")}</p>
      <div class="row">
        <button type="button" class="primary" data-control="diagnose" @click=${this.judge}>${t("diagnose")}</button>
      </div>
      ${verdict ? this.judgement(verdict) : nothing}
    </div>`;
  }

  /** @param {Diagnosis} verdict */
  judgement(verdict) {
    const key = verdict.high_bias
      ? verdict.high_variance
        ? "both"
        : "bias"
      : verdict.high_variance
        ? "variance"
        : "fine";
    return html`<p class="verdict ${key}" data-verdict=${key} role="status">${t(`verdict_${key}`)}</p>
      <p class="hint">
        ${t("verdict_numbers", {
          bias: short(verdict.bias),
          bias_share: percent(verdict.bias_share),
          variance: short(verdict.variance),
          variance_share: percent(verdict.variance_share),
        })}
      </p>
      ${
        verdict.remedies.length
          ? html`<h3>${t("remedies")}</h3>
              <ul class="remedies">
                ${verdict.remedies.map((r) => {
                  const result = this.tried.get(r.id);
                  return html`<li data-remedy=${r.id}>
                    <div>
                      <strong>${t(`remedy_${r.id}`)}</strong>
                      <span class="hint">${t(`against_${r.against}`)}</span>
                      ${
                        result === "running"
                          ? html`<p class="hint">${t("walking")}</p>`
                          : result
                            ? html`<p class="before-after" dir="ltr">
                                J train ${short(result.before.train)} → <b>${short(result.after.train)}</b> · J cv
                                ${short(result.before.cv)} →
                                <b class=${(result.after.cv ?? NaN) < (result.before.cv ?? NaN) ? "better" : "worse"}
                                  >${short(result.after.cv)}</b
                                >
                              </p>`
                            : nothing
                      }
                    </div>
                    <div class="row">
                      <button
                        type="button"
                        data-control="try"
                        ?disabled=${result === "running"}
                        @click=${() => this.attempt(r)}
                      >
                        ${t("try_it")}
                      </button>
                      <button
                        type="button"
                        data-control="adopt"
                        ?disabled=${locked("remedy")}
                        @click=${() => this.apply(r)}
                      >
                        ${t("adopt")}
                      </button>
                    </div>
                  </li>`;
                })}
              </ul>
              <p class="hint">${t("remedies_help", { n: SEEDS })}</p>`
          : nothing
      }`;
  }
}

customElements.define("d-diagnosis", DiagnosisPanel);
