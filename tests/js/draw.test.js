/**
 * What the painters draw, command by command, against tests/js/golden. Each test also says in words what must be so: a
 * golden drawing only says that it is as it was.
 */
import { setTheme } from "./page.js";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { CLASS_COLORS } from "../../static/core/colors.js";
import { boxColor, drawBox, drawGrid } from "../../static/draw/boxes.js";
import { sharp } from "../../static/draw/canvas.js";
import { axis } from "../../static/draw/chart.js";
import { Atlas, sparkline } from "../../static/draw/maps.js";
import { networkSvg } from "../../static/draw/net-svg.js";
import { layout } from "../../static/draw/network-layout.js";
import { NetworkPainter } from "../../static/draw/network-paint.js";
import { putPixels } from "../../static/draw/pixels.js";
import { PlanePainter } from "../../static/draw/plane.js";
import { paintCurve, paintPredicted } from "../../static/draw/scatter.js";
import { SurfacePainter } from "../../static/draw/surface.js";
import { SurfaceHills } from "../../static/draw/surface-gl.js";
import { Thumbnail } from "../../static/draw/thumbnail.js";
import { FakeCanvas, drawing, matchesGolden } from "./recorder.js";
import { bytes, floats } from "./tensors.js";

const THEMES = /** @type {("light" | "dark")[]} */ (["light", "dark"]);

/** @param {string} name @param {(theme: "light" | "dark") => void} body */
function inBothThemes(name, body) {
  for (const theme of THEMES)
    test(`${name} (${theme})`, () => {
      setTheme(theme);
      body(theme);
    });
}

/** The page's canvas: the first one, in its CSS pixels. @param {number} [width] @param {number} [height] */
function paper(width = 100, height = width) {
  const canvas = new FakeCanvas();
  Object.assign(canvas, { width, height });
  return /** @type {any} */ (canvas.getContext());
}

/** Commands of one name on a canvas. @param {string} name @param {number} [canvas] */
const commands = (name, canvas = 0) => FakeCanvas.made[canvas].commands.filter((c) => c[0] === name);
/** Values that a property was given. @param {string} name @param {number} [canvas] */
const values = (name, canvas = 0) =>
  FakeCanvas.made[canvas].commands.filter((c) => c[0] === "=" && c[1] === name).map((c) => c[2]);

beforeEach(() => {
  FakeCanvas.forget();
  setTheme("light");
});

// -- the plane ----------------------------------------------------------------------------------------------------
const VIEW = { discretize: false, showCv: true, showTest: true, across: 0, up: 1 };
const ABOUT = { x: [-1, 1], y: [0, 4], across: 0, up: 1 };
/** One example in each corner's neighbourhood: low left, low right, high left, high right; train, train, cv, test. */
const points = (/** @type {string} */ task, /** @type {number[]} */ y) => ({
  task,
  tensors: {
    x: floats([4, 2], [-0.5, 1, 0.5, 1, -0.5, 3, 0.5, 3]),
    y: { shape: [4], data: y },
    part: bytes([4], [0, 0, 1, 2]),
  },
});
const reader = (/** @type {Record<string, any>} */ tensors) => (/** @type {string} */ name) => tensors[name] ?? null;

inBothThemes("plane, two classes", (theme) => {
  const scene = {
    tensor: reader({ "boundary/p": bytes([2, 2], [0, 80, 170, 255]) }),
    about: ABOUT,
    data: points("binary", [0, 1, 0, 1]),
    view: VIEW,
  };
  const to = paper();
  new PlanePainter().paint(to, 100, scene);
  const [left, right, ...more] = commands("arc", 2);
  assert.equal(more.length, 0, "training examples alone are round");
  assert.deepEqual([left[1], left[2]], [25, 75], "x grows to the right and y up");
  assert.deepEqual([right[1], right[2]], [75, 75]);
  assert.deepEqual(commands("moveTo", 2)[0].slice(1), [25, 22], "cv is a diamond above");
  assert.deepEqual(commands("rect", 2)[0].slice(1, 3), [72.8, 22.8], "test is a square");
  matchesGolden(`plane-binary-${theme}`);
});

