/** The layers of a run as columns of the picture. */

import { html } from "lit";
import { theme } from "../core/colors.js";
import { pretty } from "../core/format.js";
import { t } from "../core/i18n.js";
import { hidden, locked } from "../controls/controls.js";
import { paintFeature } from "../draw/feature.js";

/** @import {Layer} from "../types/page.d.ts" */
/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("../core/session.js").Session} Session */
/** @typedef {import("../draw/network-layout.js").Node} Node */
/** @typedef {import("../draw/network-layout.js").Column} Column */

/** Layers that only rearrange numbers are one box. */
const SHAPING = new Set(["Flatten", "Reshape"]);
const MOST_CARD = 150;
/** So high a room has place for the inputs that are not used. */
const ROOM_FOR_TILES = 240;
const MOST_TILES = 10;
/** So much room a column has if the names beside its boxes are to be read. */
const ROOM_FOR_NAMES = 104;

/** @param {Network} network */
export function columnsOf(network) {
  const { session, branches, opened } = network;
  const { report } = session;
  if (!report) return [];
  const inputs = report.inputs.length > 1 || session.data?.kind !== "image" ? report.inputs : ["pixels"];
  const parts = [
    { id: "inputs", type: "Input", units: Math.max(1, inputs.length), names: inputs, all: tilesOf(network) },
    ...report.resolved.layers.map((layer, i) => ({
      id: layer.id,
      type: layer.type,
      maps: report.layers[i].output_shape.length === 3,
      plain: SHAPING.has(layer.type) && report.layers[i].output_shape.length !== 3,
      units: unitsOf(layer, report.layers[i].output_shape),
      row: report.layers[i],
      layer,
    })),
  ];
  if (!branches || !opened.length) return parts;
  return branches.opened(parts, new Map(opened.map(({ id, stages = [] }) => [id, stages])));
}

/** How many boxes a layer has: units, or feature maps. @param {Layer} layer @param {number[]} shape */
function unitsOf(layer, shape) {
  if (shape.length === 3) return shape[2];
  return SHAPING.has(layer.type) ? 1 : shape.reduce((a, b) => a * b, 1);
}

/**
 * All inputs that the data could give, where a click can switch each on: on the workbench, if there is place for them.
 * @param {Network} network @returns {string[] | undefined}
 */
function tilesOf({ session, width, height, cards }) {
  const { spec, report, catalog, lab, watching } = session;
  const known = catalog?.datasets.find((d) => d.name === spec.data.name)?.features ?? [];
  const free = !lab && !watching && !hidden("features") && !locked("features");
  const plain = report.inputs.every((name) => known.includes(name)); // powers and products of a degree are others
  const high = known.length <= MOST_TILES && height - cards[2] >= ROOM_FOR_TILES;
  const place = high && width >= ROOM_FOR_NAMES * (report.layers.length + 1);
  return free && plain && place && known.length > 1 ? known : undefined;
}

/** An input on or off. @param {Session} session @param {string} name @param {boolean} on */
function turn(session, name, on) {
  const known = session.catalog.datasets.find((d) => d.name === session.spec.data.name).features ?? [];
  const wished = known.filter((f) => (f === name ? on : session.report.inputs.includes(f)));
  if (wished.length) return session.set("data.features", wished);
  session.tell(t("one_input"), "error");
}

/** The name beside an input, which switches it off where it can be switched on again. */
export function inputName(/** @type {Session} */ session, /** @type {Column} */ column, /** @type {Node} */ node) {
  const name = column.names[node.unit] ?? "";
  if (!column.switched) return html`<span dir="ltr">${pretty(name)}</span>`;
  const off = (/** @type {Event} */ event) => {
    event.stopPropagation();
    turn(session, name, false);
  };
  return html`<span dir="ltr" class="switch" title=${t("switch_off")} @click=${off}>${pretty(name)}</span>`;
}

