/** What all line charts look like. */

import { short } from "../core/format.js";
import { theme } from "../core/colors.js";

/** @typedef {import("uplot").Axis} Axis */

/** An axis in the colours of the theme; the numbers in short. @param {Axis} [more] @returns {Axis} */
export function axis(more = {}) {
  const light = theme() === "light";
  const grid = light ? "#00000014" : "#ffffff1a";
  return {
    stroke: light ? "#48535f" : "#b4c0cc",
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1 },
    font: "11px Rubik Variable, sans-serif",
    values: (_, ticks) => ticks.map((v) => (v === null ? "" : short(v))),
    ...more,
  };
}
