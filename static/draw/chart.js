/** What all line charts look like. */

import "../core/powers.js"; // first: it makes a language known to the library, which asks for one when it is imported
import uPlot from "uplot";
import { short } from "../core/format.js";
import { INK, theme } from "../core/colors.js";

export { uPlot };

/** @typedef {import("uplot").Axis} Axis */

/** An axis in the colours of the theme; the numbers in short. @param {Axis} [more] @returns {Axis} */
export function axis(more = {}) {
  const ink = INK[theme()];
  const grid = ink.chartGrid;
  return {
    stroke: ink.axis,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1 },
    font: "11px Rubik Variable, sans-serif",
    values: (_, ticks) => ticks.map((v) => (v === null ? "" : short(v))),
    ...more,
  };
}
