/** Pictures as pixels: in and out of canvases, in the shape a network wants. */

import { ON_PICTURE } from "../core/colors.js";

/**
 * uint8 pixels (rows, columns, channels) from `from` on, onto a canvas.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} data
 * @param {number[]} shape
 * @param {number} [from]
 */
export function putPixels(canvas, data, [rows, columns, channels], from = 0) {
  if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
  const to = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  const image = to.createImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = data[from + i * channels + Math.min(c, channels - 1)];
    image.data[4 * i + 3] = 255;
  }
  to.putImageData(image, 0, 0);
}

/**
 * The middle square of a picture or video frame, in the shape wanted: colour, or grey by luma.
 * @param {CanvasImageSource} source
 * @param {number} width
 * @param {number} height
 * @param {number[]} shape
 * @returns {Uint8Array}
 */
export function squarePixels(source, width, height, [rows, columns, channels]) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [columns, rows];
  const to = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  to.imageSmoothingQuality = "high";
  const side = Math.min(width, height);
  to.drawImage(source, (width - side) / 2, (height - side) / 2, side, side, 0, 0, columns, rows);
  const { data } = to.getImageData(0, 0, columns, rows);
  const out = new Uint8Array(rows * columns * channels);
  for (let i = 0; i < rows * columns; i++) {
    if (channels === 1) out[i] = Math.round(0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]);
    else for (let c = 0; c < channels; c++) out[i * channels + c] = data[4 * i + Math.min(c, 2)];
  }
  return out;
}

/**
 * What has been drawn by hand, white.
 * @param {CanvasRenderingContext2D} to
 * @param {{x: number, y: number}[][]} strokes
 * @param {number} pen
 * @param {number} scale
 * @param {number} dx
 * @param {number} dy
 */
export function drawStrokes(to, strokes, pen, scale, dx, dy) {
  to.strokeStyle = to.fillStyle = ON_PICTURE.white;
  to.lineWidth = pen;
  to.lineCap = to.lineJoin = "round";
  for (const stroke of strokes) {
    to.beginPath();
    stroke.forEach((p, i) =>
      i ? to.lineTo(p.x * scale + dx, p.y * scale + dy) : to.moveTo(p.x * scale + dx, p.y * scale + dy),
    );
    if (stroke.length === 1) to.lineTo(stroke[0].x * scale + dx + 0.01, stroke[0].y * scale + dy);
    to.stroke();
  }
}
