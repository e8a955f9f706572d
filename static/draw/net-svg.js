/** The network as an SVG document, for papers and slides. */

import { edgeColor, INK } from "../core/colors.js";
import { tidy } from "../core/format.js";
import { edgeDash, edgeLook } from "./edges.js";
import { edgeEnds } from "./network-layout.js";

/** Text in a document. @param {string} text */
const escaped = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/**
 * @param {import("./network-layout.js").Layout} layout
 * @param {(name: string) => import("../core/safetensors.js").Tensor | null} tensor
 * @param {number} top
 * @param {(column: string, unit: number) => string | null} picture
 */
export function networkSvg(layout, tensor, top, picture) {
  /** @type {string[]} */
  const parts = [];
  for (const link of layout.links) {
    const from = layout.columns[link.from];
    const column = layout.columns[link.to];
    const kernel = tensor(`weights/${column.id}/kernel`);
    if (from.folded || column.folded || kernel?.shape[0] !== from.units) continue;
    for (const a of from.nodes) {
      for (const b of column.nodes) {
        const w = kernel.data[a.unit * column.units + b.unit];
        const { width, opacity } = edgeLook(Math.min(1, Math.abs(w) / top));
        const dash = edgeDash(w).length ? ` stroke-dasharray="${edgeDash(w).join(" ")}"` : "";
        const { x1, y1, x2, y2, bend } = edgeEnds(a, b);
        parts.push(
          `<path d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}" fill="none" ` +
            `stroke="rgb(${edgeColor(w, "light")})" stroke-opacity="${opacity.toFixed(2)}" ` +
            `stroke-width="${width.toFixed(2)}"${dash}><title>${w.toFixed(4)}</title></path>`,
        );
      }
    }
  }
  for (const column of layout.columns) {
    for (const node of column.nodes) {
      const { x, y, size } = node;
      const href = picture(column.id, node.unit);
      const fill = href ? "none" : INK.light.unit;
      if (href) parts.push(`<image x="${x}" y="${y}" width="${size}" height="${size}" href="${href}"/>`);
      parts.push(
        `<rect x="${x}" y="${y}" width="${size}" height="${size}" fill="${fill}" stroke="${INK.light.border}"/>`,
      );
    }
    const label = column.id === "inputs" ? "inputs" : `${escaped(tidy(column.id))} (${column.units})`;
    parts.push(`<text x="${column.x}" y="${layout.height + 14}" text-anchor="middle">${label}</text>`);
  }
  const box = `0 0 ${Math.round(layout.width)} ${Math.round(layout.height + 20)}`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" font-family="sans-serif" font-size="13">` +
    `<rect width="100%" height="100%" fill="${INK.light.paper}"/>${parts.join("")}</svg>`
  );
}
