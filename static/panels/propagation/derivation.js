/** Where every number of forward and back propagation comes from, out of the arrays of the view `propagation`. */

/**
 * @typedef {object} Stage one layer at work, as `propagation` describes it
 * @property {string} id
 * @property {string} type
 * @property {string[]} inputs ids of stages, or "input"
 * @property {string | null} activation
 * @property {number[]} shape
 * @property {number[]} input_shape
 * @property {boolean} joined loss and activation are one formula
 * @property {Record<string, [number, number]>} penalties l1 and l2 by weight
 * @property {[number, number]} kernel rows and columns of a window
 * @property {[number, number]} strides
 * @property {[number, number]} margin rows above and columns left of the picture
 * @property {[number, number]} size
 * @property {number} epsilon
 * @property {number} negative_slope
 * @property {number} [threshold] where a ReLU begins; 0 where it is left out
 * @property {number | null} [max_value] its ceiling
 * @property {string} merge
 */
/** @typedef {[number, number][]} Terms factors of products that are added up */
/**
 * @typedef {object} Sum
 * @property {"products" | "max" | "mean" | "normalise" | "leaky" | "same" | "padding" | "add"} kind
 * @property {Terms} terms
 * @property {number} rest what is added at the end
 * @property {number} value
 */
/** @typedef {{id: string, kind: "weights" | "won" | "share" | "scale" | "slope" | "passed", terms: Terms, value: number}} Passed what one reader passes back */

/** @param {Terms} terms */
const total = (terms) => terms.reduce((sum, [a, b]) => sum + a * b, 0);

/** Row, column and channel of a number, and back. @param {number[]} shape @param {number} index */
export const placed = ([, columns, channels], index) => [
  Math.floor(index / (columns * channels)),
  Math.floor(index / channels) % columns,
  index % channels,
];
/** @param {number[]} shape @param {number[]} place */
export const indexed = ([, columns, channels], [row, column, channel]) => (row * columns + column) * channels + channel;

/** Where indices lead in an array that lies in one row. @param {number[]} shape @param {number[]} place */
export const flat = (shape, place) => place.reduce((at, k, axis) => at * shape[axis] + k, 0);

/** A (leaky) ReLU at x as a straight line: its slope, and what is added. @param {Stage} stage @param {number} x @returns {[number, number]} */
function bent({ negative_slope: below, threshold = 0, max_value: most = null }, x) {
  if (most !== null && x >= most) return [0, most];
  return x > threshold ? [1, 0] : [below, threshold ? -below * threshold : 0];
}

const CONVOLUTIONS = ["Conv2D", "DepthwiseConv2D"];
const UNCHANGED = ["Flatten", "Reshape", "Dropout", "SideBranch", "Activation"];

export class Derivation {
  /** @param {{layers: Stage[], count: number}} about @param {(name: string) => {data: ArrayLike<number>, shape: number[]} | null | undefined} tensor */
  constructor(about, tensor) {
    this.about = about;
    this.tensor = tensor;
    this.stages = about.layers;
  }

  /** Numbers of one example. @param {string} name @param {number} example @returns {number[] | null} */
  row(name, example) {
    const tensor = this.tensor(name);
    if (!tensor) return null;
    const each = tensor.data.length / tensor.shape[0];
    const at = Math.min(example, tensor.shape[0] - 1);
    return Array.prototype.slice.call(tensor.data, at * each, (at + 1) * each);
  }

  /** What a stage is given. @param {Stage} stage @param {number} example @param {number} [which] */
  given(stage, example, which = 0) {
    const from = stage.inputs[which];
    return this.row(from === "input" ? from : `${from}/a`, example);
  }

  /** ∂J/∂z of a stage (∂J/∂a, where it bends nothing). @param {Stage} stage @param {number} example */
  slope(stage, example) {
    return this.row(`${stage.id}/dz`, example) ?? this.row(`${stage.id}/da`, example);
  }

  /** A weight by its name, whatever kind of kernel it is. @param {Stage} stage @param {string} [name] */
  weight(stage, name = "kernel") {
    for (const full of name === "kernel" ? ["kernel", "depthwise_kernel", "pointwise_kernel"] : [name]) {
      const found = this.tensor(`${stage.id}/w/${full}`);
      if (found) return { name: full, ...found };
    }
    return null;
  }

