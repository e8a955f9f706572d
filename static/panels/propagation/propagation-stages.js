/** What the panel of forward and back propagation shows of a stage: its numbers, and what they are made of. */

import { html, nothing } from "lit";
import { short } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { select } from "../../controls/controls.js";
import { filled, letters, numbersOf } from "./terms.js";

/** @import {Terms} from "../../types/page.d.ts" */

const LABELS = /** @type {Record<string, string>} */ ({ prop_from: "prop_weight_from" });
const UNITS = /** @type {Record<string, string>} */ ({
  prop_from: "x",
  prop_tap_row: "i = ",
  prop_tap_column: "j = ",
  prop_tap_channel: "c = ",
});

/** The names of weights that learn. */
export const WEIGHTS = ["kernel", "depthwise_kernel", "pointwise_kernel", "bias", "gamma", "beta"];
/** The letter of a weight in formulas. @param {string} name */
export const letter = (name) => ({ bias: "b", gamma: "γ", beta: "β" })[name] ?? "W";
/** @typedef {import("./propagation-panel.js").PropagationPanel} Panel */
/** @typedef {import("../../types/page.d.ts").StageRow} Layer */
/** @typedef {{kind: "input" | "forward" | "loss" | "backward" | "update", layer: number}} Stage */
/** @typedef {{layer: string, name: string, at: number}} Parameter a number of a weight */

