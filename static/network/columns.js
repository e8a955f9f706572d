/** The layers of a run as columns of the picture. */

/** @import {Layer} from "../types/page.d.ts" */

/** Layers that only rearrange numbers are one box. */
const SHAPING = new Set(["Flatten", "Reshape"]);

/** @param {import("./network.js").Network} network */
export function columnsOf({ session, branches, opened }) {
  const { report } = session;
  if (!report) return [];
  const inputs = report.inputs.length > 1 || session.data?.kind !== "image" ? report.inputs : ["pixels"];
  const parts = [
    { id: "inputs", type: "Input", units: Math.max(1, inputs.length), names: inputs },
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
