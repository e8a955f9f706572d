/** How far each parameter would move now, beside how steady its gradient is: what an adaptive optimiser does. */

import { html, nothing, svg } from "lit";
import { Panel } from "../core/panel.js";
import { finite, parameterName, percent, short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { exitPath, placesIn, tickStep } from "../draw/axes.js";
import { axes } from "../draw/svg-axes.js";
import { closeButton } from "../controls/controls.js";

const MOST = 24;
const ROWS = 10;
const [WIDTH, HEIGHT] = [320, 230];
const BOX = { left: 40, top: 20, right: WIDTH - 12, bottom: HEIGHT - 40 };
/** @type {import("../draw/axes.js").Axis} */
const ACROSS = { low: 0, high: 1, name: "|Σg| / Σ|g|" };

class OptimizerPanel extends Panel {
  /** The end of the upright axis, a round number. */ top = 1;

  /** @returns {import("../draw/axes.js").Axis} */
  get up() {
    return { low: 0, high: this.top, name: "|Δp| / α", most: 4 };
  }

  willUpdate() {
    this.session.want(this, this.opened ? { effective_steps: { most: MOST } } : null);
  }

  updated() {
    this.onFrame();
  }

  onFrame() {
    const [step, agreement] = ["step", "agreement"].map((n) => this.session.tensor(`effective_steps/${n}`));
    const names = this.session.about.effective_steps?.names;
    if (!this.opened || !step || !agreement || !names) return;
    if (String(names) !== this.names) {
      this.names = String(names);
      this.requestUpdate();
      return;
    }
    const most = Math.max(1, ...Array.from(step.data, (v) => finite(v)));
    const each = tickStep(0, most, 4);
    const top = Math.ceil(most / each - 1e-9) * each;
    if (top !== this.top) {
      this.top = top;
      this.requestUpdate();
    }
    const { px, py } = placesIn(BOX, ACROSS, this.up);
    /** @type {[number, number][]} */ const beyond = [];
    this.querySelectorAll("circle[data-parameter]").forEach((dot, i) => {
      const [x, y] = [px(Math.min(1, finite(agreement.data[i]))), py(finite(step.data[i]))];
      if (!Number.isFinite(step.data[i])) beyond.push([x, BOX.top]);
      dot.setAttribute("visibility", Number.isFinite(step.data[i]) ? "visible" : "hidden");
      dot.setAttribute("cx", String(x));
      dot.setAttribute("cy", String(y));
    });
    this.querySelector("path.beyond")?.setAttribute("d", exitPath(beyond, BOX));
    this.put("beyond", beyond.length ? t("edge_infinite") : "");
    for (let i = 0; i < Math.min(ROWS, step.data.length); i++) {
      this.put(`agreement${i}`, percent(Math.min(1, agreement.data[i])));
      this.put(`step${i}`, short(step.data[i]));
    }
  }

  render() {
    if (!this.opened) return nothing;
    const about = this.session.about.effective_steps;
    const names = about?.names ?? [];
    return html`<div class="card optimizer-steps">
      <header class="row">
        <h2>${t("effective")}</h2>
        ${closeButton(() => this.close(), "optimizer_close")}
      </header>
      <p class="hint">
        ${t("effective_help", { name: this.session.spec?.optimizer.name ?? "" })} <span data-slot="beyond"></span>
      </p>
      <div class="surface-body">
        <svg
          class="step-plot"
          viewBox="0 0 ${WIDTH} ${HEIGHT}"
          role="img"
          aria-label=${t("effective_label")}
          direction="ltr"
        >
          ${axes(BOX, ACROSS, this.up)}
          ${names.map(
            (/** @type {string} */ n) =>
              svg`<circle data-parameter r="4.5"><title>${parameterName(n)}</title></circle>`,
          )}
          <path class="beyond"></path>
        </svg>
        <div class="scroll" tabindex="0" role="region" aria-label=${t("effective")}>
          <table class="plain">
            <thead>
              <tr>
                <th scope="col">${t("parameter")}</th>
                <th scope="col">${t("keeps_sign")}</th>
                <th scope="col"><bdi dir="ltr">|Δp|/α</bdi></th>
              </tr>
            </thead>
            <tbody>
              ${names.slice(0, ROWS).map(
                (/** @type {string} */ n, /** @type {number} */ i) =>
                  html`<tr>
                    <th scope="row"><bdi dir="ltr">${parameterName(n)}</bdi></th>
                    <td><bdi dir="ltr" data-slot="agreement${i}">–</bdi></td>
                    <td><bdi dir="ltr" data-slot="step${i}">–</bdi></td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </div>
    </div>`;
  }
}

customElements.define("d-optimizer", OptimizerPanel);