  /** A number of a weight of one channel, or what stands for it where there is none. @param {Stage} stage @param {string} name @param {number} channel @param {number} otherwise */
  of(stage, name, channel, otherwise) {
    return this.tensor(`${stage.id}/w/${name}`)?.data[channel] ?? otherwise;
  }

  // -- forward --------------------------------------------------------------------------------------------------------
  /** z of a number (a, where the layer bends nothing). @param {Stage} stage @param {number} index @param {number} example @returns {Sum | null} */
  forward(stage, index, example) {
    const x = this.given(stage, example);
    if (!x) return null;
    const same = (/** @type {number} */ value) => /** @type {Sum} */ ({ kind: "same", terms: [], rest: value, value });
    if (stage.type === "Dense" || CONVOLUTIONS.includes(stage.type)) {
      const kernel = this.weight(stage);
      if (!kernel) return null;
      const channel = stage.type === "Dense" ? index : placed(stage.shape, index)[2];
      const rest = this.of(stage, "bias", channel, 0);
      const terms =
        stage.type === "Dense"
          ? x.map((v, i) => /** @type {[number, number]} */ ([kernel.data[i * stage.shape[0] + index], v]))
          : this.products(stage, kernel.data, x, index);
      return { kind: "products", terms, rest, value: total(terms) + rest };
    }
    if (UNCHANGED.includes(stage.type)) return same(x[index]);
    const [row, column, channel] = placed(stage.shape, index);
    switch (stage.type) {
      case "MaxPooling2D":
      case "AveragePooling2D": {
        const terms = under(stage, row, column, channel).map((at) => /** @type {[number, number]} */ ([1, x[at]]));
        const values = terms.map(([, v]) => v);
        return stage.type === "MaxPooling2D"
          ? { kind: "max", terms, rest: 0, value: Math.max(...values) }
          : { kind: "mean", terms, rest: 0, value: total(terms) / terms.length };
      }
      case "GlobalMaxPooling2D": {
        const values = x.filter((_, i) => i % stage.input_shape[2] === index);
        return {
          kind: "max",
          terms: values.map((v) => /** @type {[number, number]} */ ([1, v])),
          rest: 0,
          value: Math.max(...values),
        };
      }
      case "GlobalAveragePooling2D": {
        const channels = stage.input_shape[2];
        const terms = x.filter((_, i) => i % channels === index).map((v) => /** @type {[number, number]} */ ([1, v]));
        return { kind: "mean", terms, rest: 0, value: total(terms) / terms.length };
      }
      case "BatchNormalization": {
        const { gamma, mean, deviation, beta } = this.normal(stage, index);
        return {
          kind: "normalise",
          terms: [[gamma, (x[index] - mean) / deviation]],
          rest: beta,
          value: (gamma * (x[index] - mean)) / deviation + beta,
        };
      }
      case "LeakyReLU":
      case "ReLU": {
        const [slope, rest] = bent(stage, x[index]);
        return { kind: "leaky", terms: [[slope, x[index]]], rest, value: slope * x[index] + rest };
      }
      case "ZeroPadding2D": {
        const at = shifted(stage, row, column, channel);
        return at < 0 ? { kind: "padding", terms: [], rest: 0, value: 0 } : same(x[at]);
      }
      case "UpSampling2D":
        return same(
          x[indexed(stage.input_shape, [Math.floor(row / stage.size[0]), Math.floor(column / stage.size[1]), channel])],
        );
      case "Residual":
      case "Parallel": {
        const parts = stage.inputs.map((_, i) => this.given(stage, example, i));
        if (parts.some((part) => !part)) return null;
        if (stage.type === "Parallel" && stage.merge === "concat") {
          const { which, at } = this.branch(stage, index);
          return same(/** @type {number[]} */ (parts[which])[at]);
        }
        const terms = parts.map((part) => /** @type {[number, number]} */ ([1, /** @type {number[]} */ (part)[index]]));
        return { kind: "add", terms, rest: 0, value: total(terms) };
      }
      default:
        return null;
    }
  }

