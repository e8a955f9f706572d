/** Two languages; the texts are in static/text. A page fetches its reader's alone; a missing word is a test failure. */

import { showAddress } from "./powers.js";

/** @typedef {"en" | "he"} Language */
/** @typedef {Record<string, string>} Texts */

/** @param {Language} which @returns {Promise<Texts>} */
const fetchTexts = async (which) =>
  which === "he" ? (await import("../text/he.js")).he : (await import("../text/en.js")).en;

/** @type {Language} */
let language = document.documentElement.lang === "he" ? "he" : "en";
let texts = await fetchTexts(language);

export const currentLanguage = () => language;

/** Speaks another language from now on, once its texts are here. @param {string} next */
export async function setLanguage(next) {
  /** @type {Language} */ const chosen = next === "he" ? "he" : "en";
  texts = await fetchTexts(chosen);
  language = chosen;
  document.documentElement.lang = language;
  document.documentElement.dir = language === "he" ? "rtl" : "ltr";
  const url = new URL(location.href);
  url.searchParams.set("lang", language);
  showAddress(url);
}

/** @param {string} key @param {Record<string, string | number>} [values] @returns {string} */
export function t(key, values = {}) {
  const text = texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? `{${name}}`));
}
