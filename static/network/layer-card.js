/** The card over each layer: its name, its units, its activation, and what else can be done with it. */

import { html, nothing } from "lit";
import { hidden, locked, word } from "../controls/controls.js";
import * as icons from "../controls/icons.js";
import { t } from "../core/i18n.js";
import { openLater } from "../core/later.js";

/** @import {Layer, LayerRow} from "../types/page.d.ts" */

/** @typedef {import("../core/session.js").Session} Session */
/** @typedef {{type: string, layer: Layer, row: LayerRow}} Shaped with what the server says of it */
/** @typedef {import("../draw/network-layout.js").Column} Column */

/**
 * @param {import("./network.js").Network} network @param {Column} column @param {Shaped | {type: string}} part
 * @param {number} i
 */
export function layerCard(network, column, part, i) {
  const { session } = network;
  if (!("row" in part)) return column.id === "inputs" ? inputCard(session, i) : stageCard(column, part.type, i);
  const at = session.spec.layers.findIndex((l) => l.id === column.id);
  const own = session.spec.layers[at];
  const dense = part.type === "Dense" && own;
  const last = at === session.spec.layers.length - 1;
  const may = own && !locked("layers") && !session.state.viewing;
  const edits = own && !hidden("layers");
  const told = `${column.id}: ${word("layer", part.type)}, ${part.row.output_shape.join("×")}`;
  return html`<div class="layer-card" data-index=${i} data-layer=${column.id}>
    <strong title=${told}>${last ? t("output_layer") : word("layer", part.type)}</strong>
    ${
      dense && own.units !== "auto"
        ? unitCount(session, at, own, may)
        : html`<span class="hint" dir="ltr">${part.row.output_shape.join("×")}</span>`
    }
    <div class="row">
      ${part.row.stages ? opener(network, part.row.id) : nothing}
      ${dense ? activation(session, at, own, part, may) : nothing} ${edits ? editButton(session, own, may) : nothing}
      ${edits && part.row.parameters ? padlock(session, at, own, may) : nothing}
    </div>
  </div>`;
}

/** @param {Session} session @param {number} i */
const inputCard = (session, i) =>
  html`<div class="layer-card plainer" data-index=${i}>
    <strong title=${t("inputs")}>${t("inputs")}</strong>
    <span class="hint" dir="ltr">${session.report.input_shape.join("×")}</span>
  </div>`;

/** Of a layer inside a block. @param {Column} column @param {string} type @param {number} i */
const stageCard = (column, type, i) =>
  html`<div class="layer-card" data-index=${i}>
    <strong title="${column.id}: ${word("layer", type)}">${word("layer", type)}</strong>
  </div>`;

/**
 * How many units, and one fewer or more.
 * @param {Session} session
 * @param {number} at
 * @param {Layer} layer
 * @param {boolean} may
 */
function unitCount(session, at, layer, may) {
  const units = Number(layer.units);
  const set = (/** @type {number} */ wished) => session.set(`layers.${at}.units`, wished);
  return html`<div class="units">
    <button
      type="button"
      class="tool"
      aria-label=${t("fewer_units", { layer: layer.id })}
      data-control="units-"
      ?disabled=${!may || units < 2}
      @click=${() => set(units - 1)}
    >
      ${icons.minus}
    </button>
    <bdi>${units}</bdi>
    <button
      type="button"
      class="tool"
      aria-label=${t("more_units", { layer: layer.id })}
      data-control="units+"
      ?disabled=${!may}
      @click=${() => set(units + 1)}
    >
      ${icons.plus}
    </button>
  </div>`;
}

/** @param {Session} session @param {number} at @param {Layer} layer @param {Shaped} part @param {boolean} may */
function activation(session, at, layer, part, may) {
  return html`<select
    aria-label=${t("activation_of", { layer: layer.id })}
    data-control="activation"
    ?disabled=${!may}
    .value=${part.layer.activation}
    @change=${(/** @type {On<HTMLSelectElement>} */ e) => session.set(`layers.${at}.activation`, e.target.value)}
  >
    ${session.catalog?.activations.map(
      (a) =>
        html`<option value=${a.name} ?selected=${a.name === part.layer.activation}>
          ${word("activation", a.name)}
        </option>`,
    )}
  </select>`;
}

/** Opens a block in its place. @param {import("./network.js").Network} network @param {string} id */
function opener(network, id) {
  const label = t("inside_layer", { layer: id });
  return html`<button
    type="button"
    class="tool"
    data-control="open_block"
    aria-expanded=${String(network.open.has(id))}
    aria-label=${label}
    title=${label}
    @click=${() => network.unfold(id)}
  >
    ${icons.branch}
  </button>`;
}

/** @param {Session} session @param {Layer} layer @param {boolean} may */
function editButton(session, layer, may) {
  const label = t("edit_layer", { layer: layer.id });
  return html`<button
    type="button"
    class="tool"
    data-control="edit_layer"
    aria-label=${label}
    title=${label}
    ?disabled=${!may}
    @click=${() => openLater(session, () => import("./layer-editor.js"), "d-layer-editor", layer.id)}
  >
    ${icons.more}
  </button>`;
}

/**
 * Whether a layer learns, and the switch for it.
 * @param {Session} session
 * @param {number} at
 * @param {Layer} layer
 * @param {boolean} may
 */
function padlock(session, at, layer, may) {
  const frozen = layer.trainable === false;
  const label = t(frozen ? "unfreeze_layer" : "freeze_layer", { layer: layer.id });
  return html`<button
    type="button"
    class="tool padlock"
    data-control="trainable"
    aria-pressed=${String(frozen)}
    aria-label=${label}
    title=${label}
    ?disabled=${!may}
    @click=${() => session.set(`layers.${at}.trainable`, frozen)}
  >
    ${frozen ? icons.locked : icons.unlocked}
  </button>`;
}
