/** Small pieces of form that many panels use. */

import { html, nothing } from "lit";
import { session } from "../core/session.js";
import { short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { openLater } from "../core/later.js";
import { fetchStyles } from "../panels/registry.js";
import * as icons from "./icons.js";
import { scaleOf } from "./scale.js";

/** Whether a teacher's link hides a control. @param {string} name */
export const hidden = (name) => session.hidden.has(name);

/** Whether a control may be used: it is ours to steer and not locked. @param {string} name */
export const locked = (name) => !session.maySteer || session.locked.has(name) || session.locked.has("all");

/** The button in the corner that closes a card. @param {() => void} close @param {string} [name] */
export function closeButton(close, name) {
  return html`<button
    type="button"
    class="tool push"
    aria-label=${t("close")}
    data-control=${name ?? nothing}
    @click=${close}
  >
    ${icons.close}
  </button>`;
}

/**
 * A select with a label.
 * @param {{name: string, label: string, value: string, options: [string, string][], change: (value: string) => void,
 *   compact?: boolean, free?: boolean, groups?: [string, [string, string][]][]}} o
 */
export function select({ name, label, value, options, change, compact, free, groups = [] }) {
  if (hidden(name)) return nothing;
  return html`<label class="field ${compact ? "compact" : ""}"
    ><span>${label}</span>
    <select
      ?disabled=${!free && locked(name)}
      .value=${value}
      data-control=${name}
      aria-label=${label}
      @change=${(/** @type {On<HTMLSelectElement>} */ e) => change(e.target.value)}
    >
      ${options.map(([key, text]) => html`<option value=${key} ?selected=${key === value}>${text}</option>`)}
      ${groups.map(
        ([group, inside]) =>
          html`<optgroup label=${group}>
            ${inside.map(([key, text]) => html`<option value=${key} ?selected=${key === value}>${text}</option>`)}
          </optgroup>`,
      )}
    </select></label
  >`;
}

/**
 * A choice by picture: a button that says what is chosen, and opens a dialog of pictures with a search (picker.js). The
 * select stays where it was, for programs; the dialog offers what it holds, and chooses in it.
 * @param {{name: string, label: string, value: string, change: (value: string) => void, shown?: string,
 *   groups: [string, [string, string][]][]}} o shown: what the button says, if not the chosen option's text
 */
export function pictured({ name, label, value, change, shown, groups }) {
  if (hidden(name)) return nothing;
  const all = groups.flatMap(([, inside]) => inside);
  const text = shown ?? all.find(([key]) => key === value)?.[1] ?? value;
  const open = () => openLater(session, () => Promise.all([import("./picker.js"), fetchStyles()]), "d-picker", name);
  return html`<div class="field pictured">
    <span aria-hidden="true">${label}</span>
    <button
      type="button"
      class="wide"
      data-control="${name}_open"
      aria-haspopup="dialog"
      aria-label="${label}: ${text}"
      ?disabled=${locked(name)}
      @click=${open}
    >
      <span>${text}</span>${icons.unfold}
    </button>
    <select
      class="visually-hidden"
      tabindex="-1"
      aria-hidden="true"
      ?disabled=${locked(name)}
      .value=${value}
      data-control=${name}
      data-label=${label}
      @change=${(/** @type {On<HTMLSelectElement>} */ e) => change(e.target.value)}
    >
      ${all.some(([key]) => key === value) ? nothing : html`<option value=${value} hidden></option>`}
      ${groups.map(
        ([group, inside]) =>
          html`<optgroup label=${group}>
            ${inside.map(([key, words]) => html`<option value=${key} ?selected=${key === value}>${words}</option>`)}
          </optgroup>`,
      )}
    </select>
  </div>`;
}

/**
 * Sliders that are being moved: what the hand says counts until the server has caught up.
 * @type {Map<string, number>}
 */
const inHand = new Map();
/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const letGo = new Map();
const HOLD_MS = 700;

/** @param {string} label @param {number} place @param {unknown} sent what ends when it has been answered */
function hold(label, place, sent) {
  inHand.set(label, place);
  clearTimeout(letGo.get(label));
  const timer = setTimeout(async () => {
    await Promise.allSettled([sent]);
    if (letGo.get(label) !== timer) return; // it has been moved again
    inHand.delete(label);
    session.emit("change");
  }, HOLD_MS);
  letGo.set(label, timer);
  session.emit("change");
}

/**
 * A slider with its number; `log` makes it logarithmic between two powers of ten. Sends while it moves.
 * @param {{name: string, label: string, value: number, min: number, max: number, step?: number, log?: boolean,
 *   zero?: boolean, brief?: string, show?: (value: number) => string, change: (value: number) => unknown,
 *   title?: string, free?: boolean}} o
 */
export function slider(o) {
  const { name, label, value, change, title, free } = o;
  if (hidden(name)) return nothing;
  const { low, top, step, place, back } = scaleOf(o);
  const hand = inHand.get(label);
  const text = (o.show ?? short)(hand === undefined ? value : back(hand));
  return html`<label class="field slider" title=${title ?? nothing}
    >${
      o.brief
        ? html`<span class="long">${label}</span><span class="brief" aria-hidden="true">${o.brief}</span>`
        : html`<span>${label}</span>`
    }
    <output>${text}</output>
    <input
      type="range"
      min=${low}
      max=${top}
      step=${step}
      .value=${String(hand ?? place(value))}
      ?disabled=${!free && locked(name)}
      data-control=${name}
      aria-label=${label}
      aria-valuetext=${text}
      @input=${(/** @type {On} */ e) => {
        const place = Number(e.target.value);
        hold(label, place, change(back(place)));
      }}
  /></label>`;
}

/**
 * A check box.
 * @param {{name: string, label: string, checked: boolean, change: (on: boolean) => void, free?: boolean}} o
 */
export function check({ name, label, checked, change, free }) {
  if (hidden(name)) return nothing;
  return html`<label class="check"
    ><input
      type="checkbox"
      .checked=${checked}
      ?disabled=${!free && locked(name)}
      data-control=${name}
      @change=${(/** @type {On} */ e) => change(e.target.checked)}
    /><span>${label}</span></label
  >`;
}

/**
 * A button with a sign and a name.
 * @param {{name: string, label: string, sign: unknown, click: () => void, disabled?: boolean, free?: boolean,
 *   text?: boolean, kind?: string, expanded?: boolean}} o `expanded`: whether what it unfolds is there
 */
export function button({ name, label, sign, click, disabled, free, text, kind, expanded }) {
  if (hidden(name)) return nothing;
  return html`<button
    type="button"
    class="tool ${kind ?? ""}"
    title=${label}
    aria-label=${label}
    data-control=${name}
    aria-expanded=${expanded ?? nothing}
    ?disabled=${disabled || (!free && locked(name))}
    @click=${click}
  >
    ${sign}${text ? html`<span>${label}</span>` : nothing}
  </button>`;
}

/** Names of parts in the visitor's language, where there is a word. @param {string} group @param {string} name */
export function word(group, name) {
  const key = `${group}_${name}`;
  const found = t(key);
  return found === key ? name.replaceAll("_", " ") : found;
}

/**
 * A few choices side by side, one of them pressed.
 * @param {string} name @param {string} label @param {[string, string][]} options
 * @param {string} value @param {(value: string) => void} change
 */
export function segments(name, label, options, value, change) {
  if (hidden(name)) return nothing;
  return html`<div class="segments" role="group" aria-label=${label} data-control=${name}>
    ${options.map(
      ([key, text]) =>
        html` <button type="button" data-value=${key} aria-pressed=${key === value} @click=${() => change(key)}>
          ${text}
        </button>`,
    )}
  </div>`;
}
