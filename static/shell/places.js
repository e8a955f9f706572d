/** Which view has which place: the hero has the middle, the others are strips beside it (tabs on a phone). */

/** @typedef {import("../panels/registry.js").PanelRow} PanelRow */
/** @typedef {"hero" | "strip" | ""} Place none: it is not to be seen */

/**
 * @typedef {object} Scene what decides it
 * @property {PanelRow[]} rows every view there is, in its order
 * @property {Set<string>} hidden by a teacher's link
 * @property {Set<string>} open panels that have been opened
 * @property {string} task of the data
 * @property {(string | undefined)[]} wishes for a hero, the strongest first: the visitor's, the lab's
 */

/** The hero where nobody wishes otherwise. */
const USUAL = "network";

/** Whether a view can be seen at all. @param {PanelRow} row @param {Scene} scene */
function isThere({ name, stands, tasks }, { hidden, open, task }) {
  if (hidden.has(name) || (tasks && !tasks.includes(task))) return false;
  return stands || open.has(name);
}

/**
 * Where each of the views stands.
 * @param {Scene} scene
 * @returns {Map<string, Place>}
 */
export function placesOf(scene) {
  const there = scene.rows.filter((row) => isThere(row, scene)).map(({ name }) => name);
  const hero = [...scene.wishes, USUAL].find((name) => name && there.includes(name)) ?? there[0];
  /** @type {Map<string, Place>} */
  const places = new Map(scene.rows.map(({ name }) => [name, ""]));
  for (const name of there) places.set(name, name === hero ? "hero" : "strip");
  return places;
}

/** Those that have a place of a kind, in their order. @param {Map<string, Place>} places @param {Place} kind */
export const those = (places, kind) => [...places].filter(([, place]) => place === kind).map(([name]) => name);
