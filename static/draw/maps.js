/** Turns uint8 maps into pictures on canvases, all units of a layer in one go. */

import { SCALE } from "../core/colors.js";

/** @typedef {import("../core/colors.js").Theme} Theme */

export class Atlas {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d", { willReadFrequently: true }));
    /** @type {ImageData | null} */
    this.image = null;
    this.rows = 0;
    this.columns = 0;
    this.units = 0;
  }

  /** @param {import("../core/safetensors.js").Tensor} tensor (units, rows, columns) @param {Theme} theme */
  fill(tensor, theme) {
    const [units, rows, columns] = tensor.shape;
    if (!this.image || this.units !== units || this.rows !== rows || this.columns !== columns) {
      this.canvas.width = columns;
      this.canvas.height = rows * units;
      this.image = this.context.createImageData(columns, rows * units);
      [this.units, this.rows, this.columns] = [units, rows, columns];
    }
    const pixels = new Uint32Array(this.image.data.buffer);
    const colors = SCALE[theme];
    const data = tensor.data;
    for (let i = 0; i < data.length; i++) pixels[i] = colors[data[i]];
    this.context.putImageData(this.image, 0, 0);
  }

  /** A coloured image (rows, columns, 3) of 0 … 255. @param {import("../core/safetensors.js").Tensor} tensor */
  fillColors(tensor) {
    const [rows, columns] = tensor.shape;
    this.canvas.width = columns;
    this.canvas.height = rows;
    this.image = this.context.createImageData(columns, rows);
    [this.units, this.rows, this.columns] = [1, rows, columns];
    for (let i = 0; i < rows * columns; i++) {
      for (let c = 0; c < 3; c++) this.image.data[4 * i + c] = tensor.data[3 * i + c];
      this.image.data[4 * i + 3] = 255;
    }
    this.context.putImageData(this.image, 0, 0);
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {number} unit
   * @param {number} x
   * @param {number} y
   * @param {number} w
   * @param {number} h
   */
  draw(to, unit, x, y, w, h) {
    if (unit < this.units) to.drawImage(this.canvas, 0, unit * this.rows, this.columns, this.rows, x, y, w, h);
  }
}

/**
 * One unit's answers along the input line.
 * @param {CanvasRenderingContext2D} to
 * @param {ArrayLike<number>} data
 * @param {number} from
 * @param {number} count
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 * @param {string} color
 */
export function sparkline(to, data, from, count, x, y, w, h, color) {
  to.beginPath();
  for (let i = 0; i < count; i++) {
    const px = x + 2 + ((w - 4) * i) / (count - 1);
    const py = y + h / 2 - ((data[from + i] - 128) / 127) * (h / 2 - 3);
    if (i) to.lineTo(px, py);
    else to.moveTo(px, py);
  }
  to.strokeStyle = color;
  to.lineWidth = 1.5;
  to.stroke();
}
