/**
 * Canvases that draw nothing and write down, command by command, what they are told; and drawings to hold that against.
 */

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** @typedef {any[]} Command a method and its arguments, or "=", a property and its value */

/** @param {any} value */
function plain(value) {
  if (typeof value === "number") return Number.isFinite(value) ? Number(value.toFixed(2)) + 0 : String(value);
  if (value instanceof FakeCanvas) return `<canvas ${value.number}>`;
  if (value instanceof FakePath) return value.commands;
  if (ArrayBuffer.isView(value)) return Array.from(/** @type {any} */ (value), plain).join(" ");
  if (Array.isArray(value)) return value.map(plain);
  return value;
}

/** Writes down method calls. */
export class FakePath {
  constructor() {
    /** @type {Command[]} */ this.commands = [];
    for (const name of ["moveTo", "lineTo", "bezierCurveTo", "rect", "arc", "closePath"])
      /** @type {any} */ (this)[name] = (/** @type {any[]} */ ...args) =>
        this.commands.push([name, ...args.map(plain)]);
  }
}

export class FakeCanvas {
  /** Canvases made since the last `forget`. @type {FakeCanvas[]} */
  static made = [];

  static forget() {
    FakeCanvas.made = [];
  }

  constructor() {
    this.width = 300;
    this.height = 150;
    this.number = FakeCanvas.made.push(this);
    /** @type {Command[]} */ this.commands = [];
    /** Buffers of WebGL. */ this.buffers = 0;
    this.context = makeContext(this);
  }

  getContext() {
    return this.context;
  }
}

/** What a context answers itself. @type {Record<string, (canvas: FakeCanvas, args: any[]) => any>} */
const ANSWERS = {
  createImageData: (_, [width, height]) => ({ width, height, data: new Uint8ClampedArray(4 * width * height) }),
  /** What a camera or a file would have put there: colours that differ from pixel to pixel. */
  getImageData: (_, [, , width, height]) => ({
    width,
    height,
    data: Uint8ClampedArray.from({ length: 4 * width * height }, (_unused, i) =>
      i % 4 === 3 ? 255 : (37 * i + 11) % 256,
    ),
  }),
  measureText: (_, [text]) => ({ width: 6 * text.length }),
  createProgram: () => "program",
  createShader: (_, [kind]) => kind,
  createBuffer: (canvas) => `buffer ${(canvas.buffers += 1)}`,
  getAttribLocation: (_, [, name]) => name,
  getUniformLocation: (_, [, name]) => name,
  putImageData: (canvas, [image, x, y]) => {
    canvas.commands.push(["putImageData", image.width, image.height, x, y, ...rowsOf(image)]);
  },
};

/**
 * The pixels in rows: RRGGBB, with AA where a pixel lets through.
 * @param {{width: number, height: number, data: Uint8ClampedArray}} image
 */
function rowsOf({ width, height, data }) {
  const hex = (/** @type {number} */ v) => v.toString(16).padStart(2, "0");
  return Array.from({ length: height }, (_, r) =>
    Array.from({ length: width }, (_unused, c) => {
      const at = 4 * (r * width + c);
      return [...data.slice(at, at + 3)].map(hex).join("") + (data[at + 3] === 255 ? "" : hex(data[at + 3]));
    }).join(" "),
  );
}

/** @param {FakeCanvas} canvas @returns {any} */
function makeContext(canvas) {
  /** @type {Record<string, any>} */
  const state = { canvas };
  return new Proxy(state, {
    get: (_, name) => {
      if (typeof name !== "string" || name in state) return state[/** @type {string} */ (name)];
      if (/^[A-Z_\d]+$/.test(name)) return name; // a constant of WebGL
      return (/** @type {any[]} */ ...args) => {
        if (name in ANSWERS) return ANSWERS[name](canvas, args);
        canvas.commands.push([name, ...args.map(plain)]);
      };
    },
    set: (_, name, value) => {
      state[/** @type {string} */ (name)] = value;
      canvas.commands.push(["=", name, plain(value)]);
      return true;
    },
  });
}

const REWRITE = process.env.DESCENT_GOLDEN === "rewrite";

/** Everything that was drawn, with the size each canvas has in the end. */
export const drawing = () =>
  Object.fromEntries(FakeCanvas.made.map((c) => [`canvas ${c.number} ${c.width}×${c.height}`, c.commands]));

/**
 * Holds what was drawn, or written, against tests/js/golden/NAME.json. DESCENT_GOLDEN=rewrite writes it anew: look at
 * the difference before it is committed.
 * @param {string} name @param {Record<string, any[]>} [drawn]
 */
export function matchesGolden(name, drawn = drawing()) {
  const place = new URL(`golden/${name}.json`, import.meta.url);
  const sheets = Object.entries(drawn).map(
    ([title, rows]) =>
      `  ${JSON.stringify(title)}: [\n${rows.map((row) => `    ${JSON.stringify(row)}`).join(",\n")}\n  ]`,
  );
  const text = `{\n${sheets.join(",\n")}\n}\n`;
  assert.ok(
    Object.values(drawn).some((rows) => rows.length),
    "nothing was drawn",
  );
  if (REWRITE) writeFileSync(place, text);
  assert.ok(existsSync(place), `there is no drawing ${name}; DESCENT_GOLDEN=rewrite makes it`);
  const lines = text.split("\n");
  const golden = readFileSync(place, "utf8").split("\n");
  const at = lines.findIndex((line, i) => line !== golden[i]);
  if (at < 0 && lines.length === golden.length) return;
  const where = at < 0 ? lines.length : at;
  assert.fail(
    `golden/${name}.json, line ${where + 1}:\n  was  ${golden[where]?.trim()}\n  is   ${lines[where]?.trim()}`,
  );
}