test("plane: only the parts that are shown, drawn once while nothing moves", () => {
  const to = paper();
  const painter = new PlanePainter();
  const scene = {
    tensor: reader({}),
    about: ABOUT,
    data: points("binary", [0, 1, 0, 1]),
    view: { ...VIEW, showCv: false, showTest: false },
  };
  painter.paint(to, 100, scene);
  assert.equal(commands("rect", 2).length + commands("moveTo", 2).length, 0);
  assert.equal(commands("arc", 2).length, 2);
  painter.paint(to, 100, scene);
  assert.equal(commands("arc", 2).length, 2, "the same points are not drawn again");
  painter.paint(to, 100, { ...scene, view: VIEW });
  assert.equal(commands("arc", 2).length, 4);
  assert.equal(commands("rect", 2).length, 1);
});

inBothThemes("plane, several classes", (theme) => {
  const scene = {
    tensor: reader({
      "boundary/winner": bytes([2, 2], [0, 1, 2, 3]),
      "boundary/share": bytes([2, 2], [255, 200, 120, 60]),
    }),
    about: ABOUT,
    data: points("multiclass", [0, 1, 2, 13]),
    view: VIEW,
  };
  const to = paper(300);
  new PlanePainter().paint(to, 300, scene);
  assert.deepEqual(
    values("fillStyle", 2),
    [3, 2, 0, 1].map((i) => CLASS_COLORS[i]),
    "test first, training on top",
  );
  matchesGolden(`plane-classes-${theme}`);
});

test("plane, cut at the threshold", () => {
  const scene = {
    tensor: reader({ "boundary/p": bytes([2, 2], [0, 178, 179, 255]) }),
    about: null,
    data: null,
    view: { ...VIEW, discretize: true, threshold: 0.7 },
  };
  const to = paper();
  new PlanePainter().paint(to, 100, scene);
  const [top, bottom] = commands("putImageData", 1)[0].slice(5);
  assert.equal(new Set(top.split(" ")).size, 1);
  assert.equal(new Set(bottom.split(" ")).size, 1);
  assert.notEqual(top, bottom);
  matchesGolden("plane-threshold");
});

test("plane, a number for an answer", () => {
  const scene = {
    tensor: reader({ "boundary/value": bytes([2, 2], [10, 100, 150, 250]) }),
    about: ABOUT,
    data: points("regression", [-4, -2, 2, 4]),
    view: VIEW,
  };
  const to = paper();
  new PlanePainter().paint(to, 100, scene);
  matchesGolden("plane-regression");
});

// -- plots --------------------------------------------------------------------------------------------------------
const line = {
  task: "regression",
  kind: "line",
  inputs: ["size"],
  target: "price",
  bounds: [[0, 4]],
  tensors: { x: floats([4, 1], [0, 1, 2, 4]), y: { shape: [4], data: [0, 2, 1, 4] }, part: bytes([4], [0, 0, 1, 2]) },
};

inBothThemes("curve of one input, its squares and its examples", (theme) => {
  paintCurve(paper(200), 200, line, { x: [0, 4] }, [0.5, 1.5, 2.5, 3.5], { ...VIEW, squares: true });
  const centres = commands("arc").map(([, x, y]) => [x, y]);
  assert.ok(centres[0][0] < centres[1][0] && centres[1][0] < centres[2][0] && centres[2][0] < centres[3][0]);
  assert.ok(centres[3][1] < centres[1][1] && centres[1][1] < centres[2][1] && centres[2][1] < centres[0][1], "y is up");
  assert.equal(commands("strokeRect").length, 2, "a square for each training example alone");
  for (const [, x, y, w, h] of commands("strokeRect")) assert.ok(w === h && w > 0 && x < 200 && y < 200);
  matchesGolden(`scatter-curve-${theme}`);
});

