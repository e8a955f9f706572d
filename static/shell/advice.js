/** What is likely to surprise of a change that was just made, and the button that helps. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { word } from "../controls/controls.js";

/** @import {Report} from "../types/page.d.ts" */

/**
 * What a warning is about, as people write it: numbers short, names of activations in words.
 * @param {Record<string, unknown>} params
 */
const inWords = (params) =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === "number"
        ? Number.isInteger(value)
          ? String(value)
          : short(value)
        : name === "optimizer"
          ? String(value)
          : word("activation", String(value)),
    ]),
  );

class Advice extends Element {
  static properties = { warning: { attribute: false } };

  constructor() {
    super();
    /** @type {Report["warnings"][number] | null} */ this.warning = null;
  }

  render() {
    const { session, warning } = this;
    if (!warning) return nothing;
    const { code, params, path, value } = warning;
    const values = inWords(params);
    return html`<p class="notice info" role="status" data-notice=${code}>
      <span>${t(`warning_${code}`, values)}</span>
      ${
        session.watching
          ? nothing
          : html`<button type="button" data-control="take_advice" @click=${() => session.set(path, value)}>
              ${t(`advice_${code}`, values)}
            </button>`
      }
    </p>`;
  }
}

customElements.define("d-advice", Advice);
