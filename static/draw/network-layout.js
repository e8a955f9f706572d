/** Where everything of the network picture stands. Pure arithmetic; the painter and the overlay share it. */

const HEADER = 8;
const GAP = 6;
/** Boxes are as large as this at most, by the height of the room, and as small as this before a layer is folded. */
const MOST_NODE = 72;
const MOST_PLAIN = 36;
const OF_HEIGHT = 0.13;
const OF_STEP = 0.56;
const LEAST_NODE = 20;
const LEAST_MAP = 15;
/** No box is smaller: below, one sees nothing, and the net is to be zoomed into. */
const SPECK = 4;
/** What stands for units that are left out is as high as this. */
const FOLD = 26;
/** More of a layer are never sent. */
const MOST_SHOWN = 64;
/** The output layer, once the rest moves below it, has so much room at least. */
const LEAST_DOCK = 84;

/**
 * @typedef {object} Node
 * @property {number} unit
 * @property {number} x left edge
 * @property {number} y top edge
 * @property {number} size
 *
 * @typedef {{count: number, x: number, y: number}} Fold how many units are left out, and the middle of what says so
 *
 * @typedef {object} Part
 * @property {string} id layer id, or "inputs"
 * @property {string} type
 * @property {number} units
 * @property {string[]} [names] names of the inputs
 * @property {string[]} [all] of inputs: those that could be, in their order; a place is kept for each
 * @property {boolean} [maps] its units are feature maps
 * @property {boolean} [plain] its one box has no picture
 * @property {string[]} [sources] the parts it is given; by default the one before
 * @property {number} [slot] which place from the start; by default one after the other
 * @property {[number, number]} [lane] which share of the height is its own
 * @property {([number, number] | null)[]} [bare] of each source: the lane of a way without layers, around all others
 *
 * @typedef {object} Column
 * @property {string} id layer id, or "inputs"
 * @property {string} type
 * @property {number} units
 * @property {number} x centre
 * @property {boolean} maps its units are feature maps
 * @property {boolean} folded its units stand in a grid: edges to them are one band
 * @property {Fold | null} fold
 * @property {Node[]} nodes
 * @property {string[]} names names of the inputs
 * @property {(Node & {name: string})[]} [off] places of inputs that are not used
 * @property {boolean} [switched] whether its inputs can be switched on and off
 *
 * @typedef {{from: number, to: number, branch: number | null, way: number | null}} Link
 *   columns by number; which branch of several; and how far down a way without layers goes around all others
 *
 * @typedef {object} Layout
 * @property {Column[]} columns
 * @property {Link[]} links
 * @property {number} width of all, in pixels
 * @property {number} height
 * @property {number} step from one column to the next
 * @property {{left: number, right: number} | null} dock where the output layer stands when the rest is larger than the
 *   room
 */

/**
 * Everything within a room of so many pixels; enlarged, all but the output layer, which stays at the room's end.
 * @param {Part[]} parts
 * @param {number} width
 * @param {number} height
 * @param {boolean} rightToLeft
 * @param {number} zoom how many times as large as the room shows it whole
 * @returns {Layout}
 */
export function layout(parts, width, height, rightToLeft, zoom = 1) {
  const slots = slotsOf(parts);
  const whole = width / slots;
  const docked = zoom > 1 && slots > 1;
  const end = docked ? dockOf(whole, width) : whole;
  const step = whole * zoom;
  const full = docked ? step * (slots - 1) + end : width;
  const tall = docked ? height * zoom : height;
  const side = (/** @type {number} */ at, /** @type {number} */ within) => (rightToLeft ? within - at : at);
  const columns = parts.map((part, i) => {
    const last = docked && i === parts.length - 1;
    const x = last ? side(width - end / 2, width) : side(((part.slot ?? i) + 0.5) * step, full);
    return last
      ? column(part, { x, step: end, top: 0, height, zoom: 1 })
      : column(part, { x, step, ...within(part.lane, tall), zoom });
  });
  const left = rightToLeft ? 0 : width - end;
  const dock = docked ? { left, right: left + end } : null;
  return { columns, links: linksOf(parts, tall), width: full, height: tall, step, dock };
}