  /** γ, μ, √(σ² + ε) and β of a number. @param {Stage} stage @param {number} index */
  normal(stage, index) {
    const channel = index % stage.shape[stage.shape.length - 1];
    return {
      gamma: this.of(stage, "gamma", channel, 1),
      mean: this.of(stage, "moving_mean", channel, 0),
      deviation: Math.sqrt(this.of(stage, "moving_variance", channel, 1) + stage.epsilon),
      beta: this.of(stage, "beta", channel, 0),
    };
  }

  /** Of branches side by side: the one a number comes from, and where it lies there. @param {Stage} stage @param {number} index */
  branch(stage, index) {
    const channels = stage.shape[stage.shape.length - 1];
    let [channel, which] = [index % channels, 0];
    let own = this.channels(stage.inputs[0], stage);
    while (channel >= own) {
      channel -= own;
      own = this.channels(stage.inputs[++which], stage);
    }
    return { which, at: Math.floor(index / channels) * own + channel };
  }

  /** How many channels an input of a stage has. @param {string} id @param {Stage} stage */
  channels(id, stage) {
    const shape = this.stages.find((s) => s.id === id)?.shape ?? stage.input_shape;
    return shape[shape.length - 1];
  }

  /** (weight, input) under a window. @param {Stage} stage @param {ArrayLike<number>} kernel @param {number[]} x @param {number} index @returns {Terms} */
  products(stage, kernel, x, index) {
    const [row, column, channel] = placed(stage.shape, index);
    const [, , outputs] = stage.shape;
    const channels = stage.input_shape[2];
    const each = stage.type === "Conv2D" ? 0 : outputs / channels;
    /** @type {Terms} */ const terms = [];
    for (let i = 0; i < stage.kernel[0]; i++) {
      for (let j = 0; j < stage.kernel[1]; j++) {
        const tap = i * stage.kernel[1] + j;
        if (each) {
          const at = reached(stage, row, column, i, j, Math.floor(channel / each));
          if (at >= 0) terms.push([kernel[tap * outputs + channel], x[at]]);
        } else {
          for (let c = 0; c < channels; c++) {
            const at = reached(stage, row, column, i, j, c);
            if (at >= 0) terms.push([kernel[(tap * channels + c) * outputs + channel], x[at]]);
          }
        }
      }
    }
    return terms;
  }

  // -- backward -------------------------------------------------------------------------------------------------------
  /** What makes up ∂J/∂a of a number: one entry for each stage that reads it. @param {Stage} stage @param {number} index @param {number} example @returns {Passed[] | null} */
  slopes(stage, index, example) {
    /** @type {Passed[]} */ const found = [];
    for (const reader of this.stages) {
      for (const [which, id] of reader.inputs.entries()) {
        if (id !== stage.id) continue;
        const passed = this.passed(reader, which, index, example);
        if (!passed) return null;
        found.push({ ...passed, id: reader.id, value: total(passed.terms) });
      }
    }
    return found;
  }

