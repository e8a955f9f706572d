/** Where everything of the network picture stands. Pure arithmetic; the painter and the overlay share it. */

export const PITCH = 96;
const HEADER = 8;
const MOST_NODE = 46;
const LEAST_NODE = 22;
const GAP = 8;
const MOST_IN_GRID = 64;
const MOST_FOLDED = 26;
const MOST_MAP = 44;

/**
 * @typedef {object} Node
 * @property {number} unit
 * @property {number} x left edge
 * @property {number} y top edge
 * @property {number} size
 *
 * @typedef {object} Column
 * @property {string} id layer id, or "inputs"
 * @property {string} type
 * @property {number} units
 * @property {number} x centre
 * @property {boolean} maps its units are feature maps
 * @property {boolean} folded too many units for one under the other
 * @property {Node[]} nodes
 * @property {string[]} names names of the inputs
 *
 * @typedef {{columns: Column[], width: number, height: number}} Layout
 */

/** The width that so many columns want. @param {number} columns */
export const roomFor = (columns) => columns * PITCH + 12;

/**
 * @param {{id: string, type: string, units: number, names?: string[], maps?: boolean}[]} parts
 * @param {number} width
 * @param {number} height
 * @param {boolean} rightToLeft
 * @param {number} zoom how many times as large boxes may be
 * @returns {Layout}
 */
export function layout(parts, width, height, rightToLeft, zoom = 1) {
  const full = Math.max(width, roomFor(parts.length) * zoom);
  const step = full / parts.length;
  const columns = parts.map((part, i) => {
    const at = (i + 0.5) * step;
    const x = rightToLeft ? full - at : at;
    const room = height - HEADER * 2;
    const fits = part.units * (LEAST_NODE + GAP) <= room + GAP;
    const maps = Boolean(part.maps);
    const nodes =
      maps && !(fits && part.units <= 8)
        ? grid(Math.min(part.units, MOST_IN_GRID), x, room, step, MOST_MAP, zoom)
        : fits
          ? stack(part.units, x, room, zoom)
          : grid(Math.min(part.units, MOST_IN_GRID), x, room, step, MOST_FOLDED, zoom);
    return {
      id: part.id,
      type: part.type,
      units: part.units,
      x,
      maps,
      folded: maps || !fits,
      nodes,
      names: part.names ?? [],
    };
  });
  return { columns, width: full, height };
}

/** @param {number} n @param {number} x @param {number} room @param {number} zoom @returns {Node[]} */
function stack(n, x, room, zoom) {
  const size = Math.min(MOST_NODE * zoom, Math.floor((room + GAP) / n - GAP));
  const gap = Math.min(26 * zoom, n > 1 ? (room - n * size) / (n - 1) : 0);
  const top = HEADER + (room - n * size - (n - 1) * gap) / 2;
  return Array.from({ length: n }, (_, unit) => ({
    unit,
    size,
    x: Math.round(x - size / 2),
    y: Math.round(top + unit * (size + gap)),
  }));
}

/**
 * @param {number} n
 * @param {number} x
 * @param {number} room
 * @param {number} step
 * @param {number} most
 * @param {number} zoom
 * @returns {Node[]}
 */
function grid(n, x, room, step, most, zoom) {
  const wide = Math.min(step - 22, 130 * zoom);
  let across = Math.ceil(Math.sqrt((n * wide) / room));
  let size = 0;
  for (; across <= n; across++) {
    size = Math.min(most * zoom, Math.floor(wide / across) - 2);
    if (Math.ceil(n / across) * (size + 2) <= room) break;
  }
  const down = Math.ceil(n / across);
  const left = x - (across * (size + 2)) / 2;
  const top = HEADER + (room - down * (size + 2)) / 2;
  return Array.from({ length: n }, (_, unit) => ({
    unit,
    size,
    x: Math.round(left + (unit % across) * (size + 2)),
    y: Math.round(top + Math.floor(unit / across) * (size + 2)),
  }));
}

/** The two ends of an edge and its bend. @param {Node} a @param {Node} b */
export function edgeEnds(a, b) {
  const forward = b.x >= a.x;
  const x1 = forward ? a.x + a.size : a.x;
  const x2 = forward ? b.x : b.x + b.size;
  return { x1, y1: a.y + a.size / 2, x2, y2: b.y + b.size / 2, bend: (x2 - x1) * 0.5 };
}

/** How far a point is from an edge's curve. @param {Node} a @param {Node} b @param {number} x @param {number} y */
export function distanceToEdge(a, b, x, y) {
  const { x1, y1, x2, y2 } = edgeEnds(a, b);
  const along = (x - x1) / (x2 - x1);
  if (along < 0.02 || along > 0.98) return Infinity;
  // The curve is y1 + (y2 − y1)·s(u) with x nearly linear in u for a bend of one half; u is found by bisection.
  let low = 0;
  let high = 1;
  for (let i = 0; i < 12; i++) {
    const u = (low + high) / 2;
    const at = 1.5 * u * (1 - u) ** 2 + 1.5 * u * u * (1 - u) + u ** 3;
    if (at < along) low = u;
    else high = u;
  }
  const u = (low + high) / 2;
  const curve = y1 + (y2 - y1) * (3 * u * u - 2 * u ** 3);
  const slope = ((y2 - y1) * 6 * u * (1 - u)) / Math.max(1, Math.abs(x2 - x1));
  return Math.abs(y - curve) / Math.hypot(1, slope);
}
