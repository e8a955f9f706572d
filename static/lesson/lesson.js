/**
 * The text of the lab that is open: numbers of the run in it, buttons that change the run, symbols that light up,
 * challenges.
 */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { Pace } from "../core/pace.js";
import { percent, short } from "../core/format.js";
import { currentLanguage, t, words } from "../core/i18n.js";
import { showNote } from "../core/powers.js";
import { keepSolved, solvedChallenges } from "./progress.js";
import { figure, SHARES, viewOf } from "./figures.js";

/** @import {Challenge, Deed, Part, Spec} from "../types/page.d.ts" */

const EVERY_MS = 150;

class Lesson extends Element {
  constructor() {
    super();
    /** @type {string} text on show */ this.shown = "";
    this.pace = new Pace(EVERY_MS, () => {
      this.fill();
      this.check();
    });
    /** @type {Set<string>} */ this.hints = new Set();
    this.deed = () => this.check();
    /** The term that was asked for. @type {{words: string, text: string, link: string, at: HTMLElement} | null} */
    this.meaning = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.session.addEventListener("deed", this.deed);
    this.session.addEventListener("history", this.deed);
    this.turned = () =>
      this.session.lab && this.session.lab.language !== currentLanguage() && this.session.readLab(this.session.lab.id);
    addEventListener("languagechange", this.turned);
  }

  disconnectedCallback() {
    this.session.removeEventListener("deed", this.deed);
    this.session.removeEventListener("history", this.deed);
    if (this.turned) removeEventListener("languagechange", this.turned);
    super.disconnectedCallback();
  }

  onFrame() {
    this.pace.ask();
  }

  /** The figures of its text are those of other elements' views. */
  get reads() {
    const names = [...this.querySelectorAll("[data-figure]")].map((slot) => viewOf(slot.getAttribute("data-figure")));
    return names.filter((name) => name !== "");
  }