/** A stage's name without the ways through its block: b1/conv2d for b1/residual/conv2d. @param {string} [id] */
export const brief = (id = "") => id.replace(/\/.*\//, "/");

/** @param {Parameter} a @param {Parameter} b */
export const alike = (a, b) => a.layer === b.layer && a.name === b.name && a.at === b.at;

/**
 * Cells or a picture, and beside it the lines.
 * @param {Panel} panel
 * @param {Layer} layer
 * @param {[string, string][]} kinds arrays and their names
 * @param {unknown[]} lines
 * @param {string} shown the array that a picture shows
 */
function body(panel, layer, kinds, lines, shown) {
  const derivation = html`<div class="derivation" dir="ltr">${lines}</div>`;
  if (layer.shape.length === 3)
    return html`<div class="surface-body">
      ${panel.whole(`${layer.id}/${shown}`) ? panel.map(layer, shown) : nothing}${derivation}
    </div>`;
  const rows = kinds.map(([kind, name]) => panel.cells(name, `${layer.id}/${kind}`, layer));
  return html`${panel.table(rows)}${derivation}`;
}

/** @param {Panel} panel @param {Stage} stage */
export function forward(panel, stage) {
  /** @type {Layer} */ const layer = panel.come.layers[stage.layer];
  const { forward: terms, activation: bent } = panel.told ?? { forward: undefined, activation: undefined };
  const index = panel.index(layer);
  const k = panel.sub(layer);
  const [a, z] = ["a", "z"].map((kind) => panel.row(`${layer.id}/${kind}`)?.[index]);
  const bends = layer.activation !== null && (layer.activation !== "linear" || layer.type === "Dense");
  const lines = [];
  if (layer.type !== "Activation")
    lines.push(
      html`<p>
        ${bends ? "z" : "a"}${k} = ${made(panel, layer, terms)} =
        <b>${short((bends ? z : a) ?? terms?.value)}</b>
      </p>`,
    );
  if (bends) lines.push(html`<p>a${k} = ${activated(panel, layer, bent)} = <b>${short(a ?? bent?.value)}</b></p>`);
  return layer.shape.length === 3 ? body(panel, layer, [], lines, "a") : through(panel, layer, lines);
}

/**
 * What comes into a layer of units, z and a, and the lines.
 * @param {Panel} panel @param {Layer} layer @param {unknown[]} lines
 */
function through(panel, layer, lines) {
  const [from] = layer.inputs;
  const own = (/** @type {string} */ kind) => panel.cells(kind, `${layer.id}/${kind}`, layer);
  const rows = [
    panel.cells(t("prop_in"), from === "input" ? from : `${from}/a`),
    layer.activation && layer.type !== "Activation" ? own("z") : nothing,
    own("a"),
  ];
  return html`${panel.table(rows)}
    <div class="derivation" dir="ltr">${lines}</div>`;
}

/**
 * What a number is made of; of branches that are added, which is which.
 * @param {Panel} panel @param {Layer} layer @param {Terms | undefined} terms
 */
function made(panel, layer, terms) {
  if (terms?.kind !== "add") return panel.why(terms, layer);
  return html`${layer.inputs.map((id, i) => html`${i ? " + " : ""}<span title=${id}>x<sub>${i + 1}</sub></span>`)} =
  ${numbersOf(terms)}`;
}

/** g(z) with its number. @param {Panel} panel @param {Layer} layer @param {Terms | null | undefined} terms */
function activated(panel, layer, terms) {
  if (layer.activation !== "softmax") return panel.why(terms, layer);
  return html`g(z${panel.sub(layer)}) = ${panel.why(terms, layer)}`;
}

/** @param {Panel} panel */
export function loss(panel) {
  const { come: about, told } = panel;
  /** @type {Layer} */ const last = about.layers[about.layers.length - 1];
  const a = panel.row(`${last.id}/a`) ?? [];
  const sub = a.length > 1 ? html`<sub>${panel.answer() + 1}</sub>` : nothing;
  const terms = told?.loss;
  const given = panel.cells("ŷ", `${last.id}/a`, last.shape.length === 3 ? undefined : last);
  return html`${panel.table([given, panel.cells("y", "target")])}
    <div class="derivation" dir="ltr">
      <p>L${sub} = ${panel.why(terms?.loss)} = <b>${short(terms?.loss.value)}</b></p>
      <p>
        J = ${terms && terms.over > 1 ? html`1/N Σ L = 1/${terms.over} Σ L = ` : nothing}<b>${short(about.cost)}</b>
      </p>
    </div>`;
}

/** @param {Panel} panel @param {Stage} stage */
export function backward(panel, stage) {
  const { come: about, told } = panel;
  /** @type {Layer} */ const layer = about.layers[stage.layer];
  const index = panel.index(layer);
  const k = panel.sub(layer);
  const [da, dz] = ["da", "dz"].map((kind) => panel.row(`${layer.id}/${kind}`)?.[index]);
  const left = about.left_out.some((/** @type {string} */ n) => n.startsWith(`${layer.id}/d`));
  if (da === undefined && dz === undefined && !left) return html`<p class="hint">${t("prop_no_slope")}</p>`;
  const lines = [];
  if (stage.layer === about.layers.length - 1) lines.push(ofLoss(panel, layer, layer.joined ? dz : da));
  else lines.push(passedBack(panel, layer, da));
  if (layer.activation && !layer.joined)
    lines.push(
      html`<p>
        ∂J/∂z${k} = ${panel.why(told?.activation_slope, layer)} = <b>${short(dz ?? told?.activation_slope?.value)}</b>
      </p>`,
    );
  const weight = weightLines(panel, layer);
  return html`${body(
    panel,
    layer,
    [
      ["da", "∂J/∂a"],
      ["dz", "∂J/∂z"],
    ],
    [...lines, ...weight.lines],
    panel.whole(`${layer.id}/dz`) ? "dz" : "da",
  )}${weight.choosers}`;
}

/**
 * ∂J/∂ŷ from the loss, ∂J/∂z where both are one.
 * @param {Panel} panel @param {Layer} layer @param {number | undefined} slope
 */
function ofLoss(panel, layer, slope) {
  const told = panel.told?.loss?.slope;
  const why = layer.joined ? html`<span dir="auto">${t("prop_joined")}</span>: ` : nothing;
  const by = layer.joined ? "z" : "ŷ";
  return html`<p>${why}∂J/∂${by}${panel.sub(layer)} = ${panel.why(told)} = <b>${short(slope ?? told?.value)}</b></p>`;
}

/**
 * ∂J/∂a from the layers that read it.
 * @param {Panel} panel @param {Layer} layer @param {number | undefined} da
 */
function passedBack(panel, layer, da) {
  const parts = panel.told?.backward ?? [];
  const all = parts.reduce((total, part) => total + (part.value ?? Number.NaN), 0);
  const windows = parts.reduce((n, part) => n + (part.kind === "won" ? part.count : 0), 0);
  const reader = (/** @type {Terms & {stage: string}} */ part) =>
    html`<span class="reader">${letters(part.formula)} <small>${brief(part.stage)}</small></span>`;
  const won = html`<p dir="auto" class="hint">${t("prop_won", { n: windows })}</p>`;
  return html`<p>
      ∂J/∂a${panel.sub(layer)} =
      ${
        parts.length
          ? html`${parts.map((part, i) => html`${i ? " + " : ""}${reader(part)}`)} =
            ${parts.map((part, i) => html`${i ? " + " : ""}${numbersOf(part)}`)}`
          : "…"
      }
      = <b>${short(da ?? (parts.length ? all : null))}</b>
    </p>
    ${parts.some((part) => part.kind === "won") ? won : nothing}`;
}

/**
 * The chosen weight's slope, and what chooses it.
 * @param {Panel} panel @param {Layer} layer @returns {{lines: unknown[], choosers: unknown}}
 */
function weightLines(panel, layer) {
  const name = panel.weight(layer);
  if (!name) return { lines: [], choosers: nothing };
  const { told } = panel;
  const gradient = told?.gradient;
  const place = told?.place;
  const looked = panel.look();
  const value = looked ? panel.whole(`${layer.id}/dw/${name}`)?.data[looked.at] : undefined;
  const symbol = html`${letter(name)}${place ? html`<sub>${place.map((p) => p + 1).join(",")}</sub>` : nothing}`;
  const lines = [
    html`<p>∂J/∂${symbol} = ${panel.why(gradient)} = <b data-gradient>${short(value ?? gradient?.value)}</b></p>`,
    layer.activation !== null
      ? html`<p>
          <span dir="auto">${t("prop_chain")}</span>: ∂J/∂${symbol} = ${gradient && gradient.count > 1 ? "Σ " : ""}∂J/∂a
          · ∂a/∂z · ∂z/∂${symbol}
        </p>`
      : nothing,
  ];
  return { lines, choosers: weightChoosers(panel, layer, name) };
}

/** @param {Panel} panel @param {Layer} layer @param {string} weight */
function weightChoosers(panel, layer, weight) {
  const names = WEIGHTS.filter((name) => layer.weights[name]);
  const terms = panel.come.terms;
  /** @type {(number | null)[]} */ const open = (terms?.picked.stage === layer.id && terms.open?.[weight]) || [];
  const axes = open.map((fixed, axis) => (fixed === null ? axis : -1)).filter((axis) => axis >= 0);
  const set = (/** @type {() => void} */ change) => {
    change();
    panel.updating = null;
    panel.requestUpdate();
  };
  const names_ = /** @type {[string, string][]} */ (names.map((n) => [n, letter(n)]));
  return html`<div class="row">
    ${
      names.length > 1
        ? select({
            name: "prop_parameter",
            label: t("prop_parameter"),
            value: weight,
            options: names_,
            free: true,
            compact: true,
            change: (v) => set(() => (panel.parameter = v)),
          })
        : nothing
    }
    ${axes.map((axis, i) => {
      const name = panel.choosers(layer, weight)[i];
      const size = layer.weights[weight][axis];
      return select({
        name,
        label: t(LABELS[name] ?? name),
        value: String(Math.min(panel.along[name] ?? 0, size - 1)),
        options: Array.from({ length: size }, (_, n) => [String(n), `${UNITS[name]}${n + 1}`]),
        free: true,
        compact: true,
        change: (v) => set(() => (panel.along[name] = Number(v))),
      });
    })}
  </div>`;
}

/** @param {Panel} panel */
export function parameters(panel) {
  const { come: about, told } = panel;
  const { rows, chosen } = panel.updates();
  if (!chosen) return html`<p class="hint">${t("prop_nothing_learns")}</p>`;
  const steps = told?.update ?? [];
  const value = (/** @type {Parameter} */ row, /** @type {string} */ kind) =>
    panel.whole(`${row.layer}/${kind}/${row.name}`)?.data[row.at] ?? Number.NaN;
  return html`<div class="derivation" dir="ltr">
      <p class="hint">${panel.called(chosen)}, g = ∂J/∂p, α = ${short(about.rate)}</p>
      ${steps.map((s) => html`<p>${s.name} ← ${letters(s.formula)} = ${filled(s)} = <b>${short(s.value)}</b></p>`)}
      ${steps.length ? nothing : html`<p>p ← … = <b>${short(value(chosen, "new"))}</b></p>`}
    </div>
    <div class="scroll updates-list" tabindex="0" role="region" aria-label=${t("prop_update")}>
      <table class="plain updates" dir="ltr">
        <thead>
          <tr>
            <th scope="col">p</th>
            <th scope="col">${t("prop_before")}</th>
            <th scope="col">∂J/∂p</th>
            <th scope="col">${t("prop_after")}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr aria-current=${alike(row, chosen) ? "true" : "false"}>
                <th scope="row">
                  <button
                    type="button"
                    class="linklike"
                    @click=${() => {
                      panel.updating = row;
                      panel.requestUpdate();
                    }}
                  >
                    ${panel.called(row)}
                  </button>
                </th>
                <td>${short(value(row, "w"))}</td>
                <td>${short(value(row, "dw"))}</td>
                <td><b>${short(value(row, "new"))}</b></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
