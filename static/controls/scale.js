/** Where values stand on a slider. */

/** Places of a logarithmic slider between two powers of ten. */
const DECADE = 10;

/**
 * A plain slider's places are its values. A logarithmic one has places in whole numbers, and one more below them for 0
 * if `zero` says so.
 * @param {{min: number, max: number, step?: number, log?: boolean, zero?: boolean}} o
 */
export function scaleOf({ min, max, step = 1, log = false, zero = false }) {
  const same = (/** @type {number} */ v) => v;
  if (!log) return { low: min, top: max, step, place: same, back: same };
  const low = zero ? -1 : 0;
  const top = Math.round(DECADE * Math.log10(max / min));
  return {
    low,
    top,
    step: 1,
    place: (/** @type {number} */ v) => (v <= 0 ? low : Math.round(DECADE * Math.log10(v / min))),
    /** Two digits are enough. */
    back: (/** @type {number} */ place) =>
      place < 0 ? 0 : Number((min * (max / min) ** (place / top)).toPrecision(2)),
  };
}