  /** The run's present numbers into the text. */
  fill() {
    for (const slot of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-figure]"))) {
      const name = slot.dataset.figure ?? "";
      const value = figure(this.session, name);
      const text = !Number.isFinite(value)
        ? "–"
        : SHARES.test(name)
          ? percent(value)
          : Number.isInteger(value)
            ? value.toLocaleString("en")
            : short(value);
      if (slot.textContent !== text) slot.textContent = text;
    }
  }

  // -- challenges -------------------------------------------------------------------------------------------------
  get solved() {
    return solvedChallenges();
  }

  check() {
    const { lab } = this.session;
    if (!lab) return;
    const { solved } = this;
    let fresh = false;
    for (const challenge of lab.challenges) {
      const key = `${lab.id}/${challenge.id}`;
      if (!solved[key] && this.met(challenge)) {
        solved[key] = true;
        fresh = true;
      }
    }
    if (!fresh) return;
    keepSolved(solved);
    this.requestUpdate();
  }

  /** @param {Challenge} challenge */
  met(challenge) {
    if (challenge.done && !this.session.deeds.has(challenge.done)) return false;
    if (challenge.goals.length && !challenge.done && !(this.session.state.step > 0)) return false;
    return challenge.goals.every((goal) => {
      if (goal.setting) return JSON.stringify(setting(this.session.spec, goal.setting)) === JSON.stringify(goal.equals);
      const value = figure(this.session, goal.figure ?? "");
      return (
        Number.isFinite(value) &&
        (goal.at_least === null || value >= goal.at_least) &&
        (goal.at_most === null || value <= goal.at_most)
      );
    });
  }

  // -- buttons and symbols of the text ----------------------------------------------------------------------------
  /** @param {MouseEvent} event */
  async press(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const button = /** @type {HTMLElement | null} */ (target.closest("button.attempt"));
    if (button) await this.act(JSON.parse(button.dataset.do ?? "{}"));
    const term = /** @type {HTMLAnchorElement | null} */ (target.closest("a.term"));
    if (term && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.explain(term);
    }
    const symbol = /** @type {HTMLElement | null} */ (target.closest("button.symbol"));
    if (symbol) document.querySelector(this.stands(symbol))?.scrollIntoView({ block: "nearest" });
  }

  /** What a term means, beside it. @param {HTMLAnchorElement} term */
  explain(term) {
    this.meaning = { words: term.textContent ?? "", text: term.dataset.meaning ?? "", link: term.href, at: term };
    this.requestUpdate();
    this.updateComplete.then(() => {
      const note = /** @type {HTMLElement} */ (this.find(".meaning"));
      showNote(note);
      const box = term.getBoundingClientRect();
      note.style.top = `${Math.min(box.bottom + 6, innerHeight - note.offsetHeight - 8)}px`;
      note.style.left = `${Math.max(8, Math.min(innerWidth - note.offsetWidth - 8, box.left - 20))}px`;
    });
  }

  /** @param {Deed} what */
  async act({ set, command, view, pick, open }) {
    const { session } = this;
    for (const [path, value] of Object.entries(set ?? {})) await session.set(path, value);
    if (view) session.setView(view);
    if (pick) session.pick(pick, true);
    if (command) await session.command(command);
    if (open) dispatchEvent(new CustomEvent("descent-open", { detail: open }));
  }

  /** Where on the page what a symbol stands for is. @param {HTMLElement} symbol */
  stands(symbol) {
    const name = symbol.dataset.lights;
    return `[data-control="${name}"], [data-lit="${name}"], d-${name}`;
  }

  /** What a symbol stands for, lit while it is pointed at, with its present number beside it. @param {Event} event */
  light(event) {
    const symbol = /** @type {HTMLElement | null} */ (
      /** @type {HTMLElement} */ (event.target).closest?.("[data-lights]")
    );
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    const note = /** @type {HTMLElement | null} */ (this.querySelector(".present"));
    if (note) note.hidden = true;
    if (!symbol || event.type === "pointerout" || event.type === "focusout") return;
    for (const place of document.querySelectorAll(this.stands(symbol))) place.classList.add("lit");
    symbol.classList.add("lit");
    const value = present(this.session, symbol);
    if (!note || !Number.isFinite(value)) return;
    note.textContent = `${symbol.textContent} = ${Number.isInteger(value) ? value : short(value)}`;
    note.hidden = false;
    const [box, own] = [symbol.getBoundingClientRect(), this.getBoundingClientRect()];
    note.style.top = `${box.top - own.top - note.offsetHeight - 4}px`;
    note.style.left = `${Math.max(4, Math.min(own.width - note.offsetWidth - 4, box.left - own.left))}px`;
  }

  updated() {
    const place = this.querySelector(".lesson-text");
    const text = this.session.lab?.html ?? "";
    if (place && text !== this.shown) {
      place.innerHTML = text;
      this.shown = text;
    }
    if (!place) this.shown = "";
    const { lab } = this.session;
    if (lab) document.title = `${words(lab.title)} · Descent`;
    this.fill();
  }

  render() {
    const { lab } = this.session;
    if (!lab) return nothing;
    const { solved } = this;
    return html`<article
      class="lesson"
      @click=${this.press}
      @pointerover=${this.light}
      @pointerout=${this.light}
      @focusin=${this.light}
      @focusout=${this.light}
    >
      <p class="hint number"><bdi>${lab.number}</bdi></p>
      <h2>${words(lab.title)}</h2>
      <p class="question">${words(lab.question)}</p>
      <div class="lesson-text"></div>
      <output class="present" dir="ltr" hidden></output>
      <div class="meaning" popover role="note">
        ${
          this.meaning
            ? html`<strong>${this.meaning.words}</strong>
                <p>${this.meaning.text}</p>
                <a href=${this.meaning.link}>${t("glossary")}</a>`
            : nothing
        }
      </div>
      <h3>${t("challenges")}</h3>
      <ul class="challenges">
        ${lab.challenges.map((c) => {
          const done = Boolean(solved[`${lab.id}/${c.id}`]);
          return html`<li class=${done ? "done" : ""} data-challenge=${c.id}>
            <span class="mark" aria-hidden="true">${done ? "✓" : "○"}</span>
            <div>
              <p>${words(c.text)} ${done ? html`<strong>${t("solved")}</strong>` : nothing}</p>
              ${
                this.hints.has(c.id)
                  ? html`<p class="hint">${words(c.hint)}</p>`
                  : done
                    ? nothing
                    : html`<button
                        type="button"
                        class="tool"
                        data-control="hint"
                        @click=${() => {
                          this.hints.add(c.id);
                          this.requestUpdate();
                        }}
                      >
                        ${t("hint")}
                      </button>`
              }
            </div>
          </li>`;
        })}
      </ul>
    </article>`;
  }
}

/** Figures that a symbol of a formula can be asked for, by what it lights. */
const PRESENT = /** @type {Record<string, string>} */ ({
  cost: "cost.train",
  learning_rate: "alpha",
  l2: "l2",
  degree: "degree",
  batch_size: "batch_size",
  threshold: "threshold",
});

/**
 * The present number of a symbol; NaN where it is not one number.
 * @param {import("../core/session.js").Session} session
 * @param {HTMLElement} symbol
 */
function present(session, symbol) {
  const here = session.tensor("surface/here")?.data;
  if (symbol.dataset.lights === "surface_map" && here)
    return symbol.textContent?.startsWith("b") ? here[1] : symbol.textContent === "w₂" ? here[1] : here[0];
  return figure(session, PRESENT[symbol.dataset.lights ?? ""] ?? "");
}

/** What stands at a dotted path of a spec. @param {Spec} spec @param {string} path */
const setting = (spec, path) =>
  path.split(".").reduce((at, key) => /** @type {Part | undefined} */ (at)?.[key], /** @type {unknown} */ (spec));

customElements.define("d-lesson", Lesson);
