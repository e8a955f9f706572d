/** A linear model taken apart: its weights by feature, the normal equation, and what that costs as n grows. */

import { html, nothing } from "lit";
import { lines } from "../core/api.js";
import { finite, pretty, short } from "../core/format.js";
import { Panel } from "../core/panel.js";
import { t } from "../core/i18n.js";
import { chartOptions, uPlot } from "../draw/chart.js";
import { locked, closeButton } from "../controls/controls.js";
import { HIGHLIGHT, PARTS } from "../core/colors.js";

/** @import {Solution} from "../types/page.d.ts" */

const MOST = 20;
const HEIGHT = 230;

class RegressionPanel extends Panel {
  static shows = ["weights"];

  constructor() {
    super();
    /** @type {Solution | null} */ this.solution = null;
    /** @type {{n: number, closed: number, descent: number}[]} */ this.times = [];
    this.timing = false;
    /** @type {uPlot | null} */ this.plot = null;
    this.shape = "";
  }

  /** @param {boolean} [jump] */
  open(jump = true) {
    this.solution = null;
    super.open(jump);
  }

  close() {
    this.plot?.destroy();
    this.plot = null;
    super.close();
  }

  /** @returns {string} the layer that is the model */
  get layer() {
    return this.session.layers[0]?.id ?? "out";
  }

  onFrame() {
    if (!this.opened) return;
    const kernel = this.session.tensor(`weights/${this.layer}/kernel`);
    if (!kernel) return;
    const shape = `${kernel.shape}`;
    if (shape !== this.shape) {
      this.shape = shape;
      this.requestUpdate();
    }
    const top = Math.max(1e-9, ...Array.from(kernel.data, (v) => finite(Math.abs(v))));
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-feature]"))) {
      const v = kernel.data[Number(row.dataset.feature) * kernel.shape[1]];
      const bar = /** @type {SVGRectElement} */ (row.querySelector("rect"));
      bar.setAttribute("x", String(v < 0 ? 50 - (50 * finite(-v)) / top : 50));
      bar.setAttribute("width", String((50 * finite(Math.abs(v))) / top));
      bar.setAttribute("class", v < 0 ? "negative" : "positive");
      /** @type {HTMLElement} */ (row.querySelector("[data-value]")).textContent = short(v);
    }
    this.put("bias", short(this.session.tensor(`weights/${this.layer}/bias`)?.data[0]));
  }

  async solve() {
    const answer = await this.session.command({ op: "solve" });
    if (!answer) return;
    this.solution = answer.solution ?? null;
    this.session.did("solved");
    this.requestUpdate();
  }

  async time() {
    this.timing = true;
    this.times = [];
    this.requestUpdate();
    try {
      for await (const row of lines("/timings/normal-equation", { method: "POST" })) {
        this.times.push(row);
        this.requestUpdate();
      }
      this.session.did("timed");
    } catch (error) {
      this.session.fail(error);
    }
    this.timing = false;
    this.requestUpdate();
  }

  /** Growth n^k over the upper half of the sizes. @param {"closed" | "descent"} what */
  power(what) {
    const rows = this.times.slice(Math.floor(this.times.length / 2));
    if (rows.length < 2) return NaN;
    const first = rows[0];
    const last = rows[rows.length - 1];
    return Math.log(last[what] / first[what]) / Math.log(last.n / first.n);
  }

  updated() {
    this.onFrame();
    const place = /** @type {HTMLElement | null} */ (this.querySelector(".race"));
    if (!place || !this.times.length) return;
    this.plot?.destroy();
    this.plot = new uPlot(
      chartOptions(
        {
          width: Math.max(220, this.clientWidth - 26),
          height: HEIGHT,
          x: { name: t("features_n"), log: true, write: String },
          y: { name: "ms", log: true },
          lines: [
            { stroke: HIGHLIGHT, width: 2, points: { show: true } },
            { stroke: PARTS.train, width: 2, dash: [6, 3], points: { show: true } },
          ],
        },
        { legend: { show: false } },
      ),
      [this.times.map((r) => r.n), this.times.map((r) => 1000 * r.closed), this.times.map((r) => 1000 * r.descent)],
      place,
    );
  }

  render() {
    if (!this.opened) return nothing;
    const { session, solution } = this;
    const names = session.report?.inputs ?? [];
    const linear = session.layers.length === 1;
    return html`<div class="card regression">
      <header class="row">
        <h2>${t("regression")}</h2>
        ${closeButton(() => this.close(), "regression_close")}
      </header>
      ${
        linear
          ? html`<p class="hint">${t("regression_weights")}</p>
              <table class="plain features">
                <tbody>
                  ${names.slice(0, MOST).map(
                    (/** @type {string} */ n, /** @type {number} */ i) =>
                      html`<tr data-feature=${i}>
                        <th scope="row"><bdi dir="ltr">${pretty(n)}</bdi></th>
                        <td>
                          <svg viewBox="0 0 100 10" preserveAspectRatio="none" class="wide-bar" aria-hidden="true">
                            <line x1="50" x2="50" y1="0" y2="10"></line>
                            <rect height="10" y="0"></rect>
                          </svg>
                        </td>
                        <td><bdi dir="ltr" data-value>–</bdi></td>
                      </tr>`,
                  )}
                  <tr>
                    <th scope="row">b</th>
                    <td></td>
                    <td><bdi dir="ltr" data-slot="bias">–</bdi></td>
                  </tr>
                </tbody>
              </table>
              ${names.length > MOST ? html`<p class="hint">${t("and_more", { n: names.length - MOST })}</p>` : nothing}`
          : html`<p class="hint">${t("regression_linear")}</p>`
      }
      <div class="row">
        <button
          type="button"
          class="primary"
          data-control="solve"
          ?disabled=${locked("solve") || !linear}
          @click=${this.solve}
        >
          ${t("solve")}
        </button>
        <button type="button" data-control="time" ?disabled=${this.timing} @click=${this.time}>${t("time_it")}</button>
      </div>
      ${
        solution
          ? html`<p role="status" class=${solution.full_rank ? "" : "notice error"} data-solution>
              ${t(solution.full_rank ? "solved_full" : "solved_short", {
                rank: solution.rank,
                n: solution.columns,
                condition: solution.condition === null ? "∞" : short(solution.condition),
                ms: short(1000 * solution.seconds),
              })}
            </p>`
          : nothing
      }
      ${
        this.times.length
          ? html`<ul class="legend">
                <li>
                  <svg width="14" height="8" aria-hidden="true">
                    <line x1="0" x2="14" y1="4" y2="4" stroke=${HIGHLIGHT} stroke-width="3"></line>
                  </svg>
                  ${t("normal_equation")} <bdi dir="ltr">∝ n<sup>${short(this.power("closed"))}</sup></bdi>
                </li>
                <li>
                  <svg width="14" height="8" aria-hidden="true">
                    <line x1="0" x2="14" y1="4" y2="4" stroke=${PARTS.train} stroke-width="3"></line>
                  </svg>
                  ${t("descent_100")} <bdi dir="ltr">∝ n<sup>${short(this.power("descent"))}</sup></bdi>
                </li>
              </ul>
              <div class="race" dir="ltr"></div>
              <p class="hint center">${t("time_help")}</p>`
          : nothing
      }
    </div>`;
  }
}

customElements.define("d-regression", RegressionPanel);
