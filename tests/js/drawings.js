/** What tests of painters share: paper, what was drawn on it, and scenes. */

import { setTheme } from "./page.js";
import { beforeEach, test } from "node:test";
import { FakeCanvas } from "./recorder.js";
import { bytes, floats } from "./tensors.js";

export const THEMES = /** @type {("light" | "dark")[]} */ (["light", "dark"]);

/** @param {string} name @param {(theme: "light" | "dark") => void} body */
export function inBothThemes(name, body) {
  for (const theme of THEMES)
    test(`${name} (${theme})`, () => {
      setTheme(theme);
      body(theme);
    });
}

/** The page's canvas: the first one, in its CSS pixels. @param {number} [width] @param {number} [height] */
export function paper(width = 100, height = width) {
  const canvas = new FakeCanvas();
  Object.assign(canvas, { width, height });
  return /** @type {any} */ (canvas.getContext());
}

/** Commands of one name on a canvas. @param {string} name @param {number} [canvas] */
export const commands = (name, canvas = 0) => FakeCanvas.made[canvas].commands.filter((c) => c[0] === name);
/** Values that a property was given. @param {string} name @param {number} [canvas] */
export const values = (name, canvas = 0) =>
  FakeCanvas.made[canvas].commands.filter((c) => c[0] === "=" && c[1] === name).map((c) => c[2]);

beforeEach(() => {
  FakeCanvas.forget();
  setTheme("light");
});

export const VIEW = { discretize: false, showCv: true, showTest: true, across: 0, up: 1 };
export const ABOUT = { x: [-1, 1], y: [0, 4], across: 0, up: 1 };
/** One example in each corner's neighbourhood: low left, low right, high left, high right; train, train, cv, test. */
export const points = (/** @type {string} */ task, /** @type {number[]} */ y) => ({
  task,
  tensors: {
    x: floats([4, 2], [-0.5, 1, 0.5, 1, -0.5, 3, 0.5, 3]),
    y: { shape: [4], data: y },
    part: bytes([4], [0, 0, 1, 2]),
  },
});
export const reader = (/** @type {Record<string, any>} */ tensors) => (/** @type {string} */ name) =>
  tensors[name] ?? null;

/** A curve's data: four examples of one input. */
export const line = {
  task: "regression",
  kind: "line",
  inputs: ["size"],
  target: "price",
  bounds: [[0, 4]],
  tensors: { x: floats([4, 1], [0, 1, 2, 4]), y: { shape: [4], data: [0, 2, 1, 4] }, part: bytes([4], [0, 0, 1, 2]) },
};
