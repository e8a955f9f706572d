/** The stage: every view of the run, one of them large, the others beside it; a click changes who is the hero. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { currentLanguage, t } from "../core/i18n.js";
import { later } from "../core/later.js";
import { hidden } from "../controls/controls.js";
import * as icons from "../controls/icons.js";
import "../network/network.js";
import "../results/output-panel.js";
import "../results/cost-chart.js";
import "../results/metrics-panel.js";
import { PANELS, fetchPanel, fetchStyles } from "../panels/registry.js";
import { placesOf, those } from "./places.js";

/** @import {Panel} from "../core/panel.js" */
/** @typedef {import("../panels/registry.js").PanelRow} PanelRow */

/** What is pressed for its own sake, and not to see its view large. */
const OWN = "button, a, input, select, label, textarea, summary, dialog, [tabindex], [role=region], .brush";

/** Drawings of the page after which the views are seen, settled or not. */
const PATIENCE = 600;

/** What a view is called in the visitor's language. @param {PanelRow} row */
export const titleOf = (row) => row.title?.[currentLanguage()] ?? t(row.name);

export class Stage extends Element {
  constructor() {
    super();
    /** @type {string | null} */ this.lab = null;
    /** Panels that are open. @type {Set<string>} */ this.open = new Set();
    /** Which of the others is seen where there is room for one (a phone). */ this.tab = "";
    /** Those that have not been fetched are plain elements without content. @type {Map<string, Panel>} */
    this.views = new Map(
      PANELS.filter(({ name, stands }) => !stands || !hidden(name)).map(({ name }) => [
        name,
        /** @type {Panel} */ (document.createElement(`d-${name}`)),
      ]),
    );
    /** Once something is drawn: before, the panels do not stand in the page. @type {Promise<void>} */
    this.shown = new Promise((go) => {
      this.show = go;
    });
  }

  connectedCallback() {
    super.connectedCallback();
    this.session.addEventListener("change", () => this.followLab());
    this.addEventListener("descent-closed", (event) => this.closed(/** @type {HTMLElement} */ (event.target)));
    addEventListener("descent-open", (event) => this.unfold(/** @type {CustomEvent} */ (event).detail));
    this.followLab();
  }

  firstUpdated() {
    this.dataset.coming = "";
    this.show?.();
    this.settle();
  }

  /** Views and settings are seen with the first frame, once nothing has moved from one drawing to the next. */
  async settle() {
    let last = "";
    for (let i = 0; i < PATIENCE; i++) {
      await new Promise(requestAnimationFrame);
      const all = /** @type {HTMLElement} */ (this.parentElement);
      if (!this.session.frame || !this.session.data || all.querySelector(".skeleton")) continue;
      const now = [...all.querySelectorAll("*")].map((e) => /** @type {HTMLElement} */ (e).offsetTop).join();
      if (now === last) break;
      last = now;
    }
    delete this.dataset.coming;
  }

  get places() {
    const { session } = this;
    return placesOf({
      rows: PANELS,
      hidden: session.hidden,
      open: this.open,
      task: session.data?.task ?? session.report?.task ?? "", // the report comes first
      wishes: [session.view.hero, session.lab?.hero],
    });
  }

  /** A lab opens with what it wants to show unfolded: their places are kept while they come. */
  async followLab() {
    const { lab } = this.session;
    if ((lab?.id ?? null) === this.lab) return;
    this.lab = lab?.id ?? null;
    this.open.clear();
    for (const view of this.views.values()) view.close?.();
    const panels = lab?.panels ?? [];
    this.open = new Set(panels);
    this.requestUpdate();
    await this.shown;
    for (const panel of panels) this.bring(panel);
  }

  /** Opens a panel. @param {string} name */
  async bring(name) {
    const { lab } = this;
    const row = PANELS.find((one) => one.name === name);
    if (!row) return false;
    if (row.stands) return true;
    this.open.add(name);
    this.requestUpdate();
    await fetchPanel(row);
    await this.shown;
    if (lab !== this.lab) return false; // another lesson has been opened meanwhile
    this.views.get(name)?.open(false);
    return true;
  }

  /** Opens a panel and gives it the middle. @param {string} name */
  async unfold(name) {
    const whole = this.bring(name);
    this.enlarge(name);
    if (!(await whole)) return;
    const head = /** @type {HTMLElement | undefined} */ (this.views.get(name)?.parentElement ?? undefined);
    head?.scrollIntoView({ block: "nearest" });
  }

  /** @param {HTMLElement} view */
  closed(view) {
    const name = view.localName.slice(2);
    if (!this.open.delete(name)) return; // another lesson has been opened
    if (this.session.view.hero === name) this.session.setView({ hero: undefined });
    this.requestUpdate();
    this.tell();
  }

  /** The middle is this one's; who had it stands where this one stood. @param {string} name */
  enlarge(name) {
    if (this.places.get(name) !== "hero") this.session.setView({ hero: name });
    this.tell();
  }

  /** What stands around the stage follows it. */
  tell() {
    this.dispatchEvent(new Event("placed"));
  }

  /** A strip is pressed where it has nothing of its own to press. @param {MouseEvent} event @param {string} name */
  press(event, name) {
    if (this.places.get(name) !== "strip" || event.defaultPrevented) return;
    if (!(/** @type {HTMLElement} */ (event.target).closest(OWN))) this.enlarge(name);
  }

  updated() {
    this.dataset.strips = String(those(this.places, "strip").length);
    const apart = this.views.get("detector-lab");
    if (apart && this.places.get("detector-lab"))
      later(
        this,
        "d-detector-lab",
        () => Promise.all([import("../panels/detector-lab.js"), fetchStyles()]),
        () => nothing,
      );
  }

  render() {
    const { places } = this;
    const strips = those(places, "strip");
    const tab = strips.includes(this.tab) ? this.tab : "";
    return PANELS.map((row) => this.view(row, places.get(row.name) ?? "", tab === row.name));
  }

  /** @param {PanelRow} row @param {import("./places.js").Place} place @param {boolean} active */
  view(row, place, active) {
    const { name } = row;
    const element = this.views.get(name);
    if (!element) return nothing;
    const title = titleOf(row);
    return html`<div
      class="view card"
      role="group"
      data-view=${name}
      data-place=${place || nothing}
      ?data-active=${active}
      ?hidden=${!place}
      aria-label=${title}
      @click=${(/** @type {MouseEvent} */ event) => this.press(event, name)}
    >
      ${element}
      <button
        type="button"
        class="tool enlarge"
        data-control="show_${name}"
        aria-label=${t("enlarge", { name: title })}
        title=${t("enlarge", { name: title })}
        @click=${() => this.enlarge(name)}
      >
        ${icons.enlarge}
      </button>
    </div>`;
  }
}

customElements.define("d-stage", Stage);
