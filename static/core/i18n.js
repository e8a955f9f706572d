/**
 * The texts of static/text, one language at a time; a missing word is a test failure. A text is a message in the
 * manner of ICU: {name} stands for a value, {n, plural, one {# row} other {# rows}} for words that go with a number.
 */

import { formsOf, showAddress } from "./powers.js";

/** @typedef {"en" | "he"} Language */
/** @typedef {Record<string, string>} Texts */

/** @param {Language} which @returns {Promise<Texts>} */
const fetchTexts = async (which) =>
  which === "he" ? (await import("../text/he.js")).he : (await import("../text/en.js")).en;

/** What only elements say that show later (core/more-texts.js). @param {Language} which @returns {Promise<Texts>} */
const fetchMore = async (which) =>
  which === "he" ? (await import("../text/more/he.js")).he : (await import("../text/more/en.js")).en;

const PLURAL = /\{(\w+), plural,((?: (?:=\d+|\w+) \{[^{}]*(?:\{\w+\}[^{}]*)*\})+)\}/g;
const NUMBER = /^[\d.,]*\d%?$/;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** @type {Language} */
let language = document.documentElement.lang === "he" ? "he" : "en";
let whole = false;
/** @type {Texts} */ let texts;
/** @type {ReturnType<typeof formsOf>} */ let kindOf;
/** What a text of this language is, in reading order. @type {(text: string) => string} */ let order;

/** @param {Language} next */
async function speak(next) {
  const [first, more] = await Promise.all([fetchTexts(next), whole ? fetchMore(next) : {}]);
  /** @type {Texts} */ const found = { ...first, ...more };
  order = found.direction === "rtl" ? (await import("./reading-order.js")).inOrder : (text) => text;
  kindOf = formsOf(next);
  texts = found;
  language = next;
}
await speak(language);

/** @type {Promise<void> | null} */ let asked = null;
/** All texts, from now on in every language. */
export function moreTexts() {
  whole = true;
  asked ??= speak(language).catch((error) => {
    asked = null; // they may be there the next time
    throw error;
  });
  return asked;
}

export const currentLanguage = () => language;
export const rightToLeft = () => texts.direction === "rtl";

/** Speaks another language from now on, once its texts are here. @param {string} next */
export async function setLanguage(next) {
  await speak(next === "he" ? "he" : "en");
  document.documentElement.lang = language;
  document.documentElement.dir = texts.direction;
  const url = new URL(location.href);
  url.searchParams.set("lang", language);
  showAddress(url);
}

/**
 * The form that goes with a number: of that very number, of its kind in the language, or of all others.
 * @param {string} forms @param {string | number} [value]
 */
function form(forms, value) {
  const n = Number(String(value ?? 0).replaceAll(",", ""));
  for (const kind of [`=${n}`, kindOf(n), "other"]) {
    const found = forms.match(` ${kind} \\{([^{}]*(?:\\{\\w+\\}[^{}]*)*)\\}`);
    if (found) return found[1];
  }
  return forms;
}

/** A value keeps its own direction where the text around it has another. @param {string} value */
const isolated = (value) =>
  (rightToLeft() ? NUMBER.test(value) : !RIGHT_TO_LEFT.test(value)) ? value : `\u2068${value}\u2069`;

/** @param {string} key @param {Record<string, string | number>} [values] @returns {string} */
export function t(key, values = {}) {
  const text = (texts[key] ?? key).replace(PLURAL, (_, name, forms) =>
    form(forms, values[name]).replaceAll("#", `{${name}}`),
  );
  return order(text).replace(/\{(\w+)\}/g, (_, name) =>
    name in values ? isolated(String(values[name])) : `{${name}}`,
  );
}

/** What has its texts with it, in this language. @param {Record<string, string>} label */
export const words = (label) => order(label[language]);
