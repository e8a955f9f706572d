/** Boxes on pictures. Corners are parts of the side; y down. */

import { CLASS_COLORS, ON_PICTURE } from "../core/colors.js";
import { letters, marks } from "./canvas.js";

/**
 * @param {CanvasRenderingContext2D} to
 * @param {number} size
 * @param {ArrayLike<number>} corners
 * @param {string} color
 * @param {{dash?: number[], width?: number, label?: string}} [look]
 */
export function drawBox(to, size, corners, color, { dash = [], width = 2, label = "" } = {}) {
  const [x1, y1, x2, y2] = Array.from(corners, (v) => v * size);
  to.setLineDash(dash);
  to.lineWidth = width + 2;
  to.strokeStyle = ON_PICTURE.shade;
  to.strokeRect(x1, y1, x2 - x1, y2 - y1);
  to.lineWidth = width;
  to.strokeStyle = color;
  to.strokeRect(x1, y1, x2 - x1, y2 - y1);
  to.setLineDash([]);
  if (!label) return;
  to.font = letters("600");
  const tall = 17 * marks();
  const wide = to.measureText(label).width + 6;
  const x = Math.max(0, Math.min(size - wide, x1 - 1));
  const y = y1 > tall ? y1 - tall : Math.min(size - tall, y2);
  to.fillStyle = color;
  to.fillRect(x, y, wide, tall);
  to.fillStyle = ON_PICTURE.white;
  to.fillText(label, x + 3, y + 13 * marks());
}

/** @param {number} label */
export const boxColor = (label) => CLASS_COLORS[label % CLASS_COLORS.length];

/**
 * Lines between cells.
 * @param {CanvasRenderingContext2D} to
 * @param {number} size
 * @param {number} rows
 * @param {number} columns
 */
export function drawGrid(to, size, rows, columns) {
  to.strokeStyle = ON_PICTURE.grid;
  to.lineWidth = 0.6;
  to.beginPath();
  for (let i = 1; i < columns; i++) {
    to.moveTo((i / columns) * size, 0);
    to.lineTo((i / columns) * size, size);
  }
  for (let i = 1; i < rows; i++) {
    to.moveTo(0, (i / rows) * size);
    to.lineTo(size, (i / rows) * size);
  }
  to.stroke();
}
