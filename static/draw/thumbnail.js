/** A small live picture of a run: what it answers, or its maps, and its cost as a line. */

import { HIGHLIGHT, INK, theme } from "../core/colors.js";
import { letters, sharp } from "./canvas.js";
import { Atlas } from "./maps.js";
import { PlanePainter } from "./plane.js";
import { paintCurve } from "./scatter.js";
import { SurfacePainter } from "./surface.js";

/** @import {Changes, Examples} from "../types/page.d.ts" */

const [WIDTH, HEIGHT] = [260, 150];
const TILE = 44;
const VIEW = { discretize: false, showCv: false, showTest: false, across: 0, up: 1, squares: true };

export class Thumbnail {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Examples} data
   * @param {Changes | null} surface how its cost surface is drawn, if that is what it shows
   */
  constructor(canvas, data, surface) {
    this.canvas = canvas;
    this.data = data;
    this.surface = surface;
    this.ground = new SurfacePainter();
    this.plane = new PlanePainter();
    this.atlas = new Atlas();
    /** @type {number[]} */ this.costs = [];
  }

  /** What it needs to be told. */
  get views() {
    const { kind } = this.data;
    /** @type {Record<string, Changes>} */
    const wanted = { cost: {} };
    if (this.surface) wanted.surface = { ...this.surface, size: 25, finest: 49 };
    else if (kind === "image") wanted.neurons = { size: 24, most: 8, side: TILE, pixels: 20000 };
    else wanted.boundary = { size: 48, across: 0, up: 1 };
    return wanted;
  }

  /** @param {import("../core/safetensors.js").Decoded} rows */
  lengthen(rows) {
    this.costs.length = Math.min(this.costs.length, Number(rows.meta.from));
    for (const v of rows.tensors["cost/train"].data) if (Number.isFinite(v)) this.costs.push(v);
  }

  /** @param {import("../core/safetensors.js").Decoded} frame */
  draw(frame) {
    const to = sharp(this.canvas, WIDTH, HEIGHT);
    const about = JSON.parse(frame.meta.views);
    to.clearRect(0, 0, WIDTH, HEIGHT);
    if (this.surface) {
      const j = frame.tensors["surface/j"];
      const { u, v, settled } = about.surface;
      to.save();
      to.beginPath();
      to.rect(0, 0, HEIGHT, HEIGHT);
      to.clip();
      this.ground.paint(to, HEIGHT, { j: j.data, size: j.shape[0], u, v, settled }, [
        { points: frame.tensors["surface/path"].data, color: HIGHLIGHT },
      ]);
      to.restore();
    } else if (this.data.kind === "image") this.maps(to, frame, about.neurons);
    else if (this.data.kind === "line" && this.data.task === "regression") {
      to.save();
      to.beginPath();
      to.rect(0, 0, HEIGHT, HEIGHT);
      to.clip();
      paintCurve(to, HEIGHT, this.data, about.boundary, frame.tensors["boundary/value"]?.data ?? null, VIEW);
      to.restore();
    } else {
      this.plane.paint(to, HEIGHT, {
        tensor: (name) => frame.tensors[name] ?? null,
        about: about.boundary,
        data: this.data,
        view: VIEW,
      });
    }
    this.line(to);
  }

  /**
   * The first units of the layers, a row for each.
   * @param {CanvasRenderingContext2D} to
   * @param {import("../core/safetensors.js").Decoded} frame
   * @param {import("../types/page.d.ts").About<"neurons"> | undefined} about
   */
  maps(to, frame, about) {
    const layers = Object.keys(frame.tensors)
      .filter((name) => name.startsWith("neurons/") && frame.tensors[name].shape.length === 3)
      .slice(0, 3);
    layers.forEach((name, row) => {
      const tensor = frame.tensors[name];
      this.atlas.fill(tensor, theme(), about?.scales?.[name.slice("neurons/".length)]);
      to.imageSmoothingEnabled = false;
      for (let unit = 0; unit < Math.min(3, tensor.shape[0]); unit++)
        this.atlas.draw(to, unit, 4 + unit * (TILE + 4), 4 + row * (TILE + 4), TILE, TILE);
    });
  }

  /** The cost so far. @param {CanvasRenderingContext2D} to */
  line(to) {
    const { costs } = this;
    if (costs.length < 2) return;
    const shown =
      costs.length > 200
        ? Array.from({ length: 200 }, (_, i) => costs[Math.floor((i * (costs.length - 1)) / 199)])
        : costs;
    const [left, right, top, bottom] = [HEIGHT + 12, WIDTH - 8, 18, HEIGHT - 14];
    const high = Math.max(...shown);
    const low = Math.min(0, ...shown);
    to.beginPath();
    shown.forEach((v, i) => {
      const x = left + (i / (shown.length - 1)) * (right - left);
      const y = bottom - ((v - low) / (high - low || 1)) * (bottom - top);
      if (i) to.lineTo(x, y);
      else to.moveTo(x, y);
    });
    to.strokeStyle = INK[theme()].accent;
    to.lineWidth = 2;
    to.stroke();
    to.fillStyle = INK[theme()].soft;
    to.font = `italic ${letters()}`;
    to.fillText("J", left, 14);
  }
}
