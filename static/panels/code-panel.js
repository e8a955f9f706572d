/** Define, compile, fit: the three steps with the run's own settings, and the same model as Keras and PyTorch code. */

import { html, nothing } from "lit";
import { request } from "../core/api.js";
import { Panel } from "../core/panel.js";
import { grouped, short, wholeEpochs } from "../core/format.js";
import { t } from "../core/i18n.js";
import { copyText } from "../core/powers.js";
import { segments, word, closeButton } from "../controls/controls.js";

class CodePanel extends Panel {
  static shows = ["cost"];

  constructor() {
    super();
    this.framework = "keras";
    this.code = "";
    this.key = "";
    this.copied = false;
  }

  updated() {
    if (this.opened) this.load();
  }

  async load() {
    const { spec } = this.session;
    const key = `${this.framework} ${JSON.stringify(spec)}`;
    if (!spec || key === this.key) return;
    this.key = key;
    try {
      const response = await request(`/specs/code?framework=${this.framework}`, {
        method: "POST",
        body: JSON.stringify(spec),
        headers: { "Content-Type": "application/json" },
      });
      const code = await response.text();
      if (key !== this.key) return;
      this.code = code;
      this.copied = false;
      this.requestUpdate();
    } catch (error) {
      this.session.fail(error);
    }
  }

  async copy() {
    this.copied = await copyText(this.code);
    if (this.copied) this.session.did("copied");
    else this.session.tell(t("copy_failed"), "error");
    this.requestUpdate();
  }

  onFrame() {
    if (!this.opened) return;
    this.put("epoch", grouped(wholeEpochs(this.session.state.epoch)));
    const parts = this.session.tensor("cost/parts");
    this.put("cost", parts ? short(parts.data[0]) : "–");
  }

  render() {
    if (!this.opened) return nothing;
    const { session } = this;
    const { spec, report } = session;
    if (!spec || !report) return nothing;
    const layers = report.layers.map((l) => `${l.type}(${l.output_shape.join("×")})`).join(" → ");
    const steps = [
      [
        "define",
        html`<bdi dir="ltr">${layers}</bdi>`,
        t("define_help", { n: report.totals.parameters.toLocaleString("en") }),
      ],
      [
        "compile",
        html`<bdi dir="ltr">${spec.optimizer.name}, α = ${short(spec.optimizer.learning_rate)}</bdi> ·
          ${word("loss", report.resolved.loss.name)}`,
        t("compile_help"),
      ],
      [
        "fit",
        html`<bdi dir="ltr"
          >batch ${spec.batch_size} · epoch <span data-slot="epoch">0</span> · J = <span data-slot="cost">–</span></bdi
        >`,
        t("fit_help"),
      ],
    ];
    return html`<div class="card code">
      <header class="row">
        <h2>${t("code_title")}</h2>
        ${segments(
          "code_framework",
          t("as_code"),
          [
            ["keras", "Keras"],
            ["pytorch", "PyTorch"],
          ],
          this.framework,
          (f) => {
            this.framework = f;
            this.requestUpdate();
          },
        )}
        ${closeButton(() => this.close(), "code_close")}
      </header>
      <ol class="three">
        ${steps.map(
          ([name, now, help], i) =>
            html`<li data-step=${name}>
              <h3><span class="count">${i + 1}</span> ${t(`step_${name}`)}</h3>
              <p>${now}</p>
              <p class="hint">${help}</p>
              ${
                name === "fit"
                  ? html`<button
                      type="button"
                      class="primary"
                      data-control="fit"
                      ?disabled=${!session.maySteer}
                      @click=${() => session.command({ op: session.state.playing ? "pause" : "play" })}
                    >
                      ${t(session.state.playing ? "pause" : "play")}
                    </button>`
                  : nothing
              }
            </li>`,
        )}
      </ol>
      <div class="row">
        <h3>${this.framework === "keras" ? "Keras" : "PyTorch"}</h3>
        <button type="button" data-control="copy_lab_code" ?disabled=${!this.code} @click=${this.copy}>
          ${this.copied ? t("copied") : t("copy")}
        </button>
      </div>
      <pre dir="ltr" tabindex="0" class="listing"><code>${this.code}</code></pre>
    </div>`;
  }
}

customElements.define("d-code", CodePanel);
