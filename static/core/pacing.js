/**
 * Paces as the page needs them: the curve of a clock (app/worker/pacing.py has its equation), for what the page itself
 * plays, and the places of *slower* and *faster*. The run's own pace is kept by the server.
 */

/** @import {RunState} from "../types/page.d.ts" */
/** @typedef {{seconds: (steps: number) => number, steps: (seconds: number) => number}} Curve steps over time */

const FIRST = 2;
const KNEE_SECONDS = 11;
const GROWTH = 1;
/** Of a net that is nobody's example. */
export const OTHER_KNEE = 200;
/** Steps a second of each press of *slower* and *faster*; beyond the last is full speed. */
export const PLACES = [0.5, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500];

/** Steps after a time, at a pace that is `first` and grows by `growth` a second. */
const grown = (/** @type {number} */ seconds, /** @type {number} */ first, /** @type {number} */ growth) =>
  growth ? (first * Math.expm1(Math.min(growth * seconds, 600))) / growth : first * seconds;

/** The time after which there are so many. */
const since = (/** @type {number} */ steps, /** @type {number} */ first, /** @type {number} */ growth) =>
  growth ? Math.log1p((growth * steps) / first) / growth : steps / first;

/** The growth (1/s) with which the knee comes after eleven seconds. @param {number} knee */
function growthTo(knee) {
  if (knee <= FIRST * KNEE_SECONDS) return 0;
  let low = 0;
  let high = 8;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (grown(KNEE_SECONDS, FIRST, middle) < knee) low = middle;
    else high = middle;
  }
  return high;
}

/** @param {number} knee steps @returns {Curve} slowly at first, the knee after eleven seconds, then ever faster */
export function byClock(knee) {
  const most = Math.max(knee, FIRST * KNEE_SECONDS);
  const growth = growthTo(most);
  const [atKnee, after] = [FIRST + growth * most, Math.max(GROWTH, growth)];
  return {
    seconds: (n) => (n <= most ? since(n, FIRST, growth) : KNEE_SECONDS + since(n - most, atKnee, after)),
    steps: (t) => (t <= KNEE_SECONDS ? grown(t, FIRST, growth) : most + grown(t - KNEE_SECONDS, atKnee, after)),
  };
}

/** @param {number} speed steps a second @returns {Curve} */
const evenly = (speed) => ({ seconds: (steps) => steps / speed, steps: (seconds) => seconds * speed });

/**
 * The curve of a pace; null: as fast as it goes.
 * @param {RunState["pace"] | undefined} pace @param {number} [knee] another one than the run's own
 */
export function curveOf(pace, knee) {
  if (pace?.kind === "clock") return byClock(knee ?? pace.knee ?? OTHER_KNEE);
  return pace?.kind === "fixed" && pace.speed ? evenly(pace.speed) : null;
}

/** Steps a second at present, as far as anybody knows. @param {Pick<RunState, "held" | "rate">} state */
const present = ({ held, rate }) => held ?? (rate || Infinity);

/** The next lower place; there is none below the lowest. @param {Pick<RunState, "held" | "rate">} state */
export function slower(state) {
  const lower = PLACES.filter((place) => place < present(state) * 0.95);
  return lower.at(-1) ?? PLACES[0];
}

/** The next higher place; null: full speed. @param {Pick<RunState, "held" | "rate">} state */
export function faster(state) {
  return PLACES.find((place) => place > present(state) * 1.05) ?? null;
}
