/** The page: who stands where. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { currentLanguage, setLanguage, t } from "../core/i18n.js";
import { chooseTheme, printInLight, theme } from "../core/colors.js";
import { later, openLater } from "../core/later.js";
import { tryAgain } from "../core/opening.js";
import { watchSharpness } from "../core/sharpness.js";
import { button, closeButton, hidden, pictured } from "../controls/controls.js";
import * as icons from "../controls/icons.js";
import "./transport.js";
import "../settings/data-panel.js";
import "../settings/learning-panel.js";
import { titleOf } from "./stage.js";
import { those } from "./places.js";
import { pressed } from "./shortcuts.js";
import "../lesson/welcome.js";
import { MENU, PANELS, fetchStyles } from "../panels/registry.js";

/** @import {Catalog} from "../types/page.d.ts" */

/** A piece of the page, unless a teacher's link hides it. @param {string} name @param {unknown} piece */
const unless = (name, piece) => (hidden(name) ? nothing : piece);

/** What is said of a connection that does not carry. @param {string} connection */
function ofConnection(connection) {
  if (connection === "waiting") return html`<p class="notice info">${t("connecting")}</p>`;
  if (connection === "silent")
    return html`<p class="notice info" role="status" data-notice="silent">${t("silent")}</p>`;
  return nothing;
}

/**
 * What the visitor is told, with a button if something can be done about it.
 * @param {NonNullable<import("../core/selection.js").Selection["notice"]>} notice @param {() => void} close
 */
function told({ text, kind, action }, close) {
  return html`<p class="notice ${kind}" role=${kind === "error" ? "alert" : "status"}>
    <span dir="auto">${text}</span>
    ${
      action
        ? html`<button type="button" data-control=${action.name} @click=${action.click}>${action.label}</button>`
        : nothing
    }
    ${closeButton(close)}
  </p>`;
}

const ICON = new URL("../images/icon.svg", import.meta.url).pathname;

class App extends Element {
  /** Nothing is drawn before it is known what; then all at once, so that nothing moves. */
  shouldUpdate() {
    const { session } = this;
    const ready = Boolean(session.catalog && session.data) || session.notice?.kind === "error";
    if (ready && !this.hasUpdated) this.replaceChildren();
    return ready;
  }

  constructor() {
    super();
    /** @type {string | null} */ this.lab = null;
    /** What stands beside the stage, or on a phone below the hero: the lesson, the settings, or another view. */
    this.tab = "output";
    this.menuOpen = false;
    this.stage = /** @type {import("./stage.js").Stage} */ (document.createElement("d-stage"));
    this.stage.id = "stage";
    this.stage.tab = this.tab;
  }

  connectedCallback() {
    super.connectedCallback();
    watchSharpness();
    printInLight();
    const { hidden: away, locked } = this.session;
    if (away.size || locked.size) import("../controls/wishes.js").then((wishes) => wishes.keepWishes(this.session));
    addEventListener("keydown", (event) => pressed(event, this.session));
    for (const press of ["pointerdown", "keydown"]) addEventListener(press, () => fetchStyles(), { once: true });
    addEventListener("descent-help", () => this.openHelp());
    this.session.addEventListener("change", () => this.followLab());
    this.stage.addEventListener("placed", () => this.requestUpdate());
  }

  /** A lab opens with its text in front. */
  followLab() {
    const id = this.session.lab?.id ?? null;
    if (id === this.lab) return;
    this.lab = id;
    this.choose(id ? "lesson" : "output"); // the settings stand beside the stage where there is room
  }

  /** @param {string} tab */
  choose(tab) {
    this.tab = tab;
    this.stage.tab = tab;
    this.stage.requestUpdate();
    this.requestUpdate();
  }

  render() {
    const { session } = this;
    const side = !hidden("data") || !hidden("learning");
    const kinds = ["bench"]; // what is not there leaves its room to the stage
    if (session.lab) kinds.push("with-lesson");
    if (!session.lab && !side) kinds.push("without-side");
    return html` <a class="skip" href="#stage">${t("skip")}</a>
      ${this.header()}
      <section class="notices" aria-label=${t("notices")}>${this.notices()}</section>
      <main class=${kinds.join(" ")}>${this.tabs(side)} ${this.leftSide(side)} ${this.stage}</main>
      <d-welcome></d-welcome>
      <footer class="controls">
        <d-transport></d-transport>
        ${unless("timeline", this.timeline())}
      </footer>
      <d-share></d-share>
      <d-help></d-help>
      <d-picker></d-picker>
      <div class="visually-hidden" role="status" aria-live="polite">${this.spoken()}</div>`;
  }

