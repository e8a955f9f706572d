/** The page of the design system: every component as the other pages make it, beside its name, in both themes. */

import { html, render, svg } from "lit";
import { CLASS_COLORS, HEIGHT, SCALE, applyTheme } from "./core/colors.js";
import { currentLanguage, t } from "./core/i18n.js";
import "./core/more-texts.js";
import { button, check, segments, select, slider } from "./controls/controls.js";
import * as icons from "./controls/icons.js";
import { classSign, lineSign } from "./draw/class-marks.js";

/** @typedef {import("./core/colors.js").Theme} Theme */

applyTheme();

/** Headings that no other page has. */
const WORDS = {
  en: {
    colours: "Colours by role",
    scales: "Scales",
    diverging: "below and above a middle",
    sequential: "low to high",
    classes: "Classes",
    type: "Letters",
    sample: "The network learns",
    room: "Room, corners and height",
    motion: "Motion",
    motion_text:
      "120 ms for what answers a hand, 280 ms for what moves by itself; none where less motion is asked for.",
    buttons: "Buttons",
    fields: "Fields",
    messages: "Messages",
    lists: "Lists and tables",
    words: "In a lesson",
    waiting: "Not here yet",
  },
  he: {
    colours: "צבעים לפי תפקיד",
    scales: "סולמות",
    diverging: "מתחת לאמצע ומעליו",
    sequential: "מנמוך לגבוה",
    classes: "מחלקות",
    type: "אותיות",
    sample: "הרשת לומדת",
    room: "מרווחים, פינות וגובה",
    motion: "תנועה",
    motion_text: "120 אלפיות שנייה למה שעונה ליד, 280 למה שנע מעצמו; ובלי תנועה למי שביקש פחות ממנה.",
    buttons: "כפתורים",
    fields: "שדות",
    messages: "הודעות",
    lists: "רשימות וטבלאות",
    words: "בתוך שיעור",
    waiting: "עוד לא כאן",
  },
};
/** @param {keyof typeof WORDS.en} key */
const say = (key) => WORDS[currentLanguage()][key];

const COLOURS = ["ground", "card", "line", "ink", "soft", "accent", "warm", "danger", "highlight", "both"];
const LETTERS = ["label", "control", "body", "lead", "title", "display"];
const SPACES = ["1", "2", "3", "4", "6", "8"];
const CORNERS = ["radius-small", "radius", "radius-card", "radius-pill"];
const HEIGHTS = ["lift-card", "lift-float"];

/** What the visitor has set here; nothing else hears of it. */
const set = { samples: 500, rate: 0.03, unit: "batch", shown: true, view: "map" };

/** @param {string} heading @param {unknown} body */
const part = (heading, body) =>
  html`<section class="card">
    <h3>${heading}</h3>
    ${body}
  </section>`;

/** @param {Uint32Array} table @param {string} name @param {string} words */
function scale(table, name, words) {
  const stripes = Array.from({ length: 64 }, (_, i) => table[Math.round((i * 255) / 63)]);
  const css = (/** @type {number} */ packed) => `rgb(${[0, 8, 16].map((by) => (packed >> by) & 255).join(" ")})`;
  return html`<figure>
    <svg viewBox="0 0 64 4" preserveAspectRatio="none" aria-hidden="true">
      ${stripes.map((packed, i) => svg`<rect x=${i} width="1.1" height="4" fill=${css(packed)}></rect>`)}
    </svg>
    <figcaption><code>${name}</code> ${words}</figcaption>
  </figure>`;
}

/** @param {Theme} theme */
function colours(theme) {
  return html`${part(
    say("colours"),
    html`<ul class="swatches">
      ${COLOURS.map((name) => html`<li><i data-swatch=${name}></i><code>--${name}</code></li>`)}
    </ul>`,
  )}
  ${part(
    say("scales"),
    html`${scale(SCALE[theme], "SCALE", say("diverging"))}${scale(HEIGHT[theme], "HEIGHT", say("sequential"))}`,
  )}
  ${part(
    say("classes"),
    html`<ul class="legend">
        ${CLASS_COLORS.map((_, i) => html`<li>${classSign(i)}<bdi>${i}</bdi></li>`)}
      </ul>
      <ul class="legend">
        ${CLASS_COLORS.slice(0, 4).map((color, i) => html`<li>${lineSign(color, i)}<bdi>${i}</bdi></li>`)}
      </ul>`,
  )}`;
}

const measures = () =>
  html`${part(
    say("type"),
    html`<ul class="letters">
      ${LETTERS.map(
        (name) => html`<li><span data-letters=${name}>${say("sample")}</span><code>--type-${name}</code></li>`,
      )}
    </ul>`,
  )}
  ${part(
    say("room"),
    html`<ul class="measures">
      ${SPACES.map((name) => html`<li><i data-space=${name}></i><code>--space-${name}</code></li>`)}
      ${[...CORNERS, ...HEIGHTS].map((name) => html`<li><i data-shape=${name}></i><code>--${name}</code></li>`)}
    </ul>`,
  )}
  ${part(say("motion"), html`<p>${say("motion_text")}</p>`)}`;

