/** Which challenges this browser has seen solved. */

import { keep, recallJson } from "../core/powers.js";

const SOLVED = "descent-solved";

/** By "lab/challenge". @returns {Record<string, true>} */
export function solvedChallenges() {
  return recallJson(SOLVED, {});
}

/** @param {Record<string, true>} solved */
export function keepSolved(solved) {
  keep(SOLVED, JSON.stringify(solved));
}