  header() {
    return html`<header class="top">
      <div class="bar">
        <h1>
          <a class="brand" href="/" aria-label="Descent"
            ><img src=${ICON} alt="" width="28" height="28" /><span>Descent</span></a
          >
        </h1>
        ${unless(
          "course",
          html`<a class="button" href="/labs?lang=${currentLanguage()}" data-control="course">${t("course")}</a>`,
        )}
        ${this.presets()}
        <d-findings></d-findings>
        ${button({
          name: "menu",
          label: t("tools"),
          sign: icons.menu,
          kind: "menu",
          free: true,
          expanded: this.menuOpen,
          click: () => Object.assign(this, { menuOpen: !this.menuOpen }).requestUpdate(),
        })}
        ${this.tools()}
      </div>
    </header>`;
  }

  /** Labs and examples to begin with. */
  presets() {
    const { session } = this;
    const known = session.catalog?.labs ?? [];
    if (session.watching || hidden("presets") || !known.some((p) => !p.number)) return nothing;
    const named = (/** @type {Catalog["labs"][number]} */ p) => p.title[currentLanguage()];
    const presets = known.filter((p) => !p.number);
    const labs = known.filter((p) => p.number);
    const lessons = labs.map((p) => [`lab:${p.id}`, `${p.number} ${named(p)}`]);
    const chapters = [...new Set(labs.map((p) => String(p.number)[0]))].map(
      (letter) =>
        /** @type {[string, [string, string][]]} */ ([
          t(`section_${letter}`),
          lessons.filter(([, text]) => text[0] === letter),
        ]),
    );
    return pictured({
      name: "presets",
      label: t("preset_choose"),
      value: session.lab ? `lab:${session.lab.id}` : "",
      shown: session.lab ? undefined : t("preset_choose"),
      groups: [[t("preset"), presets.map((p) => [p.id, named(p)])], ...(hidden("labs") ? [] : chapters)],
      change: (id) => id && (id.startsWith("lab:") ? session.openLab(id.slice(4)) : session.openPreset(id)),
    });
  }

  tools() {
    const { session } = this;
    return html`<div class="tools ${this.menuOpen ? "open" : ""}" role="group" aria-label=${t("tools")}>
      ${button({
        name: "undo",
        label: t("undo"),
        sign: icons.undo,
        disabled: !session.undoable,
        click: () => session.undo(),
      })}
      ${button({
        name: "redo",
        label: t("redo"),
        sign: icons.redo,
        disabled: !session.redoable,
        click: () => session.redo(),
      })}
      ${unless("panels", this.menu())}
      ${button({
        name: "share",
        label: t("share"),
        sign: icons.share,
        free: true,
        text: true,
        click: () => this.openShare(),
      })}
      ${button({ name: "help", label: t("keys"), sign: icons.help, free: true, click: () => this.openHelp() })}
      ${unless(
        "language",
        html`<button
          type="button"
          class="tool language"
          data-control="language"
          lang=${currentLanguage() === "he" ? "en" : "he"}
          @click=${this.switchLanguage}
        >
          ${icons.globe}<span>${currentLanguage() === "he" ? "English" : "עברית"}</span>
        </button>`,
      )}
      <button
        type="button"
        class="tool"
        data-control="theme"
        title=${t("theme")}
        aria-label=${t("theme")}
        @click=${this.switchTheme}
      >
        ${theme() === "dark" ? icons.sun : icons.moon}
      </button>
    </div>`;
  }

  /** Panels to open. */
  menu() {
    return html`<label class="field compact"
      ><span>${t("panels")}</span
      ><select
        data-control="panels"
        aria-label=${t("panels")}
        @change=${(/** @type {On<HTMLSelectElement>} */ e) => {
          this.stage.unfold(e.target.value);
          e.target.value = "";
        }}
      >
        <option value="">${t("panels_choose")}</option>
        ${MENU.map(({ name, title }) => html`<option value=${name}>${title?.[currentLanguage()]}</option>`)}
      </select></label
    >`;
  }