  /** What a stage passes back to a number that it is given. @param {Stage} reader @param {number} which of its inputs @param {number} index @param {number} example @returns {{kind: Passed["kind"], terms: Terms} | null} */
  passed(reader, which, index, example) {
    const slope = this.slope(reader, example);
    const x = this.given(reader, example, which);
    if (!slope || !x) return null;
    const one = (/** @type {number} */ at) => ({
      kind: /** @type {const} */ ("passed"),
      terms: /** @type {Terms} */ (at < 0 ? [] : [[1, slope[at]]]),
    });
    if (reader.type === "Dense") {
      const kernel = this.weight(reader);
      return kernel && { kind: "weights", terms: slope.map((d, k) => [kernel.data[index * reader.shape[0] + k], d]) };
    }
    if (UNCHANGED.includes(reader.type)) return one(index);
    const place = placed(reader.input_shape, index);
    switch (reader.type) {
      case "Conv2D":
      case "DepthwiseConv2D": {
        const kernel = this.weight(reader);
        return kernel && { kind: "weights", terms: this.readers(reader, kernel.data, slope, place) };
      }
      case "MaxPooling2D":
        return {
          kind: "won",
          terms: windows(reader, place)
            .filter(([r, c]) => winner(reader, x, r, c, place[2]) === index)
            .map(([r, c]) => [1, slope[indexed(reader.shape, [r, c, place[2]])]]),
        };
      case "AveragePooling2D":
        return {
          kind: "share",
          terms: windows(reader, place).map(([r, c]) => [
            1 / under(reader, r, c, place[2]).length,
            slope[indexed(reader.shape, [r, c, place[2]])],
          ]),
        };
      case "GlobalMaxPooling2D": {
        const values = x.filter((_, i) => i % reader.input_shape[2] === place[2]);
        const most = Math.max(...values);
        return {
          kind: "won",
          terms: x[index] === most ? [[1 / values.filter((v) => v === most).length, slope[place[2]]]] : [],
        };
      }
      case "GlobalAveragePooling2D":
        return { kind: "share", terms: [[1 / (reader.input_shape[0] * reader.input_shape[1]), slope[place[2]]]] };
      case "BatchNormalization": {
        const { gamma, deviation } = this.normal(reader, index);
        return { kind: "scale", terms: [[gamma / deviation, slope[index]]] };
      }
      case "LeakyReLU":
      case "ReLU":
        return { kind: "slope", terms: [[bent(reader, x[index])[0], slope[index]]] };
      case "ZeroPadding2D":
        return one(indexed(reader.shape, [place[0] + reader.margin[0], place[1] + reader.margin[1], place[2]]));
      case "UpSampling2D": {
        const copies = Array.from({ length: reader.size[0] * reader.size[1] }, (_, k) =>
          indexed(reader.shape, [
            place[0] * reader.size[0] + Math.floor(k / reader.size[1]),
            place[1] * reader.size[1] + (k % reader.size[1]),
            place[2],
          ]),
        );
        return { kind: "passed", terms: copies.map((at) => [1, slope[at]]) };
      }
      case "Residual":
        return one(index);
      case "Parallel": {
        if (reader.merge !== "concat") return one(index);
        const [channels, own] = [reader.shape[reader.shape.length - 1], this.channels(reader.inputs[which], reader)];
        const before = reader.inputs.slice(0, which).reduce((sum, id) => sum + this.channels(id, reader), 0);
        return one(Math.floor(index / own) * channels + before + (index % own));
      }
      default:
        return null;
    }
  }

  /** (weight, ∂J/∂z) of every number of a convolution that a place goes into. @param {Stage} stage @param {ArrayLike<number>} kernel @param {number[]} slope @param {number[]} place @returns {Terms} */
  readers(stage, kernel, slope, [y, x, c]) {
    const [, , outputs] = stage.shape;
    const channels = stage.input_shape[2];
    const each = stage.type === "Conv2D" ? 0 : outputs / channels;
    /** @type {Terms} */ const terms = [];
    for (const [row, column, i, j] of windows(stage, [y, x, c])) {
      const tap = i * stage.kernel[1] + j;
      const at = (row * stage.shape[1] + column) * outputs;
      if (each)
        for (let d = 0; d < each; d++) terms.push([kernel[tap * outputs + c * each + d], slope[at + c * each + d]]);
      else for (let o = 0; o < outputs; o++) terms.push([kernel[(tap * channels + c) * outputs + o], slope[at + o]]);
    }
    return terms;
  }

  /** The products behind ∂J/∂w over the batch, and its penalty's slope. @param {Stage} stage @param {string} name @param {number[]} place the weight's indices @returns {Sum | null} */
  gradient(stage, name, place) {
    const weight = this.tensor(`${stage.id}/w/${name}`);
    if (!weight) return null;
    /** @type {Terms} */ const terms = [];
    for (let example = 0; example < this.about.count; example++) {
      const slope = this.slope(stage, example);
      const x = this.given(stage, example);
      if (!slope || !x) return null;
      for (const term of this.uses(stage, name, place, slope, x)) terms.push(term);
    }
    const w = weight.data[flat(weight.shape, place)];
    const [l1, l2] = stage.penalties[name] ?? [0, 0];
    const rest = 2 * l2 * w + l1 * Math.sign(w);
    return { kind: "products", terms, rest, value: total(terms) + rest };
  }

