/**
 * Networks, cost surfaces and thumbnails, command by command, against tests/js/golden. Each test also says in words
 * what must be so: a golden drawing only says that it is as it was.
 */
import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { branchLine } from "../../static/draw/branches.js";
import { networkSvg } from "../../static/draw/net-svg.js";
import { layout, moved } from "../../static/draw/network-layout.js";
import { edgeDash } from "../../static/draw/edges.js";
import { NetworkPainter } from "../../static/draw/network-paint.js";
import { SurfacePainter } from "../../static/draw/surface.js";
import { SurfaceHills } from "../../static/draw/surface-gl.js";
import { Thumbnail } from "../../static/draw/thumbnail.js";
import { ABOUT, commands, inBothThemes, line, paper, points, reader, values } from "./drawings.js";
import { FakeCanvas, drawing, matchesGolden } from "./recorder.js";
import { bytes, floats } from "./tensors.js";

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
  assert.deepEqual(edgeDash(0.5), []);
  assert.ok(edgeDash(-0.5).length, "what is below zero is dashed: in grey both colours are one");
  const dashed = commands("setLineDash").filter((c) => c[1].length).length;
  assert.ok(dashed > 0 && dashed < commands("setLineDash").length);
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

test("network: more units than fit are three dots and how many there are", () => {
  const scene = {
    layout: layout([PARTS[0], { id: "hidden", type: "Dense", units: 120 }, PARTS[2]], 360, 200, false),
    tensor: reader({ "weights/hidden/kernel": floats([2, 120], Array(240).fill(0.5)) }),
    about: {},
    picked: null,
    troubled: new Set(),
  };
  new NetworkPainter().paint(paper(360, 200), scene);
  assert.deepEqual(
    commands("fillText").map((c) => c[1]),
    ["× 120"],
  );
  const edges = commands("stroke").flatMap((c) => (Array.isArray(c[1]) ? c[1] : []));
  assert.equal(edges.filter((c) => c[0] === "moveTo").length, 2 * scene.layout.columns[1].nodes.length);
  matchesGolden("network-folded");
});

test("network: enlarged, the rest ends at the dock, and edges flow into the output wherever they come from", () => {
  const plan = layout(PARTS, 360, 200, false, 3);
  const seen = moved(plan, 0, 0);
  const { dock } = seen;
  assert.ok(dock && seen.columns[1].nodes[0].x > dock.left, "the hidden layer lies below the dock");
  const scene = { layout: seen, tensor: reader(WEIGHTS), about: {}, picked: null, troubled: new Set() };
  new NetworkPainter().paint(paper(360, 200), scene);
  assert.deepEqual(commands("rect")[0].slice(1), [0, 0, dock.left, 600]);
  const order = FakeCanvas.made[0].commands.map((c) => c[0]);
  const into = commands("stroke")
    .flatMap((c) => (Array.isArray(c[1]) ? c[1] : []))
    .filter((c) => c[0] === "moveTo")
    .slice(-3);
  assert.ok(order.lastIndexOf("restore") > order.indexOf("clip"));
  for (const [, x, y] of into) assert.ok(x === Number(dock.left.toFixed(2)) && y >= 0 && y <= 200 * 3, `${x}, ${y}`);
  matchesGolden("network-docked");
});

test("network: branches have lines of their own and numbers, a way around goes its lane", () => {
  const scene = {
    layout: layout(
      [
        { id: "inputs", type: "Input", units: 1, maps: true },
        { id: "b/c", type: "Conv2D", units: 4, maps: true, lane: [0, 0.7] },
        { id: "b", type: "Residual", units: 4, maps: true, sources: ["b/c", "inputs"], bare: [null, [0.7, 1]] },
      ],
      420,
      200,
      false,
    ),
    tensor: reader({}),
    about: {},
    picked: null,
    troubled: new Set(),
  };
  const painter = new NetworkPainter();
  painter.branchLine = branchLine;
  painter.paint(paper(420, 200), scene);
  assert.deepEqual(
    commands("fillText").map((c) => c[1]),
    ["1", "2"],
  );
  const dashes = commands("setLineDash").map((c) => c[1].join());
  assert.ok(new Set(dashes).size > 1, "by the kind of line, too");
  assert.equal(commands("lineTo").filter((c) => Math.abs(c[2] - 170) < 0.01).length, 1);
  matchesGolden("network-branches");
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

test("surface: what is not settled is drawn as cells, without contours", () => {
  const to = paper(50);
  new SurfacePainter().paint(to, 50, { ...LAND, settled: false }, []);
  const rows = commands("putImageData", 1)[0]
    .slice(5)
    .map((/** @type {string} */ r) => r.split(" "));
  assert.ok(new Set(rows.flat()).size <= LAND.size ** 2, "no colour that is not of a place");
  assert.deepEqual(rows[1], rows[0], "rows of one cell are alike");
  FakeCanvas.forget();
  new SurfacePainter().paint(paper(50), 50, { ...LAND, settled: true }, []);
  const smooth = FakeCanvas.made.flatMap((c) => c.commands).find((c) => c[0] === "putImageData");
  assert.ok(new Set(smooth?.slice(5).join(" ").split(" ")).size > LAND.size ** 2, "else between the places, too");
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
  const blueness = (/** @type {number} */ at) => colors[3 * at + 2] - colors[3 * at];
  assert.ok(blueness(4 * n + 8) > 0.3 && blueness(16 * n) < -0.3, "the valley is blue, the far corner orange");
  assert.equal(commands("drawElements")[0][2], 6 * (n - 1) * (n - 1));
  const over = paper(120, 90);
  hills.overlay(over, 120, 90, LAND, PATHS);
  assert.equal(commands("lineTo", 1).length, 2);
  const shape = FakeCanvas.made[0].commands.filter((c) => !["shaderSource", "bufferData"].includes(c[0]));
  const outside = FakeCanvas.made[1].commands;
  assert.equal(commands("rect", 1).length, 1, "a mark where the way leaves the ground");
  assert.ok(values("fillStyle", 1).includes("transparent"), "the ball is hollow: the run is outside");
  FakeCanvas.forget();
  const inside = paper(120, 90);
  hills.overlay(inside, 120, 90, LAND, [{ points: PATHS[0].points.slice(0, 6), color: "#123456" }]);
  assert.deepEqual(commands("arc")[0].slice(1, 3), commands("lineTo")[0].slice(1), "a ball at the end");
  matchesGolden("hills", { ground: shape, over: outside });
});

test("hills come back with their context", () => {
  /** @type {Record<string, (event: any) => void>} */ const heard = {};
  const canvas = /** @type {any} */ (new FakeCanvas());
  canvas.addEventListener = (/** @type {string} */ name, /** @type {any} */ listen) => (heard[name] = listen);
  const hills = new SurfaceHills(canvas);
  hills.draw(LAND, 120, 90);
  let [kept, again] = [0, 0];
  hills.restored = () => (again += 1);
  heard.webglcontextlost({ preventDefault: () => (kept += 1) });
  assert.equal(kept, 1, "else the browser never gives it back");
  assert.ok(!hills.works, "a map is drawn meanwhile");
  const before = commands("drawElements").length;
  hills.draw(LAND, 120, 90);
  assert.equal(commands("drawElements").length, before);
  heard.webglcontextrestored({});
  assert.ok(hills.works);
  assert.equal(again, 1, "and it is drawn at once");
  hills.draw(LAND, 120, 90);
  assert.equal(commands("bufferData").length, 6, "what the old context held is loaded anew");
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
  assert.deepEqual(surface.views.surface, { axes: ["w", "b"], size: 25, finest: 49 });
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