  /** The lesson, or data and learning; with both, one at a time. @param {boolean} settings */
  leftSide(settings) {
    const { lab } = this.session;
    if (!lab && !settings) return nothing;
    const behind = Boolean(lab) && (this.tab === "lesson" || !this.besides(settings).includes(this.tab));
    return html`<div class="side left" ?data-active=${["lesson", "settings"].includes(this.tab)}>
      ${lab ? this.lesson(settings && !behind) : nothing}
      ${unless("data", html`<d-data class="card" ?hidden=${behind}></d-data>`)}
      ${unless("learning", html`<d-learning class="card" ?hidden=${behind}></d-learning>`)}
    </div>`;
  }

  /** It is fetched with the first step: before, there is no moment to go back to. */
  timeline() {
    const { head } = this.session.state;
    if (!head && !customElements.get("d-timeline")) return html`<div class="timeline-place"></div>`;
    return later(
      this,
      "d-timeline",
      () => import("./timeline.js"),
      () => html`<d-timeline></d-timeline>`,
    );
  }

  /** What can stand there of the lesson and the settings. @param {boolean} settings */
  besides(settings) {
    return [...(this.session.lab ? ["lesson"] : []), ...(settings ? ["settings"] : [])];
  }

  /** @param {boolean} away */
  lesson(away) {
    const fetch = () => Promise.all([import("../lesson/lesson.js"), fetchStyles()]);
    return later(this, "d-lesson", fetch, () => html`<d-lesson class="card" ?hidden=${away}></d-lesson>`);
  }

  /** Lesson and settings; the views are among them where there is no room beside the hero. @param {boolean} settings */
  tabs(settings) {
    const sides = this.besides(settings);
    const views = those(this.stage.places, "strip");
    if (![...sides, ...views].includes(this.tab)) this.choose([...sides, ...views][0] ?? "");
    const titles = new Map(PANELS.map((row) => [row.name, titleOf(row)]));
    return html`<div class="tabs ${sides.length > 1 ? "" : "alone"}" role="tablist" aria-label=${t("lesson")}>
      ${[...sides, ...views].map(
        (tab) =>
          html`<button
            type="button"
            role="tab"
            id="tab-${tab}"
            class=${sides.includes(tab) ? "" : "of-view"}
            data-control="tab_${tab}"
            aria-selected=${this.tab === tab}
            @click=${() => this.choose(tab)}
          >
            ${titles.get(tab) ?? t(tab)}
          </button>`,
      )}
    </div>`;
  }

  notices() {
    const { session } = this;
    const lines = [];
    if (session.watching && session.run)
      lines.push(
        html`<p class="notice info">
          <span>${t("watching")}</span>
          <button type="button" data-control="take_copy" @click=${() => session.takeCopy()}>${t("take_copy")}</button>
        </p>`,
      );
    if (session.run) lines.push(ofConnection(session.connection));
    if (session.state.stopped)
      lines.push(
        html`<p class="notice info" data-notice="stopped">
          ${t("stopped_early", { step: session.state.stopped.step, best: session.state.stopped.best_step })}
        </p>`,
      );
    for (const warning of session.report?.warnings ?? [])
      lines.push(
        later(
          this,
          "d-advice",
          () => import("./advice.js"),
          () => html`<d-advice .warning=${warning}></d-advice>`,
        ),
      );
    if (session.notice) {
      const action = session.notice.action ?? (session.run || session.notice.kind === "info" ? undefined : tryAgain());
      lines.push(told({ ...session.notice, action }, () => session.dismiss()));
    }
    return lines;
  }

  /** The state in words, for screen readers; it changes when something notable does. */
  spoken() {
    const { state } = this.session;
    if (state.diverged) return t("spoken_diverged", { step: state.diverged.step });
    if (state.viewing) return t("spoken_viewing", { step: state.step });
    return state.playing ? t("spoken_playing") : t("spoken_paused");
  }

  openHelp() {
    openLater(this.session, () => import("./help-dialog.js"), "d-help");
  }

  openShare() {
    openLater(this.session, () => import("./share-dialog.js"), "d-share");
  }

  async switchLanguage() {
    await setLanguage(currentLanguage() === "he" ? "en" : "he");
    dispatchEvent(new Event("languagechange"));
  }

  switchTheme() {
    const next = theme() === "dark" ? "light" : "dark";
    chooseTheme(next);
    this.session.emit("frame");
    this.session.emit("history");
  }
}

customElements.define("d-app", App);
