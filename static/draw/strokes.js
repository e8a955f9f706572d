/** The strokes that tell classes apart, in parts of an example's radius; and those of lines, by their number. */

/** @typedef {[number, number, number, number]} Stroke from x, y to x, y */

/** @type {Stroke[][]} */
const STROKES = [[], [[0, 0, 0, 0]], [[-0.5, 0, 0.5, 0]], [[0, -0.5, 0, 0.5]], [[-0.4, -0.4, 0.4, 0.4]]];

/** Of a class. @param {number} index */
export const strokeOf = (index) => STROKES[Math.round(index) % STROKES.length];

/**
 * Draws a class's stroke on an example.
 * @param {CanvasRenderingContext2D} to @param {number} index @param {number} x @param {number} y @param {number} r
 * @param {string} ink
 */
export function drawStroke(to, index, x, y, r, ink) {
  const strokes = strokeOf(index);
  if (!strokes.length) return;
  to.beginPath();
  for (const [x1, y1, x2, y2] of strokes) {
    to.moveTo(x + r * x1, y + r * y1);
    to.lineTo(x + r * x2 + (x1 === x2 && y1 === y2 ? 0.01 : 0), y + r * y2); // a line of no length has no round end
  }
  to.lineCap = "round";
  to.lineWidth = Math.max(1, 0.42 * r);
  to.strokeStyle = ink;
  to.stroke();
}

/** How lines of a chart are dashed, by their number: the first is whole. @type {number[][]} */
const DASHES = [[], [7, 3], [2, 3], [10, 3, 2, 3]];
/** @param {number} index */
export const dashOf = (index) => DASHES[index % DASHES.length];
