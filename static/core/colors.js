/**
 * What colours say, the same everywhere: one diverging scale (orange below zero, blue above), one for what has no
 * middle (low is blue, high is orange, and one end is the lighter), and colours for classes.
 */

import { keep, recall } from "./powers.js";

/** Any two are apart to every kind of eye, the first ones the furthest: measured in tests/js/colors.test.js. */
export const CLASS_COLORS = [
  "#e8863a",
  "#2f8fd3",
  "#146e14",
  "#b62680",
  "#26daec",
  "#804a5c",
  "#c8a4b6",
  "#da144a",
  "#a4b680",
  "#146eb6",
];

/** Points at what is meant, in pictures and on the page: --highlight in styles/tokens.css. */
export const HIGHLIGHT = "#e0245e";

/** Lines of the parts of the data on charts that show runs side by side. */
export const PARTS = { train: CLASS_COLORS[1], cv: CLASS_COLORS[0], baseline: "#8a95a1" };

/** On pictures, whose own colours do not change with the theme. */
export const ON_PICTURE = {
  black: "#000",
  white: "#ffffff",
  chosen: "#ffd400",
  landmark: "#ffe14d",
  missed: "#ff5470",
  responsible: "#ffffff3d",
  grid: "#ffffff66",
  shade: "#000a",
  /** How much maps of certainty cover, as the highest byte of ABGR: of the one pass, and of cells. */
  overPass: 0xa8000000,
  overCells: 0xb8000000,
  /** The ground of a drawing by hand. */ slate: "#101418",
};

/** Of drawings on the page, by theme; names that styles/tokens.css has too have the same colours there. */
export const INK = {
  light: {
    accent: "#1668ad",
    warm: "#b3590c",
    soft: "#526070",
    /** J of the test part. */ test: "#5d6b7a",
    /** What the mouse or the hand spans on the timeline. */ span: "#1668ad1c",
    axis: "#48535f",
    chartGrid: "#00000014",
    batchLoss: "#48535f66",
    plotGrid: "#0000001a",
    plot: "#f6f3ee",
    /** The ground of a unit, and lines around it (red, green, blue). */ unit: "#fbfaf7",
    line: "40 52 66",
    trouble: "#d1344b",
    veil: "#eef0f2d9",
    cross: "#8a95a1",
    /** Around examples. */ rim: "#ffffff",
    rimOther: "#2b3440",
    /** Below a path on the cost surface, and its contours (ABGR). */ halo: "#ffffffd0",
    contour: 0xff6b5a4a,
    window: "#10202e",
    windowRim: "#fff",
    /** In files, which are on white paper. */ paper: "#ffffff",
    border: "#9aa3ad",
  },
  dark: {
    accent: "#62b2f4",
    warm: "#f59a45",
    soft: "#a3b0bd",
    test: "#aab6c3",
    span: "#62b2f422",
    axis: "#b4c0cc",
    chartGrid: "#ffffff1a",
    batchLoss: "#b4c0cc66",
    plotGrid: "#ffffff1f",
    plot: "#1b2027",
    unit: "#1b2027",
    line: "205 216 228",
    trouble: "#d1344b",
    veil: "#101418d9",
    cross: "#66727e",
    rim: "#14181d",
    rimOther: "#e8edf2",
    halo: "#101418d0",
    contour: 0xffc9bdb0,
    window: "#f4f7fa",
    windowRim: "#000",
    paper: "#ffffff",
    border: "#9aa3ad",
  },
};

const STOPS = {
  light: [
    [200, 92, 8],
    [240, 157, 82],
    [246, 243, 238],
    [96, 166, 222],
    [13, 96, 168],
  ],
  dark: [
    [250, 152, 62],
    [170, 92, 30],
    [34, 39, 46],
    [34, 106, 164],
    [92, 178, 250],
  ],
};

