/** A small picture of an engineered input over the plane: what x₁², x₁·x₂ or sin x₁ makes of each place. */

import { theme } from "../core/colors.js";
import { aroundZero, pixelOf } from "../core/scales.js";

/**
 * What an input's name says, as a function of the inputs (engine/data/features.py writes the names).
 * @param {string} name x1^2, x1*x2, sin(x1) @param {string[]} inputs @returns {(x: number[]) => number}
 */
export function featureOf(name, inputs) {
  const sine = name.match(/^sin\((.*)\)$/);
  if (sine && !inputs.includes(name)) return (x) => Math.sin(x[inputs.indexOf(sine[1])]);
  if (inputs.includes(name)) return (x) => x[inputs.indexOf(name)];
  const factors = name.split("*").map((factor) => {
    const [, base, power] = factor.match(/^(.*?)(?:\^(\d+))?$/) ?? [];
    return { at: inputs.indexOf(base), power: Number(power ?? 1) };
  });
  return (x) => factors.reduce((product, { at, power }) => product * x[at] ** power, 1);
}

/**
 * @param {HTMLCanvasElement} canvas @param {string} name
 * @param {string[]} inputs @param {number[][]} bounds of each of them
 */
export function paintFeature(canvas, name, inputs, bounds) {
  const { width, height } = canvas;
  const of = featureOf(name, inputs);
  const at = (/** @type {number} */ k, /** @type {number} */ n, /** @type {number[]} */ [low, high]) =>
    low + ((high - low) * (k + 0.5)) / n;
  const values = Array.from({ length: width * height }, (_, i) =>
    of([at(i % width, width, bounds[0]), at(height - 1 - Math.floor(i / width), height, bounds[1] ?? [0, 0])]),
  );
  const scale = aroundZero(Math.max(...values.map(Math.abs)) || 1);
  const to = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  const image = to.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  values.forEach((value, i) => (pixels[i] = pixelOf(value, scale, theme())));
  to.putImageData(image, 0, 0);
}
