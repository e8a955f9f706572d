/** How colours look to eyes that lack a kind of cone, and how far apart two colours are then. */

/** @typedef {number[]} Rgb 0 … 255 */

/** Machado, Oliveira, Fernandes 2009, severity 1.0, on linear light. @type {Record<string, number[][]>} */
export const EYES = {
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
  /** No colour at all: brightness alone, as on a black-and-white print. */
  grey: Array.from({ length: 3 }, () => [0.2126, 0.7152, 0.0722]),
};

const linear = (/** @type {number} */ c) => (c <= 0.04045 * 255 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);

/** CIE L*a*b* (D65) as an eye sees it. @param {Rgb} rgb @param {string} eye */
export function lab(rgb, eye) {
  const light = rgb.map(linear);
  const [r, g, b] = EYES[eye].map((row) =>
    Math.max(
      0,
      Math.min(
        1,
        row.reduce((s, m, i) => s + m * light[i], 0),
      ),
    ),
  );
  const [x, y, z] = [
    (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
  ].map((v) => (v > 0.008856 ? Math.cbrt(v) : 7.787 * v + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** ΔE*ab: 2.3 is just noticeable, 10 is told apart at a glance. @param {Rgb} a @param {Rgb} b @param {string} eye */
export function apart(a, b, eye) {
  const [p, q] = [lab(a, eye), lab(b, eye)];
  return Math.hypot(...p.map((v, i) => v - q[i]));
}

/**
 * CIEDE2000 of two colours in CIE L*a*b* (Sharma, Wu, Dalal 2005): equal numbers look equally far, 1 is noticed.
 * @param {number[]} first @param {number[]} second
 */
export function deltaE([L1, a1, b1], [L2, a2, b2]) {
  const [degrees, cos, sin] = [180 / Math.PI, (/** @type {number} */ d) => Math.cos(d / degrees), Math.sin];
  const seventh = (/** @type {number} */ c) => Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7));
  const grow = 1 + 0.5 * (1 - seventh((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2));
  const [C1, C2] = [Math.hypot(grow * a1, b1), Math.hypot(grow * a2, b2)];
  const hue = (/** @type {number} */ x, /** @type {number} */ y) =>
    x || y ? (degrees * Math.atan2(y, grow * x) + 360) % 360 : 0;
  const [h1, h2] = [hue(a1, b1), hue(a2, b2)];
  const turn = C1 * C2 ? ((h2 - h1 + 540) % 360) - 180 : 0;
  const [L, C] = [(L1 + L2) / 2, (C1 + C2) / 2];
  const h = C1 * C2 ? (h1 + turn / 2 + 360) % 360 : h1 + h2;
  const T = 1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + 6) - 0.2 * cos(4 * h - 63);
  const light = (L2 - L1) / (1 + (0.015 * (L - 50) ** 2) / Math.sqrt(20 + (L - 50) ** 2));
  const chroma = (C2 - C1) / (1 + 0.045 * C);
  const tint = (2 * Math.sqrt(C1 * C2) * sin(turn / degrees / 2)) / (1 + 0.015 * C * T);
  const bend = -2 * seventh(C) * sin((60 * Math.exp(-(((h - 275) / 25) ** 2))) / degrees);
  return Math.sqrt(light ** 2 + chroma ** 2 + tint ** 2 + bend * chroma * tint);
}

/** How unlike two colours are to an eye. @param {Rgb} a @param {Rgb} b @param {string} eye */
export const unlike = (a, b, eye) => deltaE(lab(a, eye), lab(b, eye));