/** How many columns stand beside each other. @param {Part[]} parts */
export const slotsOf = (parts) => Math.max(...parts.map((part, i) => part.slot ?? i)) + 1;

/** How wide the dock is. @param {number} step @param {number} width */
const dockOf = (step, width) => Math.max(step, Math.min(LEAST_DOCK, width / 3));

/**
 * How much room each layer's card has, at the least.
 * @param {number} slots @param {number} width @param {number} zoom
 */
export function roomOfCard(slots, width, zoom) {
  const step = width / slots;
  return zoom > 1 ? Math.min(step * zoom, dockOf(step, width)) : step;
}

/** @param {[number, number] | undefined} lane @param {number} height */
const within = (lane, height) =>
  lane ? { top: lane[0] * height, height: (lane[1] - lane[0]) * height } : { top: 0, height };

/** @param {Part[]} parts @param {number} height @returns {Link[]} */
function linksOf(parts, height) {
  const at = new Map(parts.map((part, i) => [part.id, i]));
  return parts.flatMap((part, to) => {
    if (!to) return [];
    const sources = part.sources ?? [parts[to - 1].id];
    return sources.map((source, k) => {
      const from = /** @type {number} */ (at.get(source));
      const lane = part.bare?.[k];
      return { from, to, branch: sources.length > 1 ? k : null, way: lane ? ((lane[0] + lane[1]) / 2) * height : null };
    });
  });
}

/**
 * @typedef {object} Room
 * @property {number} x centre
 * @property {number} step how wide
 * @property {number} top
 * @property {number} height
 * @property {number} zoom
 */

/** @param {Part} part @param {Room} room @returns {Column} */
function column(part, room) {
  if (part.all) return inputs(part, part.all, room);
  const maps = Boolean(part.maps);
  const largest = part.plain ? MOST_PLAIN : MOST_NODE * room.zoom;
  const most = Math.max(SPECK, Math.min(largest, OF_STEP * room.step, mostBy(room)));
  const inside = room.height - 2 * HEADER;
  const least = Math.min(most, LEAST_NODE);
  const few = part.units * (least + GAP) <= inside + GAP;
  const { nodes, fold } =
    maps && !(few && part.units <= 8) ? grid(part.units, room, most) : stack(part.units, room, most);
  return {
    id: part.id,
    type: part.type,
    units: part.units,
    x: room.x,
    maps,
    folded: maps,
    fold,
    nodes,
    names: part.names ?? [],
  };
}

/**
 * All inputs that could be: the ones that are used are its units.
 * @param {Part} part @param {string[]} all @param {Room} room @returns {Column}
 */
function inputs(part, all, room) {
  const { names = [] } = part;
  const whole = column({ ...part, all: undefined, units: all.length }, room);
  const places = whole.nodes.map((node) => ({ ...node, name: all[node.unit] }));
  return {
    ...whole,
    units: part.units,
    nodes: places.filter(({ name }) => names.includes(name)).map((n) => ({ ...n, unit: names.indexOf(n.name) })),
    off: places.filter(({ name }) => !names.includes(name)).map((n, unit) => ({ ...n, unit })),
    switched: true,
  };
}

/** Boxes grow with the height of the room. @param {Room} room */
const mostBy = ({ height, zoom }) => Math.max(28 * zoom, OF_HEIGHT * height);

/**
 * One under the other; the first ones, a fold and the last where there are too many.
 * @param {number} n @param {Room} room @param {number} most
 */
