/** Turns uint8 maps into pictures on canvases, all units of a layer in one go. */

import { CLASS_COLORS, edgeColor } from "../core/colors.js";
import { tableOfMap } from "../core/scales.js";

/** @typedef {import("../core/colors.js").Theme} Theme */
/** @typedef {import("../core/scales.js").Scale} Scale */
/** @typedef {import("../core/safetensors.js").Tensor & {colors?: boolean}} Picture */

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

  /**
   * @param {import("../core/safetensors.js").Tensor} tensor (units, rows, columns) @param {Theme} theme
   * @param {Scale} [scale] what the bytes stand for
   */
  fill(tensor, theme, scale) {
    const [units, rows, columns] = tensor.shape;
    if (!this.image || this.units !== units || this.rows !== rows || this.columns !== columns) {
      this.canvas.width = columns;
      this.canvas.height = rows * units;
      this.image = this.context.createImageData(columns, rows * units);
      [this.units, this.rows, this.columns] = [units, rows, columns];
    }
    const pixels = new Uint32Array(this.image.data.buffer);
    const data = tensor.data;
    for (let unit = 0, i = 0; unit < units; unit++) {
      const colors = tableOfMap(scale, theme, unit);
      for (const end = i + rows * columns; i < end; i++) pixels[i] = colors[data[i]];
    }
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
 * @param {number} [lowest] the byte at the bottom
 */
export function sparkline(to, data, from, count, x, y, w, h, color, lowest = 1) {
  to.beginPath();
  for (let i = 0; i < count; i++) {
    const px = x + 2 + ((w - 4) * i) / (count - 1);
    const py = y + h - 3 - ((data[from + i] - lowest) / (255 - lowest)) * (h - 6);
    if (i) to.lineTo(px, py);
    else to.moveTo(px, py);
  }
  to.strokeStyle = color;
  to.lineWidth = 1.5;
  to.stroke();
}

/** The pictures of one layer's units: maps in colours, or lines along the one input. */
export class UnitPictures {
  constructor() {
    /** @type {Atlas | undefined} */ this.atlas = undefined;
    /** @type {Picture | null} */ this.tensor = null;
  }

  /**
   * @param {Picture | null} tensor (units, rows, columns), (units, places) or, in colours, (rows, columns, 3)
   * @param {Theme} which @param {Scale | undefined} scale
   */
  fill(tensor, which, scale) {
    this.tensor = tensor;
    this.scale = scale;
    this.which = which;
    if (tensor?.shape.length !== 3) return;
    this.atlas ??= new Atlas();
    if (tensor.colors) this.atlas.fillColors(tensor);
    else this.atlas.fill(tensor, which, scale);
  }

  /**
   * One unit's picture; whether it has one.
   * @param {CanvasRenderingContext2D} to @param {number} unit
   * @param {number} x @param {number} y @param {number} w @param {number} h
   */
  draw(to, unit, x, y, w, h) {
    const { tensor, which } = this;
    if (!tensor || !which || (!tensor.colors && unit >= tensor.shape[0])) return false;
    if (tensor.shape.length === 3) this.atlas?.draw(to, unit, x, y, w, h);
    else {
      const n = tensor.shape[1];
      const classes = this.scale?.kind === "classes";
      const color = classes ? CLASS_COLORS[unit % CLASS_COLORS.length] : `rgb(${edgeColor(1, which)})`;
      sparkline(to, tensor.data, unit * n, n, x, y, w, h, color, classes ? 128 : 1);
    }
    return true;
  }
}
