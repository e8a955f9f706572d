/** Fields for one number: what is no number in its range is said, and the field shows again what holds. */

import { html, nothing } from "lit";
import { typed } from "../core/format.js";
import { t } from "../core/i18n.js";
import { session } from "../core/session.js";

/**
 * The numbers that a field takes; a high end has a low one.
 * @typedef {{low?: number, high?: number, whole?: boolean}} Range
 */

/** What is wanted of a field, and what came. @param {string} label @param {string} got @param {Range} range */
function asked(label, got, { low, high, whole }) {
  if (got === "") return t("number_missing", { field: label });
  if (low === undefined) return t("number_wanted", { field: label, got });
  if (high === undefined) return t("number_least", { field: label, low, got });
  return t(whole ? "number_whole" : "number_between", { field: label, low, high, got });
}

/**
 * The number that was typed, or null: then it is said what came and what is wanted, and the field shows `holds`.
 * @param {Pick<HTMLInputElement, "value">} field @param {string} label @param {Range} range @param {string} holds
 */
export function readNumber(field, label, range, holds) {
  const { low = -Infinity, high = Infinity, whole = false } = range;
  const number = typed(field.value);
  if (Number.isFinite(number) && number >= low && number <= high && (!whole || Number.isInteger(number))) return number;
  const got = field.value;
  field.value = holds;
  session.tell(asked(label, got, range), "error");
  return null;
}

/**
 * A field that is read when it is left; `holds` is what it shows, empty for none.
 * @param {Range & {name: string, label: string, holds: string, change: (number: number) => void,
 *   placeholder?: string}} o
 */
export function numberField(o) {
  const { name, label, holds, change, low, high, whole, placeholder } = o;
  return html`<input
    type="number"
    dir="ltr"
    min=${low ?? nothing}
    max=${high ?? nothing}
    step=${whole ? "1" : "any"}
    data-control=${name}
    aria-label=${label}
    .value=${holds}
    placeholder=${placeholder ?? nothing}
    @change=${(/** @type {On} */ e) => {
      const number = readNumber(e.target, label, o, holds);
      if (number !== null) change(number);
    }}
  />`;
}

/** Which example of the training part goes through the network; one of another part is named beside it. */
export function exampleField() {
  const { example, part, data } = session;
  return html`<label class="example"
      >${t("example")}
      ${numberField({
        name: "example",
        label: t("example"),
        holds: example < 0 ? "" : String(example + 1),
        low: 1,
        high: data?.counts.train,
        whole: true,
        placeholder: t("own_picture"),
        change: (number) => session.look(number - 1, "train"),
      })}</label
    >${part === "train" || example < 0 ? nothing : html` <span class="hint">${t(part)}</span>`}`;
}
