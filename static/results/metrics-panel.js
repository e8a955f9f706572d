/** Accuracy and its kin for each part, and the confusion matrix. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { Pace } from "../core/pace.js";
import { percent, short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { putPixels } from "../draw/pixels.js";
import { segments, slider, word } from "../controls/controls.js";

const SHARES = new Set(["accuracy", "precision", "recall", "f1", "map50", "map", "found"]);
const EVERY_MS = 120;

class MetricsPanel extends Element {
  constructor() {
    super();
    this.wide = false;
    /** @type {{truth: number, answer: number} | null} the cell of the confusion matrix that is open */ this.cell =
      null;
    /** The part whose confusion matrix is shown. */ this.which = "test";
    this.pace = new Pace(EVERY_MS, () => this.requestUpdate());
  }

  /** From this probability on the answer is class 1. */
  get threshold() {
    return this.session.threshold;
  }

  willUpdate() {
    const more = this.wide ? { weight_histograms: {}, gradients: this.session.gradientParameters } : {};
    const classes =
      this.wide && ["binary", "multiclass"].includes(this.session.data?.task ?? "")
        ? {
            confusion: { part: this.which, threshold: this.threshold },
            ...(this.cell && this.pictures ? { gallery: { part: this.which, ...this.cell } } : {}),
          }
        : {};
    this.session.want(this, { metrics: { threshold: this.threshold }, ...more, ...classes });
  }

  /** Whether the examples are pictures that can be looked at. */
  get pictures() {
    return this.session.data?.kind === "image";
  }

  updated() {
    this.paintGallery();
  }

  paintGallery() {
    const pictures = this.session.tensor("gallery/pictures");
    if (!pictures) return;
    const size = pictures.data.length / pictures.shape[0];
    for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (this.querySelectorAll("canvas[data-picture]"))) {
      putPixels(canvas, pictures.data, pictures.shape.slice(1), Number(canvas.dataset.picture) * size);
    }
  }

  /** The pictures of the open cell. */
  gallery() {
    const about = this.session.about.gallery;
    const share = this.session.tensor("gallery/share");
    if (!this.cell || !about || !share) return nothing;
    const classes = this.session.about.confusion?.classes ?? [];
    const { truth, answer } = this.cell;
    return html`<section class="gallery" aria-label=${t("gallery")}>
      <h3>
        ${t("gallery_of", { truth: classes[truth] ?? "", answer: classes[answer] ?? "", n: about.found })}
        <button
          type="button"
          class="tool"
          aria-label=${t("close")}
          @click=${() => {
            this.cell = null;
            this.requestUpdate();
          }}
        >
          ×
        </button>
      </h3>
      ${
        about.found
          ? html`<ul>
              ${about.rows.map(
                (/** @type {number} */ row, /** @type {number} */ i) =>
                  html`<li>
                    <canvas
                      data-picture=${i}
                      role="img"
                      aria-label=${t("gallery_item", {
                        truth: classes[about.truths[i]],
                        answer: classes[about.answers[i]],
                      })}
                    ></canvas
                    ><span dir="ltr">${percent(share.data[i])}</span>
                  </li>`,
              )}
            </ul>`
          : html`<p class="hint">${t("gallery_empty")}</p>`
      }
    </section>`;
  }

  onFrame() {
    this.pace.ask();
  }

  render() {
    const { session } = this;
    const about = session.about.metrics;
    const table = session.tensor("metrics/table");
    if (!about || !table)
      return html`<h2>${t("metrics")}</h2>
        <div class="skeleton"></div>`;
    const width = about.names.length;
    return html`<h2>${t("metrics")}</h2>
      <table class="metrics">
        <thead>
          <tr>
            <td></td>
            ${about.names.map((/** @type {string} */ n) => html`<th scope="col">${word("metric", n)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${about.parts.map((/** @type {string} */ part, /** @type {number} */ r) =>
            part === "test" && session.view.hideTest
              ? html`<tr>
                  <th scope="row">${t(part)}</th>
                  <td colspan=${width} class="hint">${t("test_hidden")}</td>
                </tr>`
              : html`<tr>
                  <th scope="row">${t(part)}</th>
                  ${about.names.map(
                    (/** @type {string} */ n, /** @type {number} */ c) =>
                      html`<td>
                        <bdi dir="ltr" data-metric="${part}-${n}"
                          >${SHARES.has(n) ? percent(table.data[r * width + c]) : short(table.data[r * width + c])}</bdi
                        >
                      </td>`,
                  )}
                </tr>`,
          )}
        </tbody>
      </table>
      ${
        session.data?.task === "binary"
          ? slider({
              name: "threshold",
              label: t("threshold"),
              value: this.threshold,
              min: 0.02,
              max: 0.98,
              step: 0.02,
              free: true,
              show: (v) => v.toFixed(2),
              title: t("threshold_help"),
              change: (v) => {
                session.decideAt(v);
                this.requestUpdate();
              },
            })
          : nothing
      }
      <details
        @toggle=${(/** @type {On<HTMLDetailsElement>} */ e) => {
          this.wide = e.target.open;
          this.requestUpdate();
        }}
      >
        <summary>${t("more_numbers")}</summary>
        ${this.wide ? html`${this.confusion()}${this.histograms()}` : nothing}
      </details>`;
  }

  confusion() {
    const { session } = this;
    const counts = session.tensor("confusion/counts");
    const classes = session.about.confusion?.classes ?? [];
    if (!counts || !classes.length) return nothing;
    const n = counts.shape[0];
    const rows = Array.from({ length: n }, (_, r) => Array.from({ length: n }, (_, c) => counts.data[r * n + c]));
    const parts = /** @type {[string, string][]} */ (
      ["train", "cv", ...(session.view.hideTest ? [] : ["test"])].map((p) => [p, t(p)])
    );
    return html`<h3>${t("confusion")}</h3>
      ${segments("confusion_part", t("confusion"), parts, this.which, (p) => {
        this.which = p;
        this.cell = null;
        this.requestUpdate();
      })}
      <div class="scroll" tabindex="0" role="region" aria-label=${t("confusion")}>
        <table class="confusion" dir="ltr">
          <thead>
            <tr>
              <td></td>
              ${classes.map((/** @type {string} */ name) => html`<th scope="col">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map((row, r) => {
              const sum = row.reduce((a, b) => a + b, 0) || 1;
              return html`<tr>
                <th scope="row">${classes[r]}</th>
                ${row.map(
                  (v, c) =>
                    html`<td
                      class=${r === c ? "hit" : v ? "miss" : ""}
                      data-level=${Math.min(4, Math.ceil((4 * v) / sum))}
                    >
                      ${
                        this.pictures
                          ? html`<button
                              type="button"
                              data-cell="${r}-${c}"
                              aria-pressed=${this.cell?.truth === r && this.cell?.answer === c}
                              aria-label=${t("gallery_open", { truth: classes[r], answer: classes[c], n: v })}
                              @click=${() => {
                                this.cell = { truth: r, answer: c };
                                this.requestUpdate();
                              }}
                            >
                              ${v}
                            </button>`
                          : v
                      }
                    </td>`,
                )}
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
      <p class="hint">${t("confusion_help")} ${this.pictures ? t("confusion_pictures") : ""}</p>
      ${this.gallery()}`;
  }

  histograms() {
    const counts = this.session.tensor("weight_histograms/counts");
    const about = this.session.about.weight_histograms;
    const norms = this.session.tensor("gradients/norms");
    if (!counts || !about) return nothing;
    const gradients = this.session.tensor("gradients/histograms");
    return html`<h3>${t("weight_histograms")}</h3>
      <ul class="histograms">
        ${about.layers.map(
          (/** @type {string} */ layer, /** @type {number} */ r) =>
            html`<li>
              <span dir="ltr">${layer} ±${short(about.reach[r])}</span
              >${bars(counts, r, "weights", t("histogram_of", { layer }))}
              ${
                norms && gradients
                  ? html`<span class="hint" dir="ltr">‖∂J/∂W‖ ${short(norms.data[r])}</span
                      >${bars(gradients, r, "gradients", t("gradient_histogram_of", { layer }))}`
                  : nothing
              }
            </li>`,
        )}
      </ul>`;
  }
}

/**
 * A row of counts as bars.
 * @param {import("../core/safetensors.js").Tensor} counts
 * @param {number} row
 * @param {string} kind
 * @param {string} label
 */
function bars(counts, row, kind, label) {
  const bins = counts.shape[1];
  const values = Array.from(counts.data.slice(row * bins, (row + 1) * bins));
  const top = Math.max(1, ...values);
  const path = values.map((v, i) => `M${i + 0.5} 20V${20 - (19 * v) / top}`).join("");
  return html`<svg class=${kind} viewBox="0 0 ${bins} 20" preserveAspectRatio="none" role="img" aria-label=${label}>
    <path d=${path}></path>
  </svg>`;
}

customElements.define("d-metrics", MetricsPanel);
