/** An open block: its stages in their lanes, and the lines of its branches. */

import { INK } from "../core/colors.js";
import { letters } from "./canvas.js";

/** @typedef {import("../core/colors.js").Theme} Theme */
/** @typedef {typeof branchLine} BranchLine */

/** Lines of branches, beside their numbers: told apart without colours. */
const BRANCHES = [[], [2, 4], [9, 4], [9, 3, 2, 3]];

/**
 * The line of a branch into the joint, its number where it begins.
 * @param {CanvasRenderingContext2D} to @param {import("./network-layout.js").Link} link
 * @param {{x1: number, x2: number, y1: number, y2: number}} ends @param {Theme} which
 */
export function branchLine(to, { branch, way }, { x1, x2, y1, y2 }, which) {
  const reach = Math.min(60, Math.abs(x2 - x1) / 2) * Math.sign(x2 - x1);
  to.beginPath();
  to.moveTo(x1, y1);
  if (way === null) to.bezierCurveTo(x1 + reach, y1, x2 - reach, y2, x2, y2);
  else {
    to.bezierCurveTo(x1 + reach / 2, y1, x1 + reach / 2, way, x1 + reach, way);
    to.lineTo(x2 - reach, way);
    to.bezierCurveTo(x2 - reach / 2, way, x2 - reach / 2, y2, x2, y2);
  }
  to.strokeStyle = `rgb(${INK[which].line})`;
  to.lineWidth = 1.6;
  to.setLineDash(BRANCHES[(branch ?? 0) % BRANCHES.length]);
  to.stroke();
  to.setLineDash([]);
  to.font = letters("500");
  to.textAlign = "center";
  to.textBaseline = "middle";
  to.fillStyle = `rgb(${INK[which].line})`;
  const [x, y] = way === null ? [x1 + Math.sign(reach) * 9, y1 - 10] : [(x1 + x2) / 2, way - 10];
  to.fillText(String((branch ?? 0) + 1), x, y);
}
