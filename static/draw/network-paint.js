/** Paints the network: edges as weights, units as their live maps. */

import { edgeColor, INK, theme } from "../core/colors.js";
import { letters, marks } from "./canvas.js";
import { edgeEnds } from "./network-layout.js";
import { edgeDash, edgeLook, edgeReach } from "./edges.js";
import { UnitPictures } from "./maps.js";

/** @import {Abouts, Finding, Picked} from "../types/page.d.ts" */

const MOST_EDGES = 6000;
/** Strengths of edges that the eye can tell apart, and the offset of the ones under the pointer. */
const LEVELS = 24;
const TOUCHED = 100;
/** How wide a digit of a sign is, about. */
const DIGIT = 7;

/**
 * @typedef {import("./network-layout.js").Column} Column
 * @typedef {import("./network-layout.js").Node} Node
 * @typedef {import("../core/safetensors.js").Tensor} Tensor
 * @typedef {import("../core/colors.js").Theme} Theme
 *
 * @typedef {object} Scene
 * @property {import("./network-layout.js").Layout} layout
 * @property {(name: string) => Tensor | null} tensor
 * @property {Abouts} about
 * @property {Picked | null} picked
 * @property {Set<string>} troubled "layer/unit" or "layer" that a finding names
 */

export class NetworkPainter {
  constructor() {
    /** @type {Map<string, UnitPictures>} */
    this.pictures = new Map();
    /** What draws branches; fetched when a block is opened. @type {import("./branches.js").BranchLine | null} */
    this.branchLine = null;
  }

