/** A cost surface as hills in three dimensions: WebGL for the ground, and a canvas over it for the paths. */

import { cut, towards } from "./axes.js";
import { ON_PICTURE, HEIGHT, theme } from "../core/colors.js";
import { hillsContext } from "../core/powers.js";
import { between, finer, heights } from "./surface.js";

const VERTEX = `#version 300 es
in vec3 place; in vec3 color; uniform mat4 view; out vec3 ink; out vec3 at;
void main() { ink = color; at = place; gl_Position = view * vec4(place, 1.0); }`;
const FRAGMENT = `#version 300 es
precision highp float; in vec3 ink; in vec3 at; out vec4 pixel;
void main() {
  vec3 normal = normalize(cross(dFdx(at), dFdy(at)));
  float light = 0.62 + 0.38 * abs(dot(normal, normalize(vec3(0.4, 0.85, 0.35))));
  float level = at.y * 20.0; float width = fwidth(level);
  float line = 1.0 - smoothstep(0.0, 1.2 * width, abs(fract(level - 0.5) - 0.5));
  pixel = vec4(mix(ink * light, ink * 0.45, 0.55 * line), 1.0);
}`;
const TALL = 0.8;
const FINER = 4;
/** The camera: how far away, how long its lens, and what lies before it. */
const [EYE, LENS, NEAR, FAR] = [3.4, 2.4, 0.1, 20];

