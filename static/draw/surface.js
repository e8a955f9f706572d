/** A cost surface as a map with contours: low is blue, high is orange; and paths of runs over it. */

import { cut, markExits, towards } from "./axes.js";
import { INK, ON_PICTURE, HEIGHT, theme } from "../core/colors.js";

const LEVELS = 14;
const FINER = 4;

/**
 * @typedef {object} Landscape
 * @property {ArrayLike<number>} j (size, size), top row first
 * @property {number} size
 * @property {[number, number]} u ends of the horizontal axis
 * @property {[number, number]} v ends of the vertical axis
 * @property {boolean} [settled] false: what J is like between the places is not known, so each place is a cell
 * @typedef {object} Path
 * @property {ArrayLike<number>} points u, v, step one after the other
 * @property {string} color
 * @property {string} [label]
 */

/**
 * Heights in 0 … 1, finer near the lowest place; what is not finite is as high as it gets.
 * @param {ArrayLike<number>} j
 */
export function heights(j) {
  const known = Array.from(j)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  if (!known.length) return { of: () => 0, low: 0, high: 1 };
  const low = known[0];
  const high = known[known.length - 1];
  const soft = Math.max((known[Math.floor(known.length / 4)] - low) / 4, (high - low) * 1e-6, 1e-12);
  const whole = Math.log1p((high - low) / soft) || 1;
  return {
    low,
    high,
    of: (/** @type {number} */ x) =>
      Number.isFinite(x) ? Math.max(0, Math.min(1, Math.log1p(Math.max(0, x - low) / soft) / whole)) : 1,
  };
}

/**
 * Between the four nearest places.
 * @param {ArrayLike<number>} grid
 * @param {number} size
 * @param {number} x 0 … size−1
 * @param {number} y
 */
export function between(grid, size, x, y) {
  const cx = Math.max(0, Math.min(size - 1.001, x));
  const cy = Math.max(0, Math.min(size - 1.001, y));
  const i = Math.floor(cx);
  const k = Math.floor(cy);
  const a = cx - i;
  const b = cy - k;
  const at = k * size + i;
  return (grid[at] * (1 - a) + grid[at + 1] * a) * (1 - b) + (grid[at + size] * (1 - a) + grid[at + size + 1] * a) * b;
}

/**
 * A finer grid through the same places, without corners (Catmull–Rom).
 * @param {ArrayLike<number>} grid
 * @param {number} size
 * @param {number} times
 * @returns {{grid: Float32Array, size: number}}
 */
export function finer(grid, size, times) {
  const n = (size - 1) * times + 1;
  const along = (/** @type {ArrayLike<number>} */ from, /** @type {number} */ rows, /** @type {number} */ columns) => {
    const out = new Float32Array(rows * ((columns - 1) * times + 1));
    const wide = (columns - 1) * times + 1;
    for (let r = 0; r < rows; r++) {
      for (let x = 0; x < wide; x++) {
        const i = Math.min(columns - 2, Math.floor(x / times));
        const s = x / times - i;
        const [a, b, c, d] = [-1, 0, 1, 2].map((k) => from[r * columns + Math.max(0, Math.min(columns - 1, i + k))]);
        out[r * wide + x] = b + 0.5 * s * (c - a + s * (2 * a - 5 * b + 4 * c - d + s * (3 * (b - c) + d - a)));
      }
    }
    return out;
  };
  const turned = (/** @type {Float32Array} */ from, /** @type {number} */ rows, /** @type {number} */ columns) =>
    Float32Array.from(from, (_, i) => from[(i % rows) * columns + Math.floor(i / rows)]);
  const wide = along(grid, size, size);
  const tall = along(turned(wide, size, n), n, size);
  return { grid: turned(tall, n, n).map((v) => Math.max(0, Math.min(1, v))), size: n };
}

/**
 * The window in which a way is seen whole: its middle, and how far it reaches. Between random directions it stays.
 * @param {ArrayLike<number>} path u, v, step one after the other @param {string} mode
 */
export function windowAround(path, mode) {
  if (mode === "random") return { at_u: 0, at_v: 0, span: 1, span_v: 0 };
  const ends = [0, 1].map((axis) => {
    const values = Array.from({ length: Math.floor(path.length / 3) }, (_, i) => path[3 * i + axis]);
    return [Math.min(...values), Math.max(...values)];
  });
  const [u, v] = ends.map(([low, high]) => ({ middle: (low + high) / 2, reach: (high - low) / 2 }));
  const whole = Math.max(u.reach, v.reach, 0.15) * 1.6;
  return { at_u: u.middle, at_v: v.middle, span: mode === "weights" ? Math.max(whole, 1) : whole, span_v: 0 };
}

/**
 * The height at every pixel: between the places where they tell all, else of the nearest place.
 * @param {Float32Array} grid @param {Landscape} land @param {number} pixels
 */