  /** @param {CanvasRenderingContext2D} to @param {Scene} scene */
  paint(to, scene) {
    const { layout } = scene;
    const which = theme();
    const { dock, columns, links, width, height } = layout;
    to.clearRect(0, 0, width, height);
    const top = edgeReach(scene.about);
    const last = columns.length - 1;
    const apart = (/** @type {number} */ i) => Boolean(dock) && i === last;
    if (dock) {
      to.save();
      to.beginPath();
      to.rect(dock.left ? 0 : dock.right, 0, dock.left || width, height);
      to.clip();
    }
    for (const link of links) if (!apart(link.to)) this.edges(to, scene, link, top, which);
    columns.forEach((column, i) => apart(i) || this.units(to, scene, column, which));
    if (!dock) return;
    to.restore();
    for (const link of links) if (apart(link.to)) this.edges(to, scene, link, top, which);
    this.units(to, scene, columns[last], which);
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {Scene} scene
   * @param {import("./network-layout.js").Link} link
   * @param {number} top
   * @param {Theme} which
   */
  edges(to, scene, link, top, which) {
    const { columns, dock, height } = scene.layout;
    const column = columns[link.to];
    const docked = dock && link.to === columns.length - 1;
    const from = docked ? beside(columns[link.from], dock, height) : columns[link.from];
    const kernel = scene.tensor(`weights/${column.id}/kernel`);
    const single = from.nodes.length * column.nodes.length;
    const band = from.folded || column.folded || single > MOST_EDGES;
    if (band || kernel?.shape[0] !== from.units) {
      const ends = bundle(to, from, column, which, Boolean(kernel || column.type === "Dense"), link.way === null);
      if (link.branch !== null) this.branchLine?.(to, link, ends, which);
      return;
    }
    const paths = edgePaths(from, column, kernel.data, top, scene.picked);
    for (const [key, path] of [...paths].sort((p, q) => Math.abs(p[0]) - Math.abs(q[0]))) {
      const touches = Math.abs(key) > TOUCHED;
      const strength = ((Math.abs(key) - 1) % TOUCHED) / LEVELS;
      const { width, opacity } = edgeLook(strength);
      to.lineWidth = width + (touches ? 1 : 0);
      to.strokeStyle = `rgb(${edgeColor(key, which)} / ${touches ? 1 : opacity})`;
      to.setLineDash(edgeDash(key));
      to.stroke(path);
    }
    to.setLineDash([]);
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {Scene} scene
   * @param {Column} column
   * @param {Theme} which
   */
  units(to, scene, column, which) {
    const ink = INK[which].line;
    const pictures = this.picturesOf(scene, column, which);
    to.imageSmoothingEnabled = !column.maps;
    const kept = scene.tensor(`dropout/${column.id}`);
    for (const node of column.nodes) {
      const { x, y, size, unit } = node;
      to.fillStyle = INK[which].unit;
      to.fillRect(x, y, size, size);
      if (!pictures.draw(to, unit, x, y, size, size) && column.id === "inputs") inputGlyph(to, x, y, size, ink);
      if (kept?.data[unit] === 0) crossOut(to, x, y, size, which);
      frameUnit(to, scene, column, node, ink);
    }
    if (column.fold) foldSign(to, column, column.fold, ink, scene.layout.step);
  }

  /**
   * The pictures of a layer's units, if they have any; of the inputs, the example. For the page and for files.
   * @param {Pick<Scene, "tensor" | "about">} scene @param {Pick<Column, "id">} column @param {Theme} which
   */
  picturesOf(scene, column, which) {
    const pictures = this.pictures.get(column.id) ?? new UnitPictures();
    this.pictures.set(column.id, pictures);
    const tensor = scene.tensor(`neurons/${column.id}`);
    const example = column.id === "inputs" && !tensor ? exampleImage(scene) : null;
    pictures.fill(tensor ?? example, which, scene.about.neurons?.scales?.[column.id]);
    return pictures;
  }
}

/**
 * A layer as the dock sees it: where it has moved below the dock, its edges come in at the dock's border.
 * @param {Column} column @param {{left: number, right: number}} dock @param {number} height
 */
function beside(column, dock, height) {
  const nodes = column.nodes.map((node) => ({
    ...node,
    x: dock.left ? Math.min(node.x, dock.left - node.size) : Math.max(node.x, dock.right),
    y: Math.max(-node.size / 2, Math.min(height - node.size / 2, node.y)),
  }));
  return { ...column, nodes };
}

/**
 * What stands for the units that are left out: three dots, and how many the layer has, if there is room.
 * @param {CanvasRenderingContext2D} to @param {Column} column @param {import("./network-layout.js").Fold} fold
 * @param {string} ink @param {number} step how wide its column is
 */
function foldSign(to, column, fold, ink, step) {
  to.fillStyle = `rgb(${ink})`;
  for (let i = -1; i < 2; i++) to.fillRect(fold.x - 1.5, fold.y - 6 + 4 * i, 3, 2.5);
  const text = `× ${column.units}`;
  if (text.length * DIGIT * marks() > step) return;
  to.font = letters("500");
  to.textAlign = "center";
  to.textBaseline = "middle";
  to.fillText(text, fold.x, fold.y + 7);
}

/**
 * Edges of one sign and about one strength share a path: a few strokes a layer instead of one an edge.
 * @param {Column} from @param {Column} column @param {ArrayLike<number>} weights @param {number} top
 * @param {Picked | null} picked
 * @returns {Map<number, Path2D>} by sign and level, which is raised by TOUCHED for edges that are looked at
 */
function edgePaths(from, column, weights, top, picked) {
  /** @type {Map<number, Path2D>} */
  const paths = new Map();
  const looked = (/** @type {Node} */ a, /** @type {Node} */ b) =>
    picked?.layer === column.id && picked.unit === b.unit && (!("i" in picked) || picked.i === a.unit);
  for (const a of from.nodes) {
    for (const b of column.nodes) {
      const w = weights[a.unit * column.units + b.unit];
      const level = Math.ceil(LEVELS * Math.min(1, Math.abs(w) / top)) || 0;
      const key = (w < 0 ? -1 : 1) * (level + 1 + (looked(a, b) ? TOUCHED : 0));
      let path = paths.get(key);
      if (!path) paths.set(key, (path = new Path2D()));
      const { x1, y1, x2, y2, bend } = edgeEnds(a, b);
      path.moveTo(x1, y1);
      path.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
    }
  }
  return paths;
}

/**
 * A line around a unit: strong where it is looked at, red where a finding names it.
 * @param {CanvasRenderingContext2D} to @param {Scene} scene @param {Column} column @param {Node} node
 * @param {string} ink
 */
function frameUnit(to, scene, column, { x, y, size, unit }, ink) {
  const picked = scene.picked && scene.picked.layer === column.id && scene.picked.unit === unit;
  const trouble = scene.troubled.has(`${column.id}/${unit}`) || scene.troubled.has(column.id);
  const width = picked ? 3 : trouble ? 2.5 : 1;
  to.lineWidth = width;
  to.strokeStyle = picked ? `rgb(${ink})` : trouble ? INK.light.trouble : `rgb(${ink} / 0.35)`;
  to.strokeRect(x + width / 2, y + width / 2, size - width, size - width);
}

/**
 * A unit that was switched off in the last step.
 * @param {CanvasRenderingContext2D} to
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {Theme} which
 */
function crossOut(to, x, y, size, which) {
  to.fillStyle = INK[which].veil;
  to.fillRect(x, y, size, size);
  to.beginPath();
  to.moveTo(x + size * 0.25, y + size * 0.25);
  to.lineTo(x + size * 0.75, y + size * 0.75);
  to.moveTo(x + size * 0.75, y + size * 0.25);
  to.lineTo(x + size * 0.25, y + size * 0.75);
  to.strokeStyle = INK[which].cross;
  to.lineWidth = 1.5;
  to.stroke();
}

/**
 * The chosen example, when the inputs are an image.
 * @param {Pick<Scene, "tensor">} scene
 * @returns {import("./maps.js").Picture | null}
 */
function exampleImage(scene) {
  const input = scene.tensor("activations/input");
  if (!input || input.shape.length !== 3) return null;
  const [rows, columns, channels] = input.shape;
  if (channels === 3) return { ...input, colors: true };
  const data = Uint8Array.from({ length: rows * columns }, (_, i) => 128 + (input.data[i * channels] >> 1));
  return { shape: [1, rows, columns], data };
}

/** What a column's boxes cover. @param {Column} c */
const boxOf = (c) => ({
  left: Math.min(...c.nodes.map((n) => n.x)),
  right: Math.max(...c.nodes.map((n) => n.x + n.size)),
  top: Math.min(...c.nodes.map((n) => n.y)),
  bottom: Math.max(...c.nodes.map((n) => n.y + n.size)),
});

/**
 * Many edges as one band.
 * @param {CanvasRenderingContext2D} to
 * @param {Column} from
 * @param {Column} column
 * @param {Theme} which
 * @param {boolean} dense
 * @param {boolean} filled
 * @returns {{x1: number, x2: number, y1: number, y2: number}} the middles of its ends
 */
function bundle(to, from, column, which, dense, filled) {
  const a = boxOf(from);
  const b = boxOf(column);
  const forward = column.x >= from.x;
  const x1 = forward ? a.right + 3 : a.left - 3;
  const x2 = forward ? b.left - 3 : b.right + 3;
  const middle = (x1 + x2) / 2;
  to.fillStyle = `rgb(${edgeColor(1, which)} / ${dense ? 0.13 : 0.06})`;
  if (filled) {
    to.beginPath();
    to.moveTo(x1, a.top);
    to.bezierCurveTo(middle, a.top, middle, b.top, x2, b.top);
    to.lineTo(x2, b.bottom);
    to.bezierCurveTo(middle, b.bottom, middle, a.bottom, x1, a.bottom);
    to.closePath();
    to.fill();
  }
  return { x1, x2, y1: (a.top + a.bottom) / 2, y2: (b.top + b.bottom) / 2 };
}

/** @param {CanvasRenderingContext2D} to @param {number} x @param {number} y @param {number} size @param {string} ink */
function inputGlyph(to, x, y, size, ink) {
  const step = size / 4;
  to.fillStyle = `rgb(${ink} / 0.25)`;
  for (let i = 1; i < 4; i++) for (let j = 1; j < 4; j++) to.fillRect(x + i * step - 1, y + j * step - 1, 2, 2);
}

/** Places on the picture that grave findings name. @param {Finding[]} findings @returns {Set<string>} */
export function troubled(findings) {
  /** @type {Set<string>} */
  const places = new Set();
  for (const f of findings.filter((found) => found.severity === "alarm")) {
    if (f.units.length) for (const unit of f.units) places.add(`${f.layer}/${unit}`);
    else places.add(f.layer);
  }
  return places;
}
