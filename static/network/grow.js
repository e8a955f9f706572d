/** Layers of a spec with one more. */

/** @import {Layer} from "../types/page.d.ts" */

/** A name that no layer has yet: h3, c1. @param {Layer[]} layers @param {string} letter @param {number} from */
function freeName(layers, letter, from) {
  const taken = new Set(layers.map((l) => l.id));
  let number = from;
  while (taken.has(`${letter}${number}`)) number++;
  return `${letter}${number}`;
}

/** Another dense layer before the last one, like the one before it. @param {Layer[]} layers */
export function withLayer(layers) {
  const before = layers.at(-2);
  return layers.toSpliced(-1, 0, {
    id: freeName(layers, "h", layers.length),
    type: "Dense",
    units: typeof before?.units === "number" ? Math.min(before.units, 8) : 4,
    activation: before?.activation ?? "tanh",
    dropout: null,
    l1: null,
    l2: null,
  });
}

/**
 * Another convolution behind the last layer that answers with images, or in front of all.
 * @param {Layer[]} layers @param {{id: string, output_shape: number[]}[]} rows what the server says of each layer
 */
export function withConvolution(layers, rows) {
  const image = new Set(rows.filter((r) => r.output_shape.length === 3).map((r) => r.id));
  return layers.toSpliced(layers.findLastIndex((l) => image.has(l.id)) + 1, 0, {
    id: freeName(layers, "c", 1),
    type: "Conv2D",
    filters: 8,
    kernel_size: [3, 3],
    padding: "same",
    activation: "relu",
    units: null,
    dropout: null,
    l1: null,
    l2: null,
  });
}
