/**
 * Planes, plots, maps and boxes, command by command, against tests/js/golden. Each test also says in words
 * what must be so: a golden drawing only says that it is as it was.
 */
import "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { CLASS_COLORS, rgb } from "../../static/core/colors.js";
import { boxColor, drawBox, drawGrid } from "../../static/draw/boxes.js";
import { sharp } from "../../static/draw/canvas.js";
import { Atlas, sparkline } from "../../static/draw/maps.js";
import { putPixels, squarePixels } from "../../static/draw/pixels.js";
import { PlanePainter } from "../../static/draw/plane.js";
import { paintCurve, paintPredicted } from "../../static/draw/scatter.js";
import { ABOUT, VIEW, commands, inBothThemes, line, paper, points, reader, values } from "./drawings.js";
import { FakeCanvas, matchesGolden } from "./recorder.js";
import { bytes } from "./tensors.js";

// -- the plane ----------------------------------------------------------------------------------------------------
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
  const corners = commands("moveTo", 2).map((c) => c.slice(1));
  assert.deepEqual(corners[1], [25, 22], "cv is a diamond above");
  assert.deepEqual(
    [corners[0], corners[2]],
    [
      [75, 25],
      [75, 75],
    ],
    "the second class has a dot",
  );
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
  assert.equal(commands("rect", 2).length + commands("closePath", 2).length, 0);
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
    about: { ...ABOUT, scale: { kind: "classes", middle: 0, reach: 1 } },
    data: points("multiclass", [0, 1, 2, 13]),
    view: VIEW,
  };
  const to = paper(300);
  new PlanePainter().paint(to, 300, scene);
  assert.deepEqual(
    values("fillStyle", 2),
    [3, 2, 0, 1].map((i) => `rgb(${rgb(CLASS_COLORS[i]).join(" ")})`),
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
    about: { ...ABOUT, scale: { kind: "signed", middle: 1, reach: 5 } },
    data: points("regression", [-4, -2, 2, 4]),
    view: VIEW,
  };
  const to = paper();
  new PlanePainter().paint(to, 100, scene);
  matchesGolden("plane-regression");
});

// -- plots --------------------------------------------------------------------------------------------------------
inBothThemes("curve of one input, its squares and its examples", (theme) => {
  paintCurve(paper(200), 200, line, { x: [0, 4] }, [0.5, 1.5, 2.5, 3.5], { ...VIEW, squares: true });
  const [, cx, above] = commands("moveTo").at(-2) ?? [];
  const [, left, top, side] = commands("rect").at(-1) ?? [];
  const centres = commands("arc").map(([, x, y]) => [x, y]);
  assert.equal(centres.length, 2, "training examples alone are round");
  centres.push([cx, above + 3.2], [left + side / 2, top + side / 2]); // cv a diamond, test a square
  assert.ok(centres[0][0] < centres[1][0] && centres[1][0] < centres[2][0] && centres[2][0] < centres[3][0]);
  assert.ok(centres[3][1] < centres[1][1] && centres[1][1] < centres[2][1] && centres[2][1] < centres[0][1], "y is up");
  assert.equal(commands("strokeRect").length, 2, "a square for each training example alone");
  for (const [, x, y, w, h] of commands("strokeRect")) assert.ok(w === h && w > 0 && x < 200 && y < 200);
  matchesGolden(`scatter-curve-${theme}`);
});

test("curve: the range holds the line; what runs far away is cut at the edge and marked", () => {
  const bent = [0.5, 3, 5, 3.5];
  paintCurve(paper(200), 200, line, { x: [0, 4] }, bent, { ...VIEW, squares: false });
  const drawn = [...commands("moveTo").slice(-1), ...commands("lineTo").slice(-3)];
  for (const [, x, y] of drawn) assert.ok(x >= 44 && x <= 192 && y > 8 && y < 166, `${x}, ${y}`);
  FakeCanvas.forget();
  paintCurve(paper(200), 200, line, { x: [0, 4] }, [0.5, 1e7, 0.5, 0.5], { ...VIEW, squares: false });
  const all = [...commands("moveTo"), ...commands("lineTo")];
  for (const [, x, y] of all) assert.ok(x <= 192.5 && y >= 7.9 && y <= 175, `${x}, ${y}: nothing is drawn outside`);
  assert.ok(commands("fill").length > commands("arc").length, "a mark where it leaves");
});

test("curve: for a room letters and marks are half as large again", () => {
  const drawn = () => {
    FakeCanvas.forget();
    paintCurve(paper(400), 400, line, { x: [0, 4] }, null, VIEW);
    return [parseFloat(values("font").at(-1).split(" ")[1]), commands("arc")[0][3]];
  };
  const [letters, radius] = drawn();
  document.documentElement.dataset.size = "room";
  const [larger, wider] = drawn();
  delete document.documentElement.dataset.size;
  assert.deepEqual([larger / letters, Number((wider / radius).toFixed(6))], [1.5, 1.5]);
  assert.equal(letters, 13);
});

test("curve: nothing without data, no line without an answer", () => {
  paintCurve(paper(200), 200, null, null, null, VIEW);
  assert.deepEqual(FakeCanvas.made[0].commands, []);
  paintCurve(paper(200), 200, line, null, null, { ...VIEW, showCv: false, showTest: false });
  assert.equal(commands("arc", 1).length, 2);
  assert.ok(!values("lineWidth", 1).includes(2.5));
});

inBothThemes("predicted against actual", (theme) => {
  paintPredicted(paper(200), 200, line, [...line.tensors.y.data], "actual", "predicted", VIEW);
  for (const [, x, y] of commands("arc"))
    assert.ok(Math.abs((x - 44) / (192 - 44) - (166 - y) / (166 - 8)) < 0.01, "what is right lies on the diagonal");
  FakeCanvas.forget();
  paintPredicted(paper(200), 200, line, [0, 2, 1e6, -1e6], "actual", "predicted", VIEW);
  assert.equal(commands("arc").length, 2, "what is out of sight is no point");
  const [above, below] = commands("moveTo").slice(-2);
  assert.deepEqual([above[2], below[2]], [8, 166], "but marked at the edge, at its own x");
  assert.ok(above[1] >= 40 && below[1] > above[1] === line.tensors.y.data[3] > line.tensors.y.data[2]);
  matchesGolden(`scatter-predicted-${theme}`);
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

test("a picture becomes the middle square, in colour or in grey by how bright the eye sees each colour", () => {
  const rgb = Array.from({ length: 4 }, (_, i) => [0, 1, 2].map((c) => (37 * (4 * i + c) + 11) % 256));
  assert.deepEqual([...squarePixels(/** @type {any} */ ("film"), 40, 20, [2, 2, 3])], rgb.flat());
  const drawn = commands("drawImage").at(-1) ?? [];
  assert.deepEqual(drawn.slice(2), [10, 0, 20, 20, 0, 0, 2, 2]);
  const grey = rgb.map(([r, g, b]) => Math.round(0.299 * r + 0.587 * g + 0.114 * b));
  assert.deepEqual([...squarePixels(/** @type {any} */ ("film"), 20, 40, [2, 2, 1])], grey);
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
