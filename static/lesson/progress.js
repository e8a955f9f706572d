/** Which challenges this browser has seen solved. */

const SOLVED = "descent-solved";

/** By "lab/challenge". @returns {Record<string, true>} */
export function solvedChallenges() {
  try {
    return JSON.parse(localStorage.getItem(SOLVED) ?? "{}");
  } catch {
    return {};
  }
}

/** @param {Record<string, true>} solved */
export function keepSolved(solved) {
  localStorage.setItem(SOLVED, JSON.stringify(solved));
}