export class SurfaceHills {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.turn = 0.7;
    this.tilt = 0.65;
    this.key = "";
    this.count = 0;
    this.size = 0;
    /** @type {WebGLBuffer | null} */ this.places = null;
    /** @type {WebGLBuffer | null} */ this.colors = null;
    /** @type {WebGLBuffer | null} */ this.faces = null;
    this.gl = hillsContext(canvas);
    /** Whether the graphics card has taken the context away. */ this.lost = false;
    canvas.addEventListener?.("webglcontextlost", (event) => {
      event.preventDefault(); // else it never comes back
      this.lost = true;
    });
    canvas.addEventListener?.("webglcontextrestored", () => {
      this.lost = false;
      this.setUp();
      this.restored();
    });
    this.setUp();
  }

  /** Called when the context is back and everything has to be drawn again. */
  restored() {}

  /** Program and buffers; all are gone with a lost context. */
  setUp() {
    const { gl } = this;
    this.key = "";
    this.count = 0;
    if (!gl) return;
    const program = /** @type {WebGLProgram} */ (gl.createProgram());
    for (const [kind, source] of /** @type {[number, string][]} */ ([
      [gl.VERTEX_SHADER, VERTEX],
      [gl.FRAGMENT_SHADER, FRAGMENT],
    ])) {
      const shader = /** @type {WebGLShader} */ (gl.createShader(kind));
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    gl.useProgram(program);
    this.program = program;
    this.places = gl.createBuffer();
    this.colors = gl.createBuffer();
    this.faces = gl.createBuffer();
    gl.enable(gl.DEPTH_TEST);
  }

  get works() {
    return this.gl !== null && !this.lost;
  }

  /** Column-major: turned, tilted, with some perspective. */
  matrix() {
    const [c, s, d, e] = [Math.cos(this.turn), Math.sin(this.turn), Math.cos(this.tilt), Math.sin(this.tilt)];
    // Rows of the camera: x right, y up, z towards the eye.
    const x = [c, 0, s];
    const y = [s * e, d, -c * e];
    const z = [-s * d, e, c * d];
    const depth = (FAR + NEAR) / (FAR - NEAR);
    const rows = [
      [...x.map((v) => LENS * v), 0],
      [...y.map((v) => LENS * v), 0.05],
      [...z.map((v) => -depth * v), depth * EYE - (2 * FAR * NEAR) / (FAR - NEAR)],
      [...z.map((v) => -v), EYE],
    ];
    return new Float32Array([0, 1, 2, 3].flatMap((column) => rows.map((row) => row[column])));
  }

  /** @param {import("./surface.js").Landscape} land @param {number} width @param {number} height */
  draw(land, width, height) {
    const { gl } = this;
    if (!gl || this.lost) return;
    const ratio = Math.min(2, devicePixelRatio || 1);
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    this.load(land);
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.uniformMatrix4fv(
      gl.getUniformLocation(/** @type {WebGLProgram} */ (this.program), "view"),
      false,
      this.matrix(),
    );
    gl.drawElements(gl.TRIANGLES, this.count, gl.UNSIGNED_INT, 0);
  }

  /** @param {import("./surface.js").Landscape} land */
  load(land) {
    const { gl } = this;
    const which = theme();
    let sum = 0;
    for (let i = 0; i < land.j.length; i++) sum += Number.isFinite(land.j[i]) ? land.j[i] * (1 + (i % 97)) : i;
    const key = [which, land.size, sum].join();
    if (!gl || key === this.key) return;
    this.key = key;
    const scale = heights(land.j);
    const fine = finer(Float32Array.from(land.j, scale.of), land.size, FINER);
    const n = fine.size;
    this.grid = fine.grid;
    this.size = n;
    const places = new Float32Array(3 * n * n);
    const colors = new Float32Array(3 * n * n);
    for (let i = 0; i < n * n; i++) {
      places.set(
        [(2 * (i % n)) / (n - 1) - 1, TALL * this.grid[i] - TALL / 2, (2 * Math.floor(i / n)) / (n - 1) - 1],
        3 * i,
      );
      const packed = HEIGHT[which][Math.round(255 * this.grid[i])];
      colors.set(
        [packed & 255, (packed >> 8) & 255, (packed >> 16) & 255].map((v) => v / 255),
        3 * i,
      );
    }
    const faces = [];
    for (let r = 0; r < n - 1; r++) {
      for (let c = 0; c < n - 1; c++) {
        const at = r * n + c;
        faces.push(at, at + 1, at + n, at + 1, at + n + 1, at + n);
      }
    }
    this.count = faces.length;
    for (const [name, buffer, data] of /** @type {[string, WebGLBuffer | null, Float32Array][]} */ ([
      ["place", this.places, places],
      ["color", this.colors, colors],
    ])) {
      const location = gl.getAttribLocation(/** @type {WebGLProgram} */ (this.program), name);
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
      gl.enableVertexAttribArray(location);
      gl.vertexAttribPointer(location, 3, gl.FLOAT, false, 0, 0);
    }
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.faces);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, new Uint32Array(faces), gl.STATIC_DRAW);
  }

  /**
   * Paths over the hills.
   * @param {CanvasRenderingContext2D} to
   * @param {number} width
   * @param {number} height
   * @param {import("./surface.js").Landscape} land
   * @param {import("./surface.js").Path[]} paths
   */
  overlay(to, width, height, land, paths) {
    to.clearRect(0, 0, width, height);
    if (!this.grid) return;
    const m = this.matrix();
    const n = this.size;
    /** From 0 … 1 across and down. @param {[number, number]} place @returns {[number, number]} */
    const screen = ([a, b]) => {
      const y = TALL * between(/** @type {Float32Array} */ (this.grid), n, a * (n - 1), b * (n - 1)) - TALL / 2 + 0.015;
      const p = [2 * a - 1, y, 2 * b - 1, 1];
      const [x4, y4, , w4] = [0, 1, 2, 3].map((row) =>
        p.reduce((s, value, column) => s + m[4 * column + row] * value, 0),
      );
      return /** @type {[number, number]} */ ([(0.5 + x4 / w4 / 2) * width, (0.5 - y4 / w4 / 2) * height]);
    };
    for (const { points, color } of paths) {
      const places = Array.from(
        { length: Math.floor(points.length / 3) },
        (_, i) =>
          /** @type {[number, number]} */ ([
            (points[3 * i] - land.u[0]) / (land.u[1] - land.u[0]),
            1 - (points[3 * i + 1] - land.v[0]) / (land.v[1] - land.v[0]),
          ]),
      );
      if (!places.length) continue;
      const { pieces, exits } = cut(places, { left: 0, top: 0, right: 1, bottom: 1 });
      to.beginPath();
      for (const piece of pieces) piece.map(screen).forEach(([x, y], i) => (i ? to.lineTo(x, y) : to.moveTo(x, y)));
      to.strokeStyle = color;
      to.lineWidth = 2.2;
      to.stroke();
      to.fillStyle = color;
      for (const [x, y] of exits.map(screen)) {
        to.beginPath();
        to.rect(x - 3, y - 3, 6, 6);
        to.fill();
      }
      const here = places[places.length - 1];
      const inside = here.every((v) => v >= 0 && v <= 1);
      const [x, y] = screen(towards(...here, { left: 0, top: 0, right: 1, bottom: 1 }));
      to.beginPath();
      to.arc(x, y, 7, 0, 7);
      to.fillStyle = inside ? color : "transparent";
      to.fill();
      to.strokeStyle = inside ? ON_PICTURE.white : color;
      to.lineWidth = 2;
      to.stroke();
    }
  }
}