/** An input that is not used: a click switches it on. @param {Session} session @param {Node & {name: string}} tile */
export const offTile = (session, { unit, name }) =>
  html`<button
    type="button"
    class="off-tile"
    data-control="input_on"
    data-node=${unit}
    aria-pressed="false"
    data-input=${name}
    aria-label="${pretty(name)}: ${t("switch_on")}"
    title=${t("switch_on")}
    @click=${() => turn(session, name, true)}
  >
    <canvas width="24" height="24" aria-hidden="true"></canvas>
    <span dir="ltr">${pretty(name)}</span>
  </button>`;

/**
 * What an input that is not used would make of the plane, faintly.
 * @param {HTMLElement} tile @param {Session} session
 */
function hint(tile, { data }) {
  const canvas = /** @type {HTMLCanvasElement} */ (tile.querySelector("canvas"));
  const key = JSON.stringify([tile.dataset.input, data?.inputs, data?.bounds, theme()]);
  const plane = data?.kind === "plane" && data.inputs.length === data.bounds.length;
  canvas.hidden = !plane;
  if (!plane || canvas.dataset.painted === key) return;
  canvas.dataset.painted = key;
  paintFeature(canvas, tile.dataset.input ?? "", data.inputs, data.bounds);
}

/** @param {HTMLElement} button @param {Node} node */
function put({ style }, node) {
  style.left = `${node.x}px`;
  style.top = `${node.y}px`;
  style.width = style.height = `${node.size}px`;
}

/** Everything in its place. @param {Network} network */
export function standUp(network) {
  const { plan, whole, cards } = network;
  if (!plan || !whole) return;
  const tall = Math.max(40, network.height - cards[2]);
  const size = (/** @type {string} */ selector, /** @type {number} */ width, /** @type {number} */ height) => {
    const { style } = network.find(selector);
    [style.width, style.height] = [`${width}px`, `${height}px`];
  };
  size(
    ".stage",
    Math.max(network.width, Math.round(whole.width)),
    whole.height > tall ? whole.height + cards[2] : network.height,
  );
  size(".glass", network.width, network.height);
  size(".layer-cards", network.width, cards[2]);
  size(".picture", network.width, tall);
  size("canvas", network.width, tall);
  const { dock } = plan;
  const last = plan.columns.length - 1;
  const under = (/** @type {number} */ i, /** @type {number} */ left, /** @type {number} */ right) =>
    dock !== null && i !== last && right > dock.left && left < dock.right;
  standCards(network, plan, under);
  for (const tile of /** @type {NodeListOf<HTMLElement>} */ (network.querySelectorAll(".off-tile"))) {
    const node = plan.columns[0].off?.[Number(tile.dataset.node)];
    if (!node) continue;
    put(tile, node);
    hint(tile, network.session);
  }
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (network.querySelectorAll(".unit"))) {
    const i = Number(button.dataset.column);
    const node = plan.columns[i]?.nodes[Number(button.dataset.node)];
    if (!node) continue;
    put(button, node);
    button.style.pointerEvents = under(i, node.x, node.x + node.size) ? "none" : "";
  }
}

/**
 * The cards over their columns.
 * @param {Network} network @param {import("../draw/network-layout.js").Layout} plan
 * @param {(i: number, left: number, right: number) => boolean} under whether that lies below the dock
 */
function standCards(network, plan, under) {
  const { dock } = plan;
  const last = plan.columns.length - 1;
  const wide = Math.min(MOST_CARD, plan.step - Math.min(8, 0.1 * plan.step));
  for (const card of /** @type {NodeListOf<HTMLElement>} */ (network.querySelectorAll(".layer-card"))) {
    const i = Number(card.dataset.index);
    const { x } = plan.columns[i];
    const width = dock && i === last ? Math.min(MOST_CARD, dock.right - dock.left - 4) : wide;
    card.style.left = `${x}px`;
    card.style.width = `${width}px`;
    // Of branches beside each other one card stands there, if it is true of all.
    const same = plan.columns.filter((c) => c.x === x);
    const silent = same[0] !== plan.columns[i] || same.some((c) => c.type !== same[0].type);
    card.style.visibility = silent || under(i, x - width / 2, x + width / 2) ? "hidden" : "";
  }
}
