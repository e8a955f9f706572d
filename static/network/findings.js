/** Troubles that were found, each with what it means and a remedy one click away. */

import { html, nothing } from "lit";
import "../core/more-texts.js";
import { Element } from "../core/element.js";
import { short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { locked } from "../controls/controls.js";

/** @import {Finding} from "../types/page.d.ts" */

const PATIENCE_MS = 600;

class Findings extends Element {
  static shows = ["health"];

  constructor() {
    super();
    this.shown = "[]";
    this.since = 0;
    this.next = "[]";
    /** Which have been unfolded or folded by hand, by kind and layer. @type {Map<string, boolean>} */
    this.unfolded = new Map();
  }

  get showing() {
    return this.shown !== "[]";
  }

  /** A finding is shown once it has lasted a moment, so that the page does not flicker. */
  onFrame() {
    const now = JSON.stringify((this.session.about.health?.findings ?? []).map(essence));
    if (now !== this.next) {
      this.next = now;
      this.since = performance.now();
    }
    const settled =
      performance.now() - this.since > PATIENCE_MS || now.includes("diverged") || !this.session.state.playing;
    if (settled && now !== this.shown) {
      this.shown = now;
      this.requestUpdate();
    }
  }

  firstUpdated() {
    this.onFrame();
  }

  updated() {
    this.standAt();
  }

  /** An alarm is told whole, the others by name, so that they cover little. @param {ReturnType<typeof essence>} f */
  whole(f) {
    return this.unfolded.get(`${f.kind} ${f.layer}`) ?? f.severity === "alarm";
  }

  render() {
    const findings = /** @type {ReturnType<typeof essence>[]} */ (JSON.parse(this.shown)).slice(0, 3);
    if (!findings.length) return nothing;
    return html`<ul class="findings" aria-label=${t("findings")}>
      ${findings.map(
        (f) =>
          html`<li class="${f.kind} ${f.severity}" data-finding=${f.kind} data-severity=${f.severity}>
            <details
              name="finding"
              ?open=${this.whole(f)}
              @toggle=${(/** @type {On<HTMLDetailsElement>} */ e) => {
                this.unfolded.set(`${f.kind} ${f.layer}`, e.target.open);
                this.requestUpdate();
              }}
            >
              <summary title=${named(f)}><strong>${named(f)}</strong></summary>
              <div data-name=${named(f)}>
                <p>
                  ${t(`finding_${words(f)}_why`, {
                    layer: f.layer,
                    amount: f.kind === "diverged" ? "" : Number.isInteger(f.amount) ? f.amount : short(f.amount),
                  })}
                  ${f.rows ? counted(f) : nothing} ${f.severity === "alarm" ? nothing : t(`finding_${f.severity}`)}
                </p>
                <button
                  type="button"
                  class=${f.severity === "alarm" ? "primary" : ""}
                  data-control="remedy"
                  ?disabled=${locked("remedy")}
                  @click=${() => this.remedy(f)}
                >
                  ${t(`finding_${f.kind}_remedy`)}
                </button>
              </div>
            </details>
          </li>`,
      )}
    </ul>`;
  }

  /** @param {ReturnType<typeof essence>} finding */
  async remedy(finding) {
    const { session } = this;
    const { spec } = session;
    const at = spec.layers.findIndex((l) => l.id === finding.layer);
    switch (finding.kind) {
      case "diverged": {
        const { learning_rate: rate } = spec.optimizer;
        await session.command({ op: "rewind", step: finding.step ?? 0 });
        await session.set("optimizer.learning_rate", rate / 10);
        await session.command({ op: "play" });
        break;
      }
      case "exploding":
        await session.set("optimizer.learning_rate", spec.optimizer.learning_rate / 10);
        break;
      case "dead":
        await session.set(`layers.${at}.activation`, "leaky_relu");
        break;
      case "saturated":
      case "vanishing":
        await session.set(
          "layers",
          spec.layers.map((l, i) =>
            i < spec.layers.length - 1 && l.type === "Dense" && ["sigmoid", "tanh"].includes(l.activation ?? "")
              ? { ...l, activation: "relu", kernel_initializer: "he_normal" }
              : l,
          ),
        );
        break;
      case "cycle":
        await session.set("", {
          ...spec,
          shuffle: true,
          loss: { name: "auto" },
          optimizer: { name: "Adam", learning_rate: 0.05 },
          layers: [
            { id: "h1", units: 4, activation: "tanh" },
            { id: "out", units: "auto", activation: "auto" },
          ],
        });
        await session.command({ op: "play" });
        break;
      case "twins":
        await session.set(
          "layers",
          spec.layers.map((l) => (l.type === "Dense" ? { ...l, kernel_initializer: "glorot_uniform" } : l)),
        );
        await session.command({ op: "reset" });
        break;
    }
  }
}

/** What of a finding is worth a redraw. @param {Finding} f */
function essence(f) {
  const { kind, layer, step, severity, rows, examples, lasting } = f;
  const share = Math.floor(1000 * f.share) / 1000;
  const amount = Number((f.amount ?? Infinity).toPrecision(1));
  return { kind, layer, count: f.units.length, step, amount, severity, rows, examples, share, lasting };
}

/**
 * The words of a finding: of dead units that something may bring back other ones.
 * @param {{kind: string, lasting: boolean}} f
 */
const words = (f) => (f.kind === "dead" && !f.lasting ? "silent" : f.kind);

/** What is the matter, in short. @param {ReturnType<typeof essence>} f */
const named = (f) => t(`finding_${words(f)}`, { layer: f.layer, units: f.count, step: f.step ?? 0 });

/** Over how many examples it was counted, and how sure that is. @param {ReturnType<typeof essence>} f */
function counted(f) {
  if (f.rows >= f.examples) return t("finding_counted_all", { rows: f.rows });
  const share = `${(100 * f.share).toFixed(1)} %`;
  return t("finding_counted_some", { rows: f.rows, examples: f.examples, share });
}

customElements.define("d-findings", Findings);
