/** The products behind one number of a convolution, forward and back, from a layer's own arrays. */

/**
 * @typedef {object} Windowed what `propagation` says about a convolution or a pooling
 * @property {[number, number, number]} shape rows, columns, channels of its output
 * @property {[number, number, number]} input_shape
 * @property {[number, number]} kernel
 * @property {[number, number]} strides
 * @property {[number, number]} margin rows above and columns left of the picture
 */

/** A place in the input under place (i, j) of the window at (row, column), −1 outside. @param {Windowed} layer @param {number} row @param {number} column @param {number} i @param {number} j @param {number} c */
function under(layer, row, column, i, j, c) {
  const [height, width, channels] = layer.input_shape;
  const y = row * layer.strides[0] - layer.margin[0] + i;
  const x = column * layer.strides[1] - layer.margin[1] + j;
  return y < 0 || x < 0 || y >= height || x >= width ? -1 : (y * width + x) * channels + c;
}

/** (weight, input) of every product in z at a place. @param {Windowed} layer @param {ArrayLike<number>} kernel (k_h, k_w, C, O) @param {ArrayLike<number>} input (H, W, C) @param {number[]} place row, column, channel @returns {[number, number][]} */
export function forwardTerms(layer, kernel, input, [row, column, channel]) {
  const [, , channels] = layer.input_shape;
  const outputs = layer.shape[2];
  /** @type {[number, number][]} */ const terms = [];
  for (let i = 0; i < layer.kernel[0]; i++) {
    for (let j = 0; j < layer.kernel[1]; j++) {
      for (let c = 0; c < channels; c++) {
        const at = under(layer, row, column, i, j, c);
        if (at >= 0) terms.push([kernel[((i * layer.kernel[1] + j) * channels + c) * outputs + channel], input[at]]);
      }
    }
  }
  return terms;
}

/** The numbers under a pooling window. @param {Windowed} layer @param {ArrayLike<number>} input @param {number[]} place @returns {number[]} */
export function pooled(layer, input, [row, column, channel]) {
  const found = [];
  for (let i = 0; i < layer.kernel[0]; i++) {
    for (let j = 0; j < layer.kernel[1]; j++) {
      const at = under(layer, row, column, i, j, channel);
      if (at >= 0) found.push(input[at]);
    }
  }
  return found;
}

/** (∂J/∂z, input) of every place at which a weight was used. @param {Windowed} layer @param {ArrayLike<number>} dz (H, W, O) @param {ArrayLike<number>} input @param {number[]} weight i, j, c, o @returns {[number, number][]} */
export function weightTerms(layer, dz, input, [i, j, c, o]) {
  const [height, width, outputs] = layer.shape;
  /** @type {[number, number][]} */ const terms = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = under(layer, row, column, i, j, c);
      if (at >= 0) terms.push([dz[(row * width + column) * outputs + o], input[at]]);
    }
  }
  return terms;
}