test("curve: nothing without data, no line without an answer", () => {
  paintCurve(paper(200), 200, null, null, null, VIEW);
  assert.deepEqual(FakeCanvas.made[0].commands, []);
  paintCurve(paper(200), 200, line, null, null, { ...VIEW, showCv: false, showTest: false });
  assert.equal(commands("arc", 1).length, 2);
  assert.ok(!values("lineWidth", 1).includes(2.5));
});

inBothThemes("predicted against actual", (theme) => {
  paintPredicted(paper(200), 200, line, [0, 2, 9, -9], "actual", "predicted", VIEW);
  const [exact, , above, below] = commands("arc");
  const [, left, bottom] = commands("moveTo").at(-1) ?? [];
  const [, right, top] = commands("lineTo").at(-1) ?? [];
  assert.deepEqual(exact.slice(1, 3), [left, bottom], "what is right lies on the diagonal");
  assert.ok(top < bottom && right > left);
  assert.equal(above[2], top, "what is too large stops at the top");
  assert.equal(below[2], bottom);
  matchesGolden(`scatter-predicted-${theme}`);
});

inBothThemes("axes of charts", (theme) => {
  const made = axis({ size: 30 });
  const ticks = /** @type {any} */ (made.values)(null, [0, 0.5, 1000, null]);
  assert.deepEqual(ticks, ["0", "0.500", "1000", ""]);
  matchesGolden(`chart-axis-${theme}`, { axis: [JSON.parse(JSON.stringify(made)), ticks] });
});

test("canvases are as sharp as the screen, and no sharper than twice", () => {
  const canvas = /** @type {any} */ (new FakeCanvas());
  for (const [ratio, width] of [
    [1, 50],
    [1.5, 75],
    [4, 100],
  ]) {
    globalThis.devicePixelRatio = ratio;
    sharp(canvas, 50, 30);
    assert.deepEqual([canvas.width, canvas.height], [width, 0.6 * width]);
  }
  globalThis.devicePixelRatio = 1;
  matchesGolden("canvas-sharp");
});

// -- maps and pictures --------------------------------------------------------------------------------------------
inBothThemes("maps of units, one under the other", (theme) => {
  const atlas = new Atlas();
  const to = paper();
  atlas.fill(bytes([2, 2, 3], [0, 64, 128, 192, 255, 1, 9, 8, 7, 6, 5, 4]), theme);
  atlas.draw(to, 1, 10, 20, 30, 40);
  atlas.draw(to, 2, 0, 0, 9, 9);
  assert.deepEqual(
    commands("drawImage", 1),
    [["drawImage", "<canvas 1>", 0, 2, 3, 2, 10, 20, 30, 40]],
    "no third unit",
  );
  matchesGolden(`maps-${theme}`);
});

test("a coloured picture keeps its colours", () => {
  const atlas = new Atlas();
  atlas.fillColors(bytes([2, 2, 3], [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7]));
  assert.deepEqual(commands("putImageData", 0)[0].slice(5), ["ff0000 00ff00", "0000ff 090807"]);
  matchesGolden("maps-colours");
});

test("pixels go row by row from where the picture begins; grey fills all three colours", () => {
  const canvas = /** @type {any} */ (new FakeCanvas());
  putPixels(canvas, [9, 9, 1, 2, 3, 4, 5, 6], [2, 3, 1], 2);
  assert.deepEqual(commands("putImageData")[0].slice(1), [3, 2, 0, 0, "010101 020202 030303", "040404 050505 060606"]);
  putPixels(canvas, [1, 2, 3, 4, 5, 6], [1, 2, 3]);
  assert.deepEqual(commands("putImageData")[1].slice(1), [2, 1, 0, 0, "010203 040506"]);
});

test("a unit's answers along the line: upwards is more", () => {
  sparkline(paper(), [9, 9, 1, 128, 255], 2, 3, 10, 20, 40, 30, "ink");
  const [[, x1, y1], [, x2, y2], [, x3, y3]] = [commands("moveTo")[0], ...commands("lineTo")];
  assert.ok(x1 < x2 && x2 < x3 && y1 > y2 && y2 > y3);
  matchesGolden("maps-sparkline");
});

