/** Elements whose modules are fetched when the first of them is wanted: a page begins with what it shows. */

import { html } from "lit";
import { moreTexts } from "./i18n.js";

/** @typedef {import("./element.js").Element} Element */
/** @typedef {import("./session.js").Session} Session */
/** @typedef {() => Promise<unknown>} Fetch imports the module that defines the element */

/** What has been asked for: a module that cannot be had is told of once. @type {Set<string>} */
const asked = new Set();

/**
 * What stands in a template for such an element, and the element once it is here.
 * @param {Element} host whose template it is @param {string} tag @param {Fetch} fetch @param {() => unknown} content
 */
export function later(host, tag, fetch, content) {
  if (customElements.get(tag)) return content();
  const redraw = () => host.requestUpdate();
  if (asked.has(tag)) customElements.whenDefined(tag).then(redraw);
  else {
    asked.add(tag);
    moreTexts()
      .then(fetch)
      .then(redraw, (error) => host.session.fail(error));
  }
  return html`<div class="skeleton"></div>`;
}

/**
 * Opens a dialog that stands in the page as a plain element until then.
 * @param {Session} session @param {Fetch} fetch @param {string} selector @param {...string} what it is opened with
 */
export async function openLater(session, fetch, selector, ...what) {
  try {
    await moreTexts();
    await fetch();
  } catch (error) {
    session.fail(error);
    return;
  }
  const dialog = /** @type {Element & {open: (...what: string[]) => void}} */ (document.querySelector(selector));
  await dialog?.updateComplete;
  dialog?.open(...what);
}
