/** What all line charts look like: named axes with round ticks, and marks where a line leaves the picture. */

import { INK, theme } from "../core/colors.js";
import { t } from "../core/i18n.js";
import { letters, marks } from "./canvas.js";
import { cut, logTicks, markExits, tickLabels, ticks } from "./axes.js";

/**
 * @typedef {import("uplot").Axis} Axis
 * @typedef {import("uplot").Options} Options
 * @typedef {import("./axes.js").Box} Box
 * @typedef {import("./axes.js").Place} Place
 * @typedef {ArrayLike<number | null | undefined>} Numbers null and NaN: not measured; ±∞: beyond any number
 *
 * @typedef {object} Line an axis
 * @property {string} name what it measures, with its unit
 * @property {boolean} [log]
 * @property {[number, number]} [range] else as far as the numbers go
 * @property {boolean} [whole] nothing of a plain axis is left out, however far it goes
 * @property {(v: number) => string} [write] a tick in words
 * @property {number[]} [places] ticks, if not round ones
 *
 * @typedef {object} Chart
 * @property {number} width
 * @property {number} height
 * @property {Line} x
 * @property {Line} y
 * @property {import("uplot").Series[]} lines without the first one of uPlot, which is x
 * @property {() => {x: Numbers, lines: Numbers[]}} [raw] the numbers as they are, before what cannot be drawn was left
 *   out; else those that are drawn
 */

/** Numbers up to so many times the greatest beginning are shown on a plain axis; what is above leaves the picture. */
const RUNAWAY = 10;
const [TALL, WIDE] = [28, 50]; // pixels for a tick

/**
 * Options of a chart.
 * @param {Chart} chart @param {Partial<Options>} [more]
 * @returns {Options}
 */
export function chartOptions(chart, more = {}) {
  const { x, y } = chart;
  const by = marks();
  /** @type {HTMLElement | undefined} */ let notes;
  return {
    width: chart.width,
    height: chart.height,
    padding: [24 * by, 12, 0, 0],
    cursor: { y: false },
    scales: {
      x: { time: false, distr: x.log ? 3 : 1, ...(x.range ? { range: x.range } : {}) },
      y: { distr: y.log ? 3 : 1, range: y.range ?? ((u) => rangeOfLines(u.data.slice(1), Boolean(y.log), y.whole)) },
    },
    axes: [
      axisOf(x, WIDE, { size: 28 * by, label: x.name, labelSize: 18 * by, labelGap: 0, labelFont: letters() }),
      axisOf(y, TALL),
    ],
    series: [{ label: x.name }, ...chart.lines],
    hooks: {
      ready: [
        (u) => {
          notes = document.createElement("p");
          notes.className = "hint chart-notes";
          notes.dir = "auto";
          u.root.append(notes);
        },
      ],
      draw: [
        (u) => {
          const said = paintMarks(u, chart);
          if (notes && notes.textContent !== said) notes.textContent = said;
        },
      ],
    },
    ...more,
  };
}

/** @param {Line} line @param {number} room pixels a tick wants @param {Axis} [more] @returns {Axis} */
function axisOf(line, room, more = {}) {
  const ink = INK[theme()];
  const grid = ink.chartGrid;
  return {
    stroke: ink.axis,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1 },
    font: letters(),
    splits: (u, axis, low, high) => {
      const most = Math.max(2, (axis ? u.bbox.height : u.bbox.width) / ratio() / (room * marks()));
      return line.places ?? (line.log ? logTicks : ticks)(low, high, Math.floor(most));
    },
    filter: (_, splits) => splits,
    values: (_, splits) => tickLabels(splits, line.write),
    size: (_, labels) => 14 + 8 * marks() * Math.max(3, ...(labels ?? []).map((label) => label.length)),
    ...more,
  };
}

/** Pixels of the screen for one of the page, as uPlot counts. */
const ratio = () => devicePixelRatio || 1;

/**
 * From where to where an axis goes for some lines: on a plain one a line that runs away does not squeeze the rest flat.
 * @param {Numbers[]} lines @param {boolean} log @param {boolean} [whole] @returns {[number, number]}
 */