// -- boxes --------------------------------------------------------------------------------------------------------
test("boxes stand where their corners say, labels above or, at the rim, below", () => {
  const to = paper(200);
  drawBox(to, 200, [0.25, 0.5, 0.75, 0.9], boxColor(1), { label: "face 0.9" });
  drawBox(to, 200, [0.9, 0, 1, 0.25], boxColor(12), { label: "at the rim", dash: [4, 3], width: 1.2 });
  drawBox(to, 200, [0, 0, 1, 1], "white");
  assert.deepEqual(commands("strokeRect")[0].slice(1), [50, 100, 100, 80]);
  const [above, below] = commands("fillText");
  assert.ok(above[3] < 100 && below[3] > 50);
  assert.ok(commands("fillRect")[1][1] + commands("fillRect")[1][3] <= 200, "a label does not leave the picture");
  matchesGolden("boxes");
});

test("a grid has a line between every two cells", () => {
  drawGrid(paper(120), 120, 3, 4);
  assert.deepEqual(
    commands("moveTo").map((c) => c.slice(1)),
    [
      [30, 0],
      [60, 0],
      [90, 0],
      [0, 40],
      [0, 80],
    ],
  );
  matchesGolden("boxes-grid");
});

// -- the network --------------------------------------------------------------------------------------------------
const PARTS = [
  { id: "inputs", type: "Input", units: 2, names: ["x1", "x2"] },
  { id: "hidden", type: "Dense", units: 3 },
  { id: "out", type: "Dense", units: 1 },
];
const WEIGHTS = {
  "weights/hidden/kernel": floats([2, 3], [1, -1, 0.25, -0.5, 2, 0]),
  "weights/out/kernel": floats([3, 1], [0.5, -2, 1]),
};

inBothThemes("network: edges by weight, units by their maps, what is picked, troubled or dropped", (theme) => {
  const scene = {
    layout: layout(PARTS, 360, 200, false),
    tensor: reader({
      ...WEIGHTS,
      "neurons/hidden": bytes([3, 2, 2], [0, 50, 100, 150, 255, 200, 150, 100, 128, 128, 0, 255]),
      "neurons/out": bytes([1, 3], [0, 128, 255]),
      "dropout/hidden": bytes([3], [1, 0, 1]),
    }),
    about: { weights: { scale: { hidden: 2, out: 1 } } },
    picked: { layer: "hidden", unit: 0 },
    troubled: new Set(["hidden/2", "out"]),
  };
  new NetworkPainter().paint(paper(360, 200), scene);
  const widest = Math.max(...values("lineWidth"));
  assert.equal(widest, 5.5, "the strongest weight is the widest edge");
  assert.equal(
    commands("stroke")
      .filter((c) => Array.isArray(c[1]))
      .flatMap((c) => c[1])
      .filter((c) => c[0] === "moveTo").length,
    9,
  );
  matchesGolden(`network-${theme}`);
});

test("network: layers of many units are joined by a band", () => {
  const parts = [
    { id: "inputs", type: "Input", units: 1, maps: true },
    { id: "conv", type: "Conv2D", units: 12, maps: true },
    { id: "out", type: "Dense", units: 3 },
  ];
  const scene = {
    layout: layout(parts, 420, 200, true),
    tensor: reader({ "activations/input": bytes([2, 2, 1], [0, 10, 100, 255]) }),
    about: {},
    picked: null,
    troubled: new Set(),
  };
  new NetworkPainter().paint(paper(420, 200), scene);
  assert.deepEqual(commands("putImageData", 1)[0].slice(1, 3), [2, 2], "the example is the input's picture");
  matchesGolden("network-maps");
});

