/** Two languages; the texts are in static/text. Missing words fall back to English and are a test failure. */

import { en } from "../text/en.js";
import { he } from "../text/he.js";

/** @type {Record<string, Record<string, string>>} */
const TEXTS = { en, he };

/** @typedef {"en" | "he"} Language */

/** @type {Language} */
let language = document.documentElement.lang === "he" ? "he" : "en";

export const currentLanguage = () => language;

/** @param {string} next */
export function setLanguage(next) {
  language = next === "he" ? "he" : "en";
  document.documentElement.lang = language;
  document.documentElement.dir = language === "he" ? "rtl" : "ltr";
  const url = new URL(location.href);
  url.searchParams.set("lang", language);
  history.replaceState(null, "", url);
}

/** @param {string} key @param {Record<string, string | number>} [values] @returns {string} */
export function t(key, values = {}) {
  const text = TEXTS[language][key] ?? TEXTS.en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? `{${name}}`));
}
