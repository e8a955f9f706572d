/**
 * A guided tour of the workbench for a first visit: offered once, by a library that is loaded only when it is wanted.
 */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { currentLanguage, t } from "../core/i18n.js";
import { keep, recall } from "../core/powers.js";
import { fetchStyles } from "../panels/registry.js";
import { closeButton } from "../controls/controls.js";

const SEEN = "descent-toured";
/** Where each step looks; its words are tour_1, tour_1_text and so on. */
const STEPS = [
  "d-network",
  "[data-control=play]",
  "d-output",
  "d-cost",
  "d-data",
  "d-learning",
  "d-timeline, .timeline-place",
  "[data-control=panels]",
  "[data-control=course]",
];

class Tour extends Element {
  constructor() {
    super();
    this.offered = !recall(SEEN);
  }

  dismiss() {
    this.offered = false;
    keep(SEEN, "yes");
    this.requestUpdate();
  }

  async start() {
    this.dismiss();
    await fetchStyles();
    if (!document.querySelector("link[data-tour]")) {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = "/vendor/driver.js/dist/driver.css";
      link.dataset.tour = "";
      const loaded = new Promise((go) => link.addEventListener("load", go, { once: true }));
      document.head.append(link);
      await loaded;
    }
    const { driver } = await import("driver.js");
    const steps = STEPS.map((element, i) => ({
      element,
      popover: { title: t(`tour_${i + 1}`), description: t(`tour_${i + 1}_text`) },
    })).filter(({ element }) => document.querySelector(element));
    driver({
      steps,
      showProgress: true,
      animate: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      popoverClass: `tour ${currentLanguage()}`,
      nextBtnText: t("tour_next"),
      prevBtnText: t("tour_back"),
      doneBtnText: t("tour_end"),
      progressText: "{{current}} / {{total}}",
      // The library writes a header and a footer, which would be landmarks of the page.
      onPopoverRender: ({ title, footer }) => {
        title.setAttribute("role", "presentation");
        footer.setAttribute("role", "group");
      },
    }).drive();
  }

  render() {
    const { session } = this;
    if (!this.offered || session.watching || session.lab || session.embedded) return nothing;
    return html`<aside class="notice info tour-offer" aria-label=${t("tour_start")}>
      <span>${t("tour_offer")}</span
      ><span class="row"
        ><button type="button" class="primary" data-control="tour" @click=${this.start}>${t("tour_start")}</button>
        ${closeButton(() => this.dismiss(), "tour_dismiss")}</span
      >
    </aside>`;
  }
}

customElements.define("d-tour", Tour);
