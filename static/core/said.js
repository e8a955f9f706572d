/**
 * What a problem document says, in the reader's language: the messages of languages/, which the server reads, too
 * (app/said.py is this module's twin; tests/app/test_codes.py holds the two together). Comes with the first error.
 */

import { FluentBundle, FluentNumber, FluentResource } from "@fluent/bundle";

/** @typedef {import("../types/page.d.ts").Problem} Problem */
/** @typedef {string | FluentNumber} Value */
/** @typedef {string | number | boolean | null} Scalar */

const FALLBACK = "in-english";
const BOUNDS = ["minimum", "above", "below", "maximum"];
const LARGEST = 1e15;
const SMALLEST = 1e-4;
/** Of a list that is said; a program has all of it. */
const MOST_NAMES = 12;

/** @param {string} language @param {string} text the messages @returns {FluentBundle} */
export function bundleOf(language, text) {
  const bundle = new FluentBundle(language);
  bundle.addResource(new FluentResource(text));
  return bundle;
}

/** Why a stream was closed for good, by its code. @type {Record<number, string>} */
const CLOSED = { 4502: "run-token", 4503: "origin-foreign", 4504: "no-run" };

/**
 * What a problem says, in the reader's language; its English sentence, marked, where the messages cannot be had.
 * @param {Partial<Problem> & {closed?: number}} problem `closed`: the code that a stream was closed with
 */
export async function inWords({ closed, ...problem }) {
  const whole = { ...problem, detail: told(problem), ...(closed && { code: CLOSED[closed] }) };
  try {
    return await said(whole, document.documentElement.lang);
  } catch {
    return `${whole.detail} [en]`;
  }
}

/**
 * The English sentence, with layers called as the page calls them: h2 and not layers.1.
 * @param {Partial<Problem>} problem
 */
function told({ detail, field = "", layer }) {
  const place = field.match(/^layers\.\d+/)?.[0];
  if (!detail || !place || layer === undefined) return detail ?? "the server did not answer";
  return detail.replace(new RegExp(`^${place.replace(".", "\\.")}(?:\\.([\\w.]+))?(?!\\d)`), (_, inner) =>
    inner ? `${layer} · ${inner}` : layer,
  );
}

/** @type {Map<string, Promise<FluentBundle>>} */
const bundles = new Map();

/** @param {string} language @returns {Promise<FluentBundle>} */
async function fetchBundle(language) {
  const response = await fetch(new URL(`../languages/${language}/errors.ftl`, import.meta.url));
  if (!response.ok) throw new Error(response.statusText);
  return bundleOf(language, await response.text());
}

/** @param {Partial<Problem>} problem @param {string} language @returns {Promise<string>} */
async function said(problem, language) {
  const bundle = bundles.get(language) ?? fetchBundle(language);
  bundles.set(language, bundle);
  try {
    return say(await bundle, problem);
  } catch (error) {
    bundles.delete(language); // the next error asks again
    throw error;
  }
}

/** @param {FluentBundle} bundle @param {Partial<Problem>} problem @returns {string} */
export function say(bundle, problem) {
  const detail = problem.detail ?? "";
  const values = { ...valuesOf(bundle, problem), detail };
  const text = message(bundle, problem.code ?? "", values);
  if (text === null) return message(bundle, FALLBACK, { detail }) ?? detail;
  return begun(text, message(bundle, "setting-name", values) ?? "");
}

/**
 * A message with its values; null if there is none, or it asks for a value that is not here.
 * @param {FluentBundle} bundle @param {string} name @param {Record<string, Value>} [values]
 */
function message(bundle, name, values = {}) {
  const pattern = bundle.getMessage(name)?.value;
  if (!pattern) return null;
  /** @type {Error[]} */ const errors = [];
  const text = bundle.formatPattern(pattern, values, errors);
  return errors.length ? null : text;
}

/**
 * A sentence begins with a capital where the name of a setting stands first; names of the reader's own stay.
 * @param {string} text @param {string} setting
 */
function begun(text, setting) {
  const start = text.length - text.replace(/^\u2068+/, "").length;
  if (!setting || !text.startsWith(setting, start)) return text;
  return text.slice(0, start) + text.charAt(start).toUpperCase() + text.slice(start + 1);
}

/** @param {FluentBundle} bundle @param {Partial<Problem>} problem @returns {Record<string, Value>} */
function valuesOf(bundle, { params = {}, field, layer: given }) {
  const layer = /** @type {string | undefined} */ (params.layer || given);
  const setting = settingOf(field ?? "") || String(params.argument ?? "");
  const inLayer = setting ? "layer-setting" : "layer";
  /** @type {Record<string, Value>} */ const values = {};
  for (const [name, value] of Object.entries(params)) values[name] = shown(bundle, value);
  if (params.kind) values.kind = String(params.kind).replaceAll(" ", "-");
  values.layer = layer ?? "";
  values.setting = setting;
  values.where = layer ? inLayer : setting ? "setting" : "nothing";
  values.bounds = BOUNDS.filter((name) => name in params).join("-");
  return values;
}

/** What a path leads to, without layers and places in lists: units, loss-name. @param {string} field */
function settingOf(field) {
  const parts = field
    .replace(/^.*?layers\.\d+\.?/, "")
    .split(".")
    .filter((part) => part && !/^\d+$/.test(part));
  return parts.at(-1) === "name" ? parts.slice(-2).join("-") : (parts.at(-1) ?? "");
}

/** A parameter as a message takes it. @param {FluentBundle} bundle @param {Scalar | Scalar[]} value @returns {Value} */
function shown(bundle, value) {
  if (value === null) return message(bundle, "nothing") ?? "–";
  if (typeof value === "boolean") return message(bundle, value ? "yes" : "no") ?? String(value);
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one === "number")) return value.join(" × ");
    const names = value.slice(0, MOST_NAMES).map((one) => `\u2068${one}\u2069`);
    if (value.length > MOST_NAMES) names.push("…");
    return names.join(message(bundle, "separator") ?? ", ");
  }
  if (typeof value === "string") return value;
  if (Number.isInteger(value) && Math.abs(value) < LARGEST) return new FluentNumber(value);
  if (Math.abs(value) < SMALLEST || Math.abs(value) >= LARGEST) return short(value);
  return new FluentNumber(value, { maximumFractionDigits: 6 });
}

/** Three digits, as the server writes them: 3.4e+38. @param {number} value */
function short(value) {
  const [digits, power] = value.toExponential(2).split("e");
  return `${Number(digits)}e${power.replace(/^([+-])(\d)$/, "$10$2")}`;
}
