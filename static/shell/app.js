/** The page: who stands where. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { currentLanguage, setLanguage, t } from "../core/i18n.js";
import { chooseTheme, printInLight, theme } from "../core/colors.js";
import { later, openLater } from "../core/later.js";
import { tryAgain } from "../core/opening.js";
import { watchSharpness } from "../core/sharpness.js";
import { button, closeButton, hidden, select } from "../controls/controls.js";
import * as icons from "../controls/icons.js";
import "./transport.js";
import "../settings/data-panel.js";
import "../settings/learning-panel.js";
import "../network/network.js";
import "../results/output-panel.js";
import "../results/cost-chart.js";
import "../results/metrics-panel.js";
import { pressed } from "./shortcuts.js";
import "./timeline.js";
import "../lesson/tour.js";
import { MENU, PANELS, fetchPanel, fetchStyles } from "../panels/registry.js";

/** @import {Panel} from "../core/panel.js" */
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
    this.tab = "settings";
    this.show = () => {};
    /** Once something is drawn: before, the panels do not stand in the page. @type {Promise<void>} */
    this.shown = new Promise((go) => {
      this.show = go;
    });
    /** Those that have not been fetched are plain elements without content. @type {Map<string, Panel>} */
    this.panels = new Map(PANELS.map(({ name }) => [name, /** @type {Panel} */ (document.createElement(`d-${name}`))]));
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
    addEventListener("descent-open", (event) => this.unfold(/** @type {CustomEvent} */ (event).detail));
    this.session.addEventListener("change", () => this.followLab());
  }

  firstUpdated() {
    this.show();
  }

  /** A lab opens with its text in front and what it wants to show unfolded. */
  followLab() {
    const id = this.session.lab?.id ?? null;
    if (id === this.lab) return;
    this.lab = id;
    this.tab = id ? "lesson" : "settings";
    for (const panel of this.panels.values()) panel.close?.();
    const panels = this.session.lab?.panels ?? [];
    this.shown
      .then(() => this.updateComplete)
      .then(() => panels.forEach((/** @type {string} */ panel) => this.unfold(panel, false)));
  }

  /** @param {string} panel @param {boolean} [jump] */
  async unfold(panel, jump = true) {
    const { lab } = this;
    const row = PANELS.find(({ name }) => name === panel);
    if (!row) return;
    await fetchPanel(row);
    if (lab === this.lab) this.panels.get(panel)?.open(jump); // unless another lesson has been opened meanwhile
  }

  render() {
    const { session } = this;
    const side = !hidden("data") || !hidden("learning");
    const left = Boolean(session.lab) || side;
    const right = ["output", "cost", "metrics"].some((name) => !hidden(name));
    const kinds = ["bench"]; // what is not there leaves its room to the network
    if (session.lab && this.tab === "lesson") kinds.push("with-lesson");
    if (!left) kinds.push("without-left");
    if (!right) kinds.push("without-right");
    return html` <a class="skip" href="#network">${t("skip")}</a>
      ${this.header()} ${this.notices()}
      <d-tour></d-tour>
      <main class=${kinds.join(" ")}>
        ${left ? this.leftSide(side) : nothing}
        <div class="main">
          <section class="middle" aria-label=${t("network")}>
            <d-network class="card" id="network"></d-network>
            <d-findings></d-findings>
            ${this.apart()} ${[...this.panels.values()]}
          </section>
          ${right ? this.rightSide() : nothing}
        </div>
      </main>
      ${unless("timeline", html`<footer class="bottom"><d-timeline class="card"></d-timeline></footer>`)}
      <d-share></d-share>
      <d-help></d-help>
      <div class="visually-hidden" role="status" aria-live="polite">${this.spoken()}</div>`;
  }

  /** The laboratory of a detector. */
  apart() {
    if (!["detection", "localisation"].includes(this.session.data?.task ?? "")) return nothing;
    const fetch = () => Promise.all([import("../panels/detector-lab.js"), fetchStyles()]);
    return later(this, "d-detector-lab", fetch, () => html`<d-detector-lab></d-detector-lab>`);
  }

  header() {
    return html`<header class="top">
      <div class="bar">
        <h1>
          <a class="brand" href="/"><img src=${ICON} alt="" width="28" height="28" /><span>Descent</span></a>
        </h1>
        ${unless(
          "course",
          html`<a class="button" href="/labs?lang=${currentLanguage()}" data-control="course">${t("course")}</a>`,
        )}
        ${this.presets()} ${this.tools()}
      </div>
      <d-transport></d-transport>
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
    return select({
      name: "presets",
      label: t("preset"),
      value: session.lab ? `lab:${session.lab.id}` : "",
      compact: true,
      options: [["", t("preset_choose")]],
      groups: [
        ...(hidden("labs") ? [] : [/** @type {[string, [string, string][]]} */ ([t("labs"), lessons])]),
        [t("preset"), presets.map((p) => [p.id, named(p)])],
      ],
      change: (id) => id && (id.startsWith("lab:") ? session.openLab(id.slice(4)) : session.openPreset(id)),
    });
  }

  tools() {
    const { session } = this;
    return html`<div class="tools" role="group" aria-label=${t("tools")}>
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
          this.unfold(e.target.value);
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
    const behind = Boolean(lab) && this.tab === "lesson";
    return html`<div class="side left">
      ${lab && settings ? this.tabs() : nothing} ${lab ? this.lesson(settings && this.tab !== "lesson") : nothing}
      ${unless("data", html`<d-data class="card" ?hidden=${behind}></d-data>`)}
      ${unless("learning", html`<d-learning class="card" ?hidden=${behind}></d-learning>`)}
    </div>`;
  }

  rightSide() {
    return html`<div class="side right">
      ${unless("output", html`<d-output class="card"></d-output>`)}
      ${unless("cost", html`<d-cost class="card"></d-cost>`)}
      ${unless("metrics", html`<d-metrics class="card"></d-metrics>`)}
    </div>`;
  }

  /** @param {boolean} away */
  lesson(away) {
    const fetch = () => Promise.all([import("../lesson/lesson.js"), fetchStyles()]);
    return later(this, "d-lesson", fetch, () => html`<d-lesson class="card" ?hidden=${away}></d-lesson>`);
  }

  tabs() {
    return html`<div class="tabs" role="tablist" aria-label=${t("lesson")}>
      ${["lesson", "settings"].map(
        (tab) =>
          html`<button
            type="button"
            role="tab"
            id="tab-${tab}"
            data-control="tab_${tab}"
            aria-selected=${this.tab === tab}
            @click=${() => {
              this.tab = tab;
              this.requestUpdate();
            }}
          >
            ${t(tab)}
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