test("network: a coloured example is shown in its colours", () => {
  const scene = {
    layout: layout([{ id: "inputs", type: "Input", units: 1, maps: true }], 100, 100, false),
    tensor: reader({ "activations/input": bytes([1, 2, 3], [255, 0, 0, 0, 0, 255]) }),
    about: {},
    picked: null,
    troubled: new Set(),
  };
  new NetworkPainter().paint(paper(), scene);
  assert.deepEqual(commands("putImageData", 1)[0].slice(5), ["ff0000 0000ff"]);
});

test("network as SVG", () => {
  const svg = networkSvg(layout(PARTS, 360, 200, false), reader(WEIGHTS), 2, (column, unit) =>
    column === "hidden" && unit === 1 ? "data:,picture" : null,
  );
  assert.equal(svg.match(/<path /g)?.length, 9);
  assert.equal(svg.match(/<image /g)?.length, 1);
  assert.deepEqual(svg.match(/<title>[^<]*/g)?.slice(0, 3), ["<title>1.0000", "<title>-1.0000", "<title>0.2500"]);
  matchesGolden("network-svg", { svg: svg.split(/(?=<)/).map((part) => [part]) });
});

// -- the cost surface ---------------------------------------------------------------------------------------------
const LAND = /** @type {import("../../static/draw/surface.js").Landscape} */ ({
  j: [9, 4, 1, 4, 9, 8, 3, 0, 3, 8, 9, 4, 1, 4, NaN, 12, 7, 4, 7, 12, 16, 11, 8, 11, 16],
  size: 5,
  u: [-2, 2],
  v: [-1, 1],
});
const PATHS = [{ points: [-1, -0.5, 0, 1, 0.5, 1, 5, 5, 2], color: "#123456" }];

inBothThemes("surface: low is blue, high is orange, paths end in a ball", (theme) => {
  const to = paper(12);
  new SurfacePainter().paint(to, 12, LAND, PATHS);
  const rows = commands("putImageData", 1)[0]
    .slice(5)
    .map((/** @type {string} */ r) => r.split(" "));
  const blueness = (/** @type {string} */ hex) => parseInt(hex.slice(4), 16) - parseInt(hex.slice(0, 2), 16);
  assert.ok(blueness(rows[3][6]) > 40 && blueness(rows[11][0]) < -40, "the valley is at the top, in the middle");
  assert.deepEqual(commands("moveTo")[0].slice(1), [3, 9], "v is up");
  matchesGolden(`surface-${theme}`);
});

test("surface: the ground is drawn anew only when it is another", () => {
  const painter = new SurfacePainter();
  const to = paper(12);
  painter.paint(to, 12, LAND, []);
  painter.paint(to, 12, LAND, PATHS);
  assert.equal(commands("putImageData", 0).length + commands("putImageData", 1).length, 1);
  painter.paint(to, 12, { ...LAND, j: [...LAND.j].reverse() }, PATHS);
  assert.equal(commands("putImageData", 0).length + commands("putImageData", 1).length, 2);
});

test("hills: corners of the ground, their heights and the way over them", () => {
  const canvas = /** @type {any} */ (new FakeCanvas());
  const hills = new SurfaceHills(canvas);
  assert.ok(hills.works);
  hills.draw(LAND, 120, 90);
  const [places, colors] = commands("bufferData").map((c) => c[2].split(" ").map(Number));
  const n = 17; // 5 places and three between each two
  assert.equal(places.length, 3 * n * n);
  assert.equal(colors.length, 3 * n * n);
  assert.deepEqual([places[0], places[2]], [-1, -1], "the first corner");
  assert.deepEqual([places[3 * (n - 1)], places[3 * (n - 1) + 2]], [1, -1], "the end of the first row");
  assert.equal(commands("drawElements")[0][2], 6 * (n - 1) * (n - 1));
  const over = paper(120, 90);
  hills.overlay(over, 120, 90, LAND, PATHS);
  assert.equal(commands("lineTo", 1).length, 2);
  assert.deepEqual(commands("arc", 1)[0].slice(1, 3), commands("lineTo", 1)[1].slice(1), "a ball at the end");
  const shape = FakeCanvas.made[0].commands.filter((c) => !["shaderSource", "bufferData"].includes(c[0]));
  matchesGolden("hills", { ground: shape, over: FakeCanvas.made[1].commands });
});