/** @param {Theme} theme */
function controls(theme) {
  const name = (/** @type {string} */ control) => `${control}_${theme}`;
  /** @param {Partial<typeof set>} change */
  const change = (change) => {
    Object.assign(set, change);
    draw();
  };
  const show = (/** @type {boolean} */ shown) => change({ shown });
  const free = true;
  const idle = () => {};
  return html`${part(
    say("buttons"),
    html`<div class="row">
        <button type="button" class="primary">${t("key_play")}</button>
        <button type="button">${t("course")}</button>
        <button type="button" class="danger">${t("close")}</button>
        <button type="button" disabled>${t("undo")}</button>
        <button type="button" class="tag" aria-pressed="true">0.1</button>
      </div>
      <div class="row">
        <button type="button" class="play" aria-label=${t("key_play")}>${icons.play}</button>
        ${button({ name: name("step"), label: t("key_step"), sign: icons.step, click: idle, free })}
        ${button({ name: name("share"), label: t("share"), sign: icons.share, click: idle, free, text: true })}
        ${button({ name: name("redo"), label: t("redo"), sign: icons.redo, click: idle, free, disabled: true })}
      </div>
      ${segments(
        name("view"),
        say("buttons"),
        [
          ["map", say("sequential")],
          ["hills", say("diverging")],
        ],
        set.view,
        (view) => change({ view }),
      )}
      <div class="tabs" role="tablist" aria-label=${say("words")}>
        <button type="button" role="tab" aria-selected="true">${t("lesson")}</button>
        <button type="button" role="tab" aria-selected="false">${t("settings")}</button>
      </div>`,
  )}
  ${part(
    say("fields"),
    html`${select({
        name: name("unit"),
        label: t("dataset"),
        value: "circle",
        options: ["circle", "moons", "spiral"].map((key) => [key, t(`data_${key}`)]),
        change: idle,
        free,
      })}
      ${slider({
        name: name("samples"),
        label: `${t("samples")} (${theme})`,
        value: set.samples,
        min: 20,
        max: 2000,
        step: 20,
        show: String,
        change: (samples) => change({ samples }),
        free,
      })}
      ${check({ name: name("shown"), label: t("noise"), checked: set.shown, change: show, free })}
      <label class="field"
        ><span>${t("noise")}</span><input type="text" value="0.1" data-control=${name("number")}
      /></label>
      <label class="field"
        ><span>${t("share")}</span><textarea rows="2" data-control=${name("text")}></textarea>
      </label>`,
  )}`;
}

const said = () =>
  html`${part(
    say("messages"),
    html`<p class="notice info"><span>${t("connecting")}</span><button type="button">${t("close")}</button></p>
      <p class="notice error"><span>${t("one_input")}</span></p>
      <p class="hint">${t("points_help")}</p>
      <ul class="findings">
        <li><p>${t("one_input")}</p></li>
        <li class="note"><p>${t("connecting")}</p></li>
      </ul>
      <p class="verdict">${say("sample")}</p>`,
  )}
  ${part(
    say("lists"),
    html`<dl class="costs">
        <dt>${t("part_train")}</dt>
        <dd>0.021</dd>
        <dt>${t("part_cv")}</dt>
        <dd>0.034</dd>
      </dl>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">${t("key_help")}</th>
            <th scope="col">J</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">${t("part_train")}</th>
            <td>0.021</td>
          </tr>
        </tbody>
      </table>
      <ul class="bars">
        <li class="best"><span>7</span><meter value="0.8" aria-label="7"></meter><span>80.0%</span></li>
      </ul>
      <p><kbd>Ctrl</kbd> <kbd>Z</kbd> ${t("undo")}</p>`,
  )}
  ${part(
    say("words"),
    html`<div class="lesson">
      <p class="question">${say("sample")}?</p>
      <p class="formula" dir="ltr">w ← w − α·<b>∂J/∂w</b></p>
      <p><button type="button" class="attempt">α = 0.12</button></p>
      <ul class="challenges">
        <li class="done"><span class="mark">✓</span><span>${say("sample")}</span></li>
      </ul>
    </div>`,
  )}
  ${part(say("waiting"), html`<div class="skeleton"></div>`)}`;

/** @param {Theme} theme */
const all = (theme) => html`${colours(theme)} ${measures()} ${controls(theme)} ${said()}`;

function draw() {
  for (const theme of /** @type {Theme[]} */ (["light", "dark"]))
    render(all(theme), /** @type {HTMLElement} */ (document.querySelector(`.themes > [data-theme=${theme}]`)));
}

draw();
