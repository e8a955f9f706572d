/** The views of a run, a row each in registry.json; the server reads it too and writes it into the page. */

import { moreTexts } from "../core/i18n.js";

/**
 * @typedef {object} PanelRow
 * @property {string} name what labs and programs call it; its element is d-NAME
 * @property {string} module the file that defines the element, from this folder
 * @property {true} [stands] it is there without having been opened; the others are panels
 * @property {string[]} [tasks] of the data for which it is there, if not for all
 * @property {number} [menu] its place in the menu, if it can be opened without a lesson
 * @property {Record<string, string>} [title] what it is called, unless the words have its name
 */

/** In the order in which they stand on the page. @type {PanelRow[]} */
export const PANELS = JSON.parse(document.querySelector("#panels")?.textContent ?? "[]");

/** Those that can be opened without a lesson, as the menu has them. */
export const MENU = PANELS.filter((row) => row.menu).sort((a, b) => Number(a.menu) - Number(b.menu));

/** Style sheets of nothing that a page begins with. */
const LATER = [
  "inspector.css",
  "lesson.css",
  "panels.css",
  "surface.css",
  "propagation.css",
  "detection.css",
  "zoo.css",
  "print.css",
  "picker.css",
  "first-play.css",
];
/** @type {Promise<unknown> | undefined} */ let styles;

/** @param {string} name */
const fetchStyle = (name) =>
  new Promise((go) => {
    if (document.querySelector(`link[href$="/${name}"]`)) go(null);
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(`../styles/${name}`, import.meta.url).href;
    link.addEventListener("load", go, { once: true });
    link.addEventListener("error", go, { once: true }); // a panel without its style is better than none
    document.head.append(link);
  });

/** The style sheets of lessons, panels and paper, once. */
export const fetchStyles = () => (styles ??= Promise.all(LATER.map(fetchStyle)));

/** Fetches a panel and its words when it is wanted, once. @param {PanelRow} row @returns {Promise<unknown>} */
export const fetchPanel = (row) => Promise.all([moreTexts(), fetchStyles()]).then(() => import(`./${row.module}`));