// -- thumbnails ---------------------------------------------------------------------------------------------------
const costs = { meta: { from: "0" }, tensors: { "cost/train": floats([5], [4, 3, NaN, 2, 1]) } };
const told = (/** @type {any} */ views, /** @type {any} */ tensors) => ({
  meta: { views: JSON.stringify(views) },
  tensors,
});
const canvasOf = () => /** @type {any} */ (new FakeCanvas());

inBothThemes("thumbnail of a plane, with its cost", (theme) => {
  const thumbnail = new Thumbnail(canvasOf(), { ...points("binary", [0, 1, 0, 1]), kind: "plane" }, null);
  assert.deepEqual(thumbnail.views, { cost: {}, boundary: { size: 48, across: 0, up: 1 } });
  thumbnail.lengthen(costs);
  thumbnail.draw(told({ boundary: ABOUT }, { "boundary/p": bytes([2, 2], [0, 80, 170, 255]) }));
  const heights = commands("lineTo").map((c) => c[2]);
  assert.equal(heights.length, 3, "four costs are numbers");
  for (let i = 1; i < heights.length; i++) assert.ok(heights[i] > heights[i - 1], "a falling cost falls");
  matchesGolden(`thumbnail-plane-${theme}`);
});

test("thumbnail of maps: a row for each layer, of one in each unit a tile", () => {
  const thumbnail = new Thumbnail(canvasOf(), { kind: "image" }, null);
  assert.equal(thumbnail.views.neurons.side, 44);
  const layer = (/** @type {number} */ units) =>
    bytes(
      [units, 1, 2],
      Array.from({ length: 2 * units }, (_, i) => 30 * i),
    );
  thumbnail.draw(
    told({}, { "neurons/a": layer(2), "neurons/b": layer(4), "neurons/out": bytes([3, 5], Array(15).fill(0)) }),
  );
  assert.deepEqual(
    commands("drawImage").map((c) => c.slice(2)),
    [
      [0, 0, 2, 1, 4, 4, 44, 44],
      [0, 1, 2, 1, 52, 4, 44, 44],
      [0, 0, 2, 1, 4, 52, 44, 44],
      [0, 1, 2, 1, 52, 52, 44, 44],
      [0, 2, 2, 1, 100, 52, 44, 44],
    ],
  );
  matchesGolden("thumbnail-maps");
});

test("thumbnail of a line and of a cost surface", () => {
  new Thumbnail(canvasOf(), line, null).draw(
    told({ boundary: { x: [0, 4] } }, { "boundary/value": floats([3], [0, 2, 4]) }),
  );
  const surface = new Thumbnail(canvasOf(), line, { axes: ["w", "b"] });
  assert.deepEqual(surface.views.surface, { axes: ["w", "b"], size: 25 });
  surface.draw(
    told(
      { surface: { u: [-1, 1], v: [-1, 1] } },
      { "surface/j": floats([2, 2], [0, 1, 2, 3]), "surface/path": floats([2, 3], [0, 0, 0, 1, 1, 1]) },
    ),
  );
  const drawn = drawing();
  const ground = Object.keys(drawn).find((name) => name.endsWith("150×150")) ?? "";
  delete drawn[ground]; // the ground has a test of its own
  matchesGolden("thumbnail-curves", drawn);
});

test("thumbnail: a run that went back loses what came after", () => {
  const thumbnail = new Thumbnail(canvasOf(), line, null);
  thumbnail.lengthen(costs);
  thumbnail.lengthen(/** @type {any} */ ({ meta: { from: "2" }, tensors: { "cost/train": floats([1], [9]) } }));
  assert.deepEqual(thumbnail.costs, [4, 3, 9]);
});