export function rangeOfLines(lines, log, whole = false) {
  const drawn = lines.map((line) =>
    Array.from(line).filter((v) => typeof v === "number" && Number.isFinite(v) && (!log || v > 0)),
  );
  const numbers = /** @type {number[]} */ (drawn.flat());
  if (!numbers.length) return log ? [0.1, 1] : [0, 1];
  const low = numbers.reduce((a, b) => Math.min(a, b));
  const most = numbers.reduce((a, b) => Math.max(a, b));
  if (log) return [low / 1.2, most * 1.2];
  const first = Math.max(...drawn.map((line) => Math.abs(line[0] ?? 0)));
  const high = whole ? most : Math.min(most, RUNAWAY * first || most);
  const span = high - low || Math.abs(high) || 1;
  return [low >= 0 && low < span / 2 ? 0 : low - 0.05 * span, high + 0.08 * span];
}

/**
 * The name of the upright axis, marks where lines leave, and what the marks mean, in words.
 * @param {import("uplot")} u @param {Chart} chart
 */
function paintMarks(u, chart) {
  const to = u.ctx;
  const scale = ratio();
  const box = boxOf(u, scale);
  const at = (/** @type {number} */ v, /** @type {"x" | "y"} */ axis) => u.valToPos(v, axis, true) / scale;
  const raw = chart.raw?.() ?? { x: u.data[0], lines: u.data.slice(1) };
  /** @type {Set<string>} */ const said = new Set();
  to.save();
  to.scale(scale, scale);
  to.font = letters();
  to.textAlign = "left";
  to.fillStyle = INK[theme()].axis;
  to.fillText(chart.y.name, 6, box.top - 8);
  raw.lines.forEach((line, i) => {
    const { exits, why } = leaving(raw.x, line, { at, box, logX: Boolean(chart.x.log), logY: Boolean(chart.y.log) });
    const stroke = chart.lines[i]?.stroke;
    markExits(to, exits, box, typeof stroke === "string" && stroke !== "transparent" ? stroke : INK[theme()].axis);
    for (const reason of why) said.add(reason);
  });
  to.restore();
  return [...said].map((reason) => t(`edge_${reason}`)).join(" ");
}

/** @param {import("uplot")} u @param {number} scale @returns {Box} */
function boxOf(u, scale) {
  const { left, top, width, height } = u.bbox;
  const [x, y] = [left / scale, top / scale];
  return { left: x, top: y, right: x + width / scale, bottom: y + height / scale };
}

/**
 * Where a line leaves the picture, on its edge, and why: "beyond" (it goes on), "infinite" (∞), "zero" (0 or less, on a
 * logarithmic axis), "before" (a place of 0 or less, on a logarithmic one).
 * @param {Numbers} x @param {Numbers} y
 * @param {{at: (v: number, axis: "x" | "y") => number, box: Box, logX: boolean, logY: boolean}} how
 */
export function leaving(x, y, { at, box, logX, logY }) {
  /** @type {Set<string>} */ const why = new Set();
  /** @type {Place[]} */ const special = [];
  /** @type {Place[]} */ const places = [];
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i], y[i]];
    if (typeof a !== "number" || typeof b !== "number" || Number.isNaN(a) || Number.isNaN(b)) continue;
    const high = () => Math.max(box.top, Math.min(box.bottom, b > 0 || !logY ? at(b, "y") : box.bottom));
    if (logX && a <= 0) {
      why.add("before");
      special.push([box.left, high()]);
    } else if (!Number.isFinite(b) || (logY && b <= 0)) {
      why.add(Number.isFinite(b) ? "zero" : "infinite");
      special.push([at(a, "x"), b > 0 ? box.top : box.bottom]);
      places.push([NaN, NaN]);
    } else places.push([at(a, "x"), at(b, "y")]);
  }
  const slack = { left: box.left - 1, right: box.right + 1, top: box.top - 0.5, bottom: box.bottom + 0.5 };
  const { exits } = cut(places, slack);
  if (exits.length) why.add("beyond");
  return { exits: [...exits, ...special], why };
}
