/**
 * A first visit: one sentence says what this is. The visitor's own first Play does the rest (first-play.js): what
 * moves is pointed at, and then something to change is suggested.
 */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { t } from "../core/i18n.js";
import { keep, recall } from "../core/powers.js";
import { fetchStyles } from "../panels/registry.js";
import { closeButton } from "../controls/controls.js";

const SEEN = "descent-visited";

class Welcome extends Element {
  constructor() {
    super();
    this.first = !recall(SEEN);
    /** @type {import("./first-play.js").FirstPlay | null} */ this.play = null;
    this.asked = false;
  }

  /** Nobody is new who watches, reads a lesson, or has come to a run that has begun. */
  get welcome() {
    const { session } = this;
    return this.first && !session.watching && !session.lab && !session.embedded;
  }

  end() {
    this.first = false;
    this.play?.end();
    keep(SEEN, "yes");
    this.requestUpdate();
  }

  willUpdate() {
    if (this.asked || !this.welcome || !this.session.state.playing) return;
    this.asked = true;
    Promise.all([import("./first-play.js"), fetchStyles()])
      .then(([{ FirstPlay }]) => {
        if (!this.first) return;
        this.play = new FirstPlay(this.session, () => this.requestUpdate());
        this.requestUpdate();
      })
      .catch((error) => this.session.fail(error));
  }

  render() {
    if (!this.welcome) return nothing;
    const suggestion = this.play?.suggestion(() => this.end());
    return html`<aside class="notice info welcome ${this.play?.speaks ? "silent" : ""}" aria-label=${t("welcome_name")}>
        <span>${suggestion ? suggestion.text : t("welcome")}</span>
        <span class="row">${suggestion?.action ?? nothing} ${closeButton(() => this.end(), "welcome_close")}</span>
      </aside>
      ${this.play?.caption() ?? nothing}`;
  }
}

customElements.define("d-welcome", Welcome);