  /** (slope, what the weight is multiplied with) of every use of a weight in one example. @param {Stage} stage @param {string} name @param {number[]} place @param {number[]} slope @param {number[]} x @returns {Terms} */
  uses(stage, name, place, slope, x) {
    const last = place[place.length - 1];
    const channels = stage.shape[stage.shape.length - 1];
    if (!name.endsWith("kernel")) {
      const scale = name === "gamma";
      const all = /** @type {Terms} */ ([]);
      for (let at = last; at < slope.length; at += channels) {
        const { mean, deviation } = scale ? this.normal(stage, at) : { mean: 0, deviation: 1 };
        all.push([slope[at], scale ? (x[at] - mean) / deviation : 1]);
      }
      return all;
    }
    if (stage.type === "Dense") return [[slope[last], x[place[0]]]];
    const [i, j, c, o] = place;
    const output = stage.type === "Conv2D" ? o : c * (channels / stage.input_shape[2]) + o;
    const all = /** @type {Terms} */ ([]);
    for (let row = 0; row < stage.shape[0]; row++) {
      for (let column = 0; column < stage.shape[1]; column++) {
        const at = reached(stage, row, column, i, j, c);
        if (at >= 0) all.push([slope[indexed(stage.shape, [row, column, output])], x[at]]);
      }
    }
    return all;
  }
}

/** The input that tap (i, j) of the window at (row, column) sees, −1 outside. @param {Stage} stage @param {number} row @param {number} column @param {number} i @param {number} j @param {number} c */
function reached(stage, row, column, i, j, c) {
  const [height, width] = stage.input_shape;
  const y = row * stage.strides[0] - stage.margin[0] + i;
  const x = column * stage.strides[1] - stage.margin[1] + j;
  return y < 0 || x < 0 || y >= height || x >= width ? -1 : indexed(stage.input_shape, [y, x, c]);
}

/** The inputs under a window. @param {Stage} stage @param {number} row @param {number} column @param {number} channel */
function under(stage, row, column, channel) {
  const found = [];
  for (let i = 0; i < stage.kernel[0]; i++) {
    for (let j = 0; j < stage.kernel[1]; j++) {
      const at = reached(stage, row, column, i, j, channel);
      if (at >= 0) found.push(at);
    }
  }
  return found;
}

/** [row, column, i, j] of the windows that see a place, and by which tap. @param {Stage} stage @param {number[]} place */
function windows(stage, [y, x]) {
  const found = [];
  for (let i = 0; i < stage.kernel[0]; i++) {
    for (let j = 0; j < stage.kernel[1]; j++) {
      const row = (y + stage.margin[0] - i) / stage.strides[0];
      const column = (x + stage.margin[1] - j) / stage.strides[1];
      if (
        Number.isInteger(row) &&
        Number.isInteger(column) &&
        row >= 0 &&
        column >= 0 &&
        row < stage.shape[0] &&
        column < stage.shape[1]
      )
        found.push([row, column, i, j]);
    }
  }
  return found;
}

/** Where a pooled picture's padding ends: the place an output comes from, −1 for padding. @param {Stage} stage @param {number} row @param {number} column @param {number} channel */
function shifted(stage, row, column, channel) {
  const [y, x] = [row - stage.margin[0], column - stage.margin[1]];
  return y < 0 || x < 0 || y >= stage.input_shape[0] || x >= stage.input_shape[1]
    ? -1
    : indexed(stage.input_shape, [y, x, channel]);
}

/** The first largest input under a window. Windows of 2×2 that tile a picture go by columns, as in the engine. @param {Stage} stage @param {number[]} x @param {number} row @param {number} column @param {number} channel */
function winner(stage, x, row, column, channel) {
  let seen = under(stage, row, column, channel);
  const tiles =
    stage.kernel.every((k) => k === 2) &&
    stage.strides.every((s) => s === 2) &&
    stage.input_shape[0] % 2 === 0 &&
    stage.input_shape[1] % 2 === 0;
  if (tiles) seen = [seen[0], seen[2], seen[1], seen[3]];
  return seen.reduce((best, at) => (x[at] > x[best] ? at : best), seen[0]);
}
