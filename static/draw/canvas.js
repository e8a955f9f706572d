/** Canvases in CSS pixels. */

/**
 * A canvas made as sharp as the screen; returns its context in CSS pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
export function sharp(canvas, width, height) {
  const ratio = Math.min(2, devicePixelRatio || 1);
  const w = Math.round(width * ratio);
  const h = Math.round(height * ratio);
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** How much larger letters and marks are than on a desk: presenter size is for the far end of a room. */
export const marks = () => (document.documentElement.dataset.size === "room" ? 1.5 : 1);

/** As tall as the smallest letters of the page: --type-label in styles/tokens.css. */
const LABEL = 13;

/** The font of words in drawings. @param {string} [weight] */
export const letters = (weight = "400") => `${weight} ${LABEL * marks()}px Rubik Variable, sans-serif`;