function levels(grid, { size, settled }, pixels) {
  const level = new Float32Array(pixels * pixels);
  const fine = settled === false ? { grid, size } : finer(grid, size, FINER);
  const step = (fine.size - 1) / (pixels - 1);
  for (let y = 0; y < pixels; y++)
    for (let x = 0; x < pixels; x++)
      level[y * pixels + x] =
        settled === false
          ? grid[Math.round(y * step) * size + Math.round(x * step)]
          : between(fine.grid, fine.size, x * step, y * step);
  return level;
}

export class SurfacePainter {
  constructor() {
    this.ground = document.createElement("canvas");
    this.key = "";
  }

  /** @param {CanvasRenderingContext2D} to @param {number} size @param {Landscape} land @param {Path[]} paths */
  paint(to, size, land, paths) {
    const which = theme();
    let sum = 0;
    for (let i = 0; i < land.j.length; i++) sum += Number.isFinite(land.j[i]) ? land.j[i] * (1 + (i % 97)) : i;
    const key = [which, size, devicePixelRatio, land.size, land.u, land.v, land.settled, sum].join();
    if (key !== this.key) {
      this.key = key;
      this.drawGround(land, which, Math.round(size * Math.min(2, devicePixelRatio || 1)));
    }
    to.drawImage(this.ground, 0, 0, size, size);
    for (const path of paths) this.drawPath(to, size, land, path, which);
  }

  /** @param {Landscape} land @param {import("../core/colors.js").Theme} which @param {number} pixels */
  drawGround(land, which, pixels) {
    this.ground.width = this.ground.height = pixels;
    const context = /** @type {CanvasRenderingContext2D} */ (this.ground.getContext("2d"));
    const image = context.createImageData(pixels, pixels);
    const out = new Uint32Array(image.data.buffer);
    const scale = heights(land.j);
    const level = levels(Float32Array.from(land.j, scale.of), land, pixels);
    const line = land.settled === false ? 0 : INK[which].contour;
    for (let i = 0; i < out.length; i++) {
      const band = Math.floor(level[i] * LEVELS);
      const right = i + 1 < out.length ? Math.floor(level[i + 1] * LEVELS) : band;
      const below = i + pixels < out.length ? Math.floor(level[i + pixels] * LEVELS) : band;
      const edge = (line && (i + 1) % pixels && right !== band) || below !== band;
      const color = HEIGHT[which][Math.round(255 * level[i])];
      out[i] = edge ? blend(color, line) : color;
    }
    context.putImageData(image, 0, 0);
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {number} size
   * @param {Landscape} land
   * @param {Path} path
   * @param {import("../core/colors.js").Theme} which
   */
  drawPath(to, size, land, { points, color }, which) {
    const px = (/** @type {number} */ u) => ((u - land.u[0]) / (land.u[1] - land.u[0])) * size;
    const py = (/** @type {number} */ v) => (1 - (v - land.v[0]) / (land.v[1] - land.v[0])) * size;
    const n = Math.floor(points.length / 3);
    if (!n) return;
    const places = Array.from(
      { length: n },
      (_, i) => /** @type {[number, number]} */ ([px(points[3 * i]), py(points[3 * i + 1])]),
    );
    const box = { left: 0, top: 0, right: size, bottom: size };
    const { pieces, exits } = cut(places, box);
    to.lineJoin = to.lineCap = "round";
    for (const [ink, width] of /** @type {[string, number][]} */ ([
      [INK[which].halo, 4.5],
      [color, 2],
    ])) {
      to.beginPath();
      for (const piece of pieces) piece.forEach(([x, y], i) => (i ? to.lineTo(x, y) : to.moveTo(x, y)));
      to.strokeStyle = ink;
      to.lineWidth = width;
      to.stroke();
    }
    const within = places.filter(([x, y]) => x >= 0 && y >= 0 && x <= size && y <= size);
    if (within.length < 120) {
      to.fillStyle = color;
      for (const [x, y] of within) {
        to.beginPath();
        to.arc(x, y, 2.2, 0, 7);
        to.fill();
      }
    }
    markExits(to, exits, box, color);
    ball(to, px(points[3 * n - 3]), py(points[3 * n - 2]), size, color);
  }
}

/**
 * The place of a run now; if it lies outside, hollow at the rim in its direction.
 * @param {CanvasRenderingContext2D} to
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {string} color
 */
export function ball(to, x, y, size, color) {
  const inside = x >= 0 && y >= 0 && x <= size && y <= size;
  to.beginPath();
  const [bx, by] = towards(x, y, { left: 7, top: 7, right: size - 7, bottom: size - 7 });
  to.arc(bx, by, 7, 0, 7);
  to.fillStyle = inside ? color : "transparent";
  to.fill();
  to.strokeStyle = inside ? ON_PICTURE.white : color;
  to.lineWidth = 2;
  to.stroke();
}

/** @param {number} a @param {number} b packed colours */
function blend(a, b) {
  const mixed = (/** @type {number} */ shift) =>
    Math.round(0.55 * ((a >> shift) & 255) + 0.45 * ((b >> shift) & 255)) << shift;
  return ((255 << 24) | mixed(16) | mixed(8) | mixed(0)) >>> 0;
}
