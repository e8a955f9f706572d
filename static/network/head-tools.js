/** What stands over the picture of the network: its size, what is shown, one more layer, and the zoom. */

import { html, nothing } from "lit";
import { t } from "../core/i18n.js";
import { locked, segments } from "../controls/controls.js";
import * as icons from "../controls/icons.js";

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("../core/session.js").Session} Session */

const ZOOM_STEP = 1.3;

/** @param {Network} network */
export function headTools(network) {
  const { session, zoom, hands } = network;
  return html`<p class="hint totals">${totals(session)}</p>
    ${network.imageNet ? shown(session) : nothing} ${adding(session, "layer")}
    ${session.data?.kind === "image" ? adding(session, "convolution") : nothing}
    <span class="zoom" role="group" aria-label=${t("zoom")}>
      ${zooming(network, "zoom_out", icons.zoomOut, 1 / ZOOM_STEP, zoom <= 1)}
      ${zooming(network, "zoom_in", icons.zoomIn, ZOOM_STEP, hands !== null && zoom >= hands.most)}
      ${zooming(network, "zoom_fit", icons.fit, 0, zoom === 1)}
    </span>`;
}

/** @param {Session} session */
function totals(session) {
  const { totals } = session.report ?? {};
  return totals
    ? t("totals", { n: totals.parameters.toLocaleString("en"), m: totals.multiplications.toLocaleString("en") })
    : "";
}

/** Which numbers of image layers, over which range. @param {Session} session */
function shown(session) {
  return html`${segments(
    "show",
    t("show_in_layers"),
    [
      ["maps", t("show_maps")],
      ["filters", t("show_filters")],
      ["gradients", t("show_gradients")],
    ],
    session.view.show ?? "maps",
    (show) => session.setView({ show }),
  )}
  ${segments(
    "spread",
    t("color_range"),
    [
      ["map", t("per_map")],
      ["layer", t("per_layer")],
      ["net", t("per_net")],
    ],
    session.view.spread ?? "layer",
    (spread) => session.setView({ spread }),
  )}`;
}

/** @param {Session} session @param {"layer" | "convolution"} what */
function adding(session, what) {
  return html`<button
    type="button"
    class="tool"
    data-control="add_${what}"
    ?disabled=${locked("layers")}
    @click=${() => add(session, what)}
  >
    ${icons.plus}<span>${t(`add_${what}`)}</span>
  </button>`;
}

/** One more layer. @param {Session} session @param {"layer" | "convolution"} what */
async function add(session, what) {
  try {
    const { withConvolution, withLayer } = await import("./grow.js");
    const { spec, report } = session;
    const more = what === "layer" ? withLayer(spec.layers) : withConvolution(spec.layers, report.layers);
    await session.set("layers", more);
  } catch (error) {
    session.fail(error);
  }
}

/** @param {Network} network @param {string} name @param {unknown} sign @param {number} by @param {boolean} disabled */
function zooming(network, name, sign, by, disabled) {
  return html`<button
    type="button"
    class="tool"
    data-control=${name}
    aria-label=${t(name)}
    title=${t(name)}
    ?disabled=${disabled}
    @click=${() => network.reach().then((hands) => hands.scale(by))}
  >
    ${sign}
  </button>`;
}
