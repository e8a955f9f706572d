/** How far each parameter would move now, beside how steady its gradient is: what an adaptive optimiser does. */

import { html, nothing, svg } from "lit";
import { Panel } from "../core/panel.js";
import { finite, parameterName, percent, short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { closeButton } from "../controls/controls.js";

const MOST = 24;
const ROWS = 10;
const [WIDTH, HEIGHT, PAD] = [320, 220, 34];

class OptimizerPanel extends Panel {
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
    const top = Math.max(1, ...Array.from(step.data, (v) => finite(v)));
    this.querySelectorAll("circle[data-parameter]").forEach((dot, i) => {
      dot.setAttribute("cx", String(PAD + Math.min(1, finite(agreement.data[i])) * (WIDTH - PAD - 12)));
      dot.setAttribute("cy", String(HEIGHT - PAD - Math.min(1, finite(step.data[i], top) / top) * (HEIGHT - PAD - 12)));
    });
    this.put("top", short(top));
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
      <p class="hint">${t("effective_help", { name: this.session.spec?.optimizer.name ?? "" })}</p>
      <div class="surface-body">
        <svg class="step-plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${t("effective_label")}>
          <line class="axis" x1=${PAD} x2=${WIDTH - 8} y1=${HEIGHT - PAD} y2=${HEIGHT - PAD}></line>
          <line class="axis" x1=${PAD} x2=${PAD} y1="6" y2=${HEIGHT - PAD}></line>
          <text x=${PAD} y=${HEIGHT - 18} text-anchor="start">0</text>
          <text x=${WIDTH - 12} y=${HEIGHT - 18} text-anchor="end">1</text>
          <text x=${WIDTH / 2} y=${HEIGHT - 4} text-anchor="middle">|Σg| / Σ|g|</text>
          <text x=${PAD - 4} y="16" text-anchor="end" data-slot="top">1</text>
          <text x="10" y=${HEIGHT / 2}>|Δp|/α</text>
          ${names.map(
            (/** @type {string} */ n) =>
              svg`<circle data-parameter r="4.5"><title>${parameterName(n)}</title></circle>`,
          )}
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
                    <td dir="ltr" data-slot="agreement${i}">–</td>
                    <td dir="ltr" data-slot="step${i}">–</td>
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
