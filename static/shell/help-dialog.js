/** The keys, and what this browser does without. */

import { html, nothing } from "lit";
import { Dialog } from "../core/panel.js";
import { t } from "../core/i18n.js";
import { lacking } from "../core/powers.js";
import { closeButton } from "../controls/controls.js";
import { SHORTCUTS } from "./shortcuts.js";

class HelpDialog extends Dialog {
  constructor() {
    super();
    /** @type {string[]} */ this.without = [];
  }

  open() {
    this.without = lacking().filter((name) => t(`power_${name}`) !== `power_${name}`); // what a visitor notices
    this.requestUpdate();
    super.open();
  }

  render() {
    return html`<dialog aria-labelledby="help-title" data-dialog="help">
      <header>
        <h2 id="help-title">${t("keys")}</h2>
        ${closeButton(() => this.close(), "help_close")}
      </header>
      <dl class="keys">
        ${SHORTCUTS.map(
          ({ keys, text }) =>
            html`<div>
              <dt dir="ltr">${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt>
              <dd>${t(text)}</dd>
            </div>`,
        )}
      </dl>
      ${
        this.without.length
          ? html`<h3>${t("powers")}</h3>
              <ul class="hint">
                ${this.without.map((name) => html`<li>${t(`power_${name}`)}</li>`)}
              </ul>`
          : nothing
      }
    </dialog>`;
  }
}

customElements.define("d-help", HelpDialog);