function stack(n, room, most) {
  const { x, top, height } = room;
  const inside = height - 2 * HEADER;
  const least = Math.min(most, LEAST_NODE);
  const all = n * (least + GAP) <= inside + GAP;
  const shown = all ? n : Math.max(1, Math.min(n, MOST_SHOWN, Math.floor((inside - FOLD) / (least + GAP))));
  const folds = shown < n;
  const free = inside - (folds ? FOLD : 0);
  const size = Math.max(SPECK, Math.floor(Math.min(most, (free + GAP) / shown - GAP)));
  const gap = shown > 1 ? Math.min(0.7 * size, (free - shown * size) / (shown - 1)) : 0;
  const used = shown * size + (shown - 1) * gap + (folds ? FOLD : 0);
  const first = top + HEADER + Math.max(0, (inside - used) / 2);
  const units = Array.from({ length: shown }, (_, k) => k);
  const last = folds && shown > 2 && n <= MOST_SHOWN; // of more no picture is sent
  if (last) units[shown - 1] = n - 1;
  const before = last ? shown - 1 : shown;
  const nodes = units.map((unit, k) => ({
    unit,
    size,
    x: Math.round(x - size / 2),
    y: Math.round(first + k * (size + gap) + (k >= before ? FOLD : 0)),
  }));
  const below = first + before * (size + gap) - gap;
  const fold = folds ? { count: n - shown, x, y: below + (FOLD + (last ? gap : 0)) / 2 } : null;
  return { nodes, fold };
}

/**
 * In rows, as large as the room lets them be; the first ones and a fold where they would be too small to tell apart.
 * @param {number} n @param {Room} room @param {number} most
 */
function grid(n, room, most) {
  const wide = Math.max(SPECK + 2, room.step - Math.min(22, 0.2 * room.step));
  const least = Math.min(most, LEAST_MAP, wide - 2);
  const inside = room.height - 2 * HEADER;
  const few = Math.floor(wide / (least + 2)) * Math.floor((inside - FOLD) / (least + 2));
  const fits = n <= MOST_SHOWN && packed(n, wide, inside, most).size >= least;
  const shown = fits ? n : Math.max(1, Math.min(n, MOST_SHOWN, few));
  const folds = shown < n;
  const { across, size } = packed(shown, wide, inside - (folds ? FOLD : 0), most);
  const down = Math.ceil(shown / across);
  const left = room.x - (across * (size + 2) - 2) / 2;
  const used = down * (size + 2) - 2 + (folds ? FOLD : 0);
  const top = room.top + HEADER + Math.max(0, (inside - used) / 2);
  const nodes = Array.from({ length: shown }, (_, unit) => ({
    unit,
    size,
    x: Math.round(left + (unit % across) * (size + 2)),
    y: Math.round(top + Math.floor(unit / across) * (size + 2)),
  }));
  const fold = folds ? { count: n - shown, x: room.x, y: top + down * (size + 2) + FOLD / 2 } : null;
  return { nodes, fold };
}

/**
 * How many stand beside each other, and how large.
 * @param {number} n @param {number} wide @param {number} tall @param {number} most
 */
function packed(n, wide, tall, most) {
  let best = { across: 1, size: SPECK };
  for (let across = 1; across <= n; across++) {
    const down = Math.ceil(n / across);
    const size = Math.floor(Math.min(most, (wide + 2) / across - 2, (tall + 2) / down - 2));
    if (size > best.size) best = { across, size };
  }
  return best;
}

/**
 * The same, moved: what is seen when the room stands at (x, y) of the whole. The dock stays where it is.
 * @param {Layout} plan @param {number} x @param {number} y @returns {Layout}
 */
export function moved(plan, x, y) {
  if (!x && !y) return plan;
  const last = plan.columns.length - 1;
  const columns = plan.columns.map((c, i) =>
    plan.dock && i === last
      ? c
      : {
          ...c,
          x: c.x - x,
          fold: c.fold && { ...c.fold, x: c.fold.x - x, y: c.fold.y - y },
          nodes: c.nodes.map((node) => ({ ...node, x: node.x - x, y: node.y - y })),
          off: c.off?.map((node) => ({ ...node, x: node.x - x, y: node.y - y })),
        },
  );
  const links = plan.links.map((link) => (link.way === null ? link : { ...link, way: link.way - y }));
  return { ...plan, columns, links };
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
