/** Dots that move along the edges while the network trains: which way it computes. Reduced motion holds them. */

import { edgeReach } from "../draw/edges.js";
import { edgeEnds } from "../draw/network-layout.js";

/** @import {Abouts} from "../types/page.d.ts" */
/** @typedef {import("../draw/network-layout.js").Layout} Layout */
/** @typedef {import("../draw/network-layout.js").Column} Column */
/** @typedef {import("../draw/network-layout.js").Node} Node */
/** @typedef {(name: string) => import("../core/safetensors.js").Tensor | null} Reader */

/** So many edges have dots at most, the strongest; weaker ones than this share of the strongest have none. */
const MOST_EDGES = 240;
const LEAST = 0.12;
/** Edges are sorted anew so seldom. */
const RENEW_MS = 700;
const SVG = "http://www.w3.org/2000/svg";

/**
 * The ways of the dots: along the strongest edges, or through the middle of a band.
 * @param {Layout} plan @param {Reader} tensor @param {number} top the weight that is drawn widest
 * @returns {string} the data of one path
 */
export function flowPath(plan, tensor, top) {
  /** @type {{strength: number, a: Node, b: Node}[]} */ const ways = [];
  const last = plan.columns.length - 1;
  for (const link of plan.links) {
    const [from, column] = [plan.columns[link.from], plan.columns[link.to]];
    if (link.way !== null || (plan.dock && (link.to === last || hidden(plan.dock, column)))) continue;
    const kernel = tensor(`weights/${column.id}/kernel`);
    if (from.folded || column.folded || kernel?.shape[0] !== from.units) {
      ways.push({ strength: 1, a: middle(from), b: middle(column) });
      continue;
    }
    for (const a of from.nodes)
      for (const b of column.nodes) {
        const strength = Math.abs(kernel.data[a.unit * column.units + b.unit]) / top;
        if (strength > LEAST) ways.push({ strength, a, b });
      }
  }
  ways.sort((p, q) => q.strength - p.strength);
  return ways
    .slice(0, MOST_EDGES)
    .map(({ a, b }) => {
      const { x1, y1, x2, y2, bend } = edgeEnds(a, b);
      const [p, q] = [x1 + bend, x2 - bend].map(Math.round);
      return `M${x1} ${Math.round(y1)}C${p} ${Math.round(y1)} ${q} ${Math.round(y2)} ${x2} ${Math.round(y2)}`;
    })
    .join("");
}

/** Whether a layer lies below the dock. @param {{left: number, right: number}} dock @param {Column} column */
const hidden = (dock, column) => (dock.left ? column.x > dock.left : column.x < dock.right);

/** The middle of a layer's boxes, as one box. @param {Column} column @returns {Node} */
function middle({ nodes }) {
  const left = Math.min(...nodes.map((n) => n.x));
  const size = Math.max(...nodes.map((n) => n.x + n.size)) - left;
  const high = Math.min(...nodes.map((n) => n.y));
  const low = Math.max(...nodes.map((n) => n.y + n.size));
  return { unit: 0, x: left, y: (high + low - size) / 2, size };
}

export class Flow {
  /** @param {HTMLElement} picture */
  constructor(picture) {
    this.picture = picture;
    const svg = document.createElementNS(SVG, "svg");
    svg.classList.add("flow");
    svg.setAttribute("aria-hidden", "true");
    this.path = svg.appendChild(document.createElementNS(SVG, "path"));
    this.svg = svg;
    this.drawn = -Infinity;
    /** @type {Layout | null} */ this.plan = null;
  }

  /** While it trains. @param {Layout} plan @param {Reader} tensor @param {Abouts} about */
  show(plan, tensor, about) {
    if (!this.svg.isConnected) this.picture.append(this.svg);
    const now = performance.now();
    if (plan === this.plan && now - this.drawn < RENEW_MS) return;
    [this.plan, this.drawn] = [plan, now];
    this.path.setAttribute("d", flowPath(plan, tensor, edgeReach(about)));
  }

  hide() {
    this.svg.remove();
    this.plan = null;
  }
}