const HEIGHTS = {
  light: [
    [168, 208, 248],
    [150, 188, 222],
    [186, 168, 158],
    [218, 142, 80],
    [198, 94, 20],
    [132, 52, 0],
  ],
  dark: [
    [16, 44, 78],
    [34, 84, 134],
    [96, 100, 120],
    [164, 112, 76],
    [226, 142, 66],
    [255, 206, 150],
  ],
};

/** @typedef {"light" | "dark"} Theme */

/** @param {number[][]} stops @param {number} x 0 to 1 @returns {number[]} */
function mix(stops, x) {
  const at = Math.min(x * (stops.length - 1), stops.length - 1.000001);
  const i = Math.floor(at);
  return stops[i].map((c, k) => Math.round(c + (stops[i + 1][k] - c) * (at - i)));
}

/** 256 colours as packed RGBA, for images. @param {number[][]} stops */
const table = (stops) => Uint32Array.from({ length: 256 }, (_, i) => packed(mix(stops, i / 255)));

/** @type {Record<Theme, Uint32Array>} */
export const SCALE = { light: table(STOPS.light), dark: table(STOPS.dark) };

/** Of a quantity that only grows, as J does over a surface. @type {Record<Theme, Uint32Array>} */
export const HEIGHT = { light: table(HEIGHTS.light), dark: table(HEIGHTS.dark) };

/** @param {number[]} rgb */
function packed([r, g, b]) {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** @returns {Theme} */
export function theme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** A signed value as CSS colour. @param {number} value −1 to 1 @param {Theme} which */
export function signed(value, which) {
  const clipped = Math.max(-1, Math.min(1, value || 0));
  return `rgb(${mix(STOPS[which], (clipped + 1) / 2).join(" ")})`;
}

/** Black or white, whichever is read better on `signed(value)`. @param {number} value @param {Theme} which */
export function inkOn(value, which) {
  const [r, g, b] = mix(STOPS[which], (Math.max(-1, Math.min(1, value || 0)) + 1) / 2).map((c) => {
    const s = c / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000" : "#fff";
}

/** Ink for edges: strong ends of the scale, so that thin lines are seen. @param {number} value @param {Theme} which */
export function edgeColor(value, which) {
  const light = which === "light";
  return value < 0 ? (light ? "216 112 22" : "246 150 66") : light ? "32 118 190" : "92 172 242";
}

/** @param {string} hex @returns {number[]} */
export function rgb(hex) {
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}

/**
 * A class colour faded into the ground by its probability: none of it is the ground, all of it the colour itself.
 * @param {number} index
 * @param {number} share
 * @param {Theme} which
 */
export function classPixel(index, share, which) {
  const ink = rgb(CLASS_COLORS[index % CLASS_COLORS.length]);
  const ground = STOPS[which][2];
  const strength = Math.max(0, share) ** 0.7;
  return packed(ink.map((c, k) => Math.round(ground[k] + (c - ground[k]) * strength)));
}

// -- the theme, as the visitor has chosen on this browser -------------------------------------------------------------
const THEME = "descent-theme";

/** What was chosen some other day. */
export function applyTheme() {
  const saved = recall(THEME);
  if (saved) document.documentElement.dataset.theme = saved;
}

/** @param {"light" | "dark"} next */
export function chooseTheme(next) {
  document.documentElement.dataset.theme = next;
  keep(THEME, next);
  dispatchEvent(new Event("themechange"));
}

/** On paper pictures are drawn as in the light theme, whichever is on the screen. */
export function printInLight() {
  /** @type {string | undefined} */ let before;
  const wear = (/** @type {string | undefined} */ theme) => {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    dispatchEvent(new Event("themechange"));
    dispatchEvent(new Event("sharpnesschange")); // every picture is drawn again
  };
  addEventListener("beforeprint", () => {
    before = document.documentElement.dataset.theme;
    wear("light");
  });
  addEventListener("afterprint", () => wear(before));
}
