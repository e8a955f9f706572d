/**
 * The first ten seconds that a visitor trains: three captions, one after the other, each in the picture beside what
 * moves; then one thing to change. Time counts while it trains, so whoever pauses reads on.
 */

import { html, nothing } from "lit";
import "../core/more-texts.js";
import { t } from "../core/i18n.js";

/** @typedef {import("../core/session.js").Session} Session */
/**
 * @typedef {object} Place what is pointed at
 * @property {number} x
 * @property {number} y
 * @property {number} top its caption is above this, or below the bottom
 * @property {number} bottom
 * @property {boolean} [above] rather above
 */

/** Seconds of training from which on each is shown, and after which the last one goes. */
const FROM = [0.4, 3.6, 7];
const UNTIL = 11;
/** Pixels between what is pointed at and its caption, and between a caption and the edge of the window. */
const [AWAY, EDGE] = [30, 10];
const RING = 9;
/** So many of the examples are told apart once it may be said that it has learnt. */
const LEARNT = 0.9;
/** Another set of two classes, for a network that has just learnt one. */
const NEXT = { circle: "spiral", other: "circle" };

/** Where the window ends and the transport begins. */
const foot = () => document.querySelector(".controls")?.getBoundingClientRect().top ?? innerHeight;

/**
 * What of a piece of the page is in sight.
 * @param {Element | undefined | null} node @returns {{left: number, right: number, top: number, bottom: number} | null}
 */
function inSight(node) {
  const box = node?.getBoundingClientRect();
  if (!box?.width) return null;
  const [left, right] = [Math.max(0, box.left), Math.min(innerWidth, box.right)];
  const [top, bottom] = [Math.max(0, box.top), Math.min(foot(), box.bottom)];
  return right - left > RING && bottom - top > RING ? { left, right, top, bottom } : null;
}

/** Its middle, with the caption clear of it. @param {ReturnType<typeof inSight>} box @returns {Place | null} */
const middle = (box) =>
  box && { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, top: box.top, bottom: box.bottom };

/** Units of the network's picture, by layer. @returns {HTMLElement[][]} */
function layers() {
  /** @type {Map<string, HTMLElement[]>} */ const found = new Map();
  for (const unit of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("d-network .unit"))) {
    const layer = unit.dataset.layer ?? "";
    found.set(layer, [...(found.get(layer) ?? []), unit]);
  }
  return [...found.values()];
}

/** Between two layers, where their edges run. @returns {Place | null} */
function edges() {
  const [before, after] = layers().map(([unit]) => middle(inSight(unit)));
  if (!before || !after) return null;
  const y = (before.y + after.y) / 2;
  return { x: (before.x + after.x) / 2, y, top: Math.min(y, before.top, after.top), bottom: y, above: true };
}

/** A unit in the middle of the network, the highest of its layer. @returns {Place | null} */
function unit() {
  const place = middle(inSight(layers().slice(1, -1)[0]?.[0]));
  return place && { ...place, above: true };
}

/** What it answers: on the plane, or, where that is not in sight, in the last unit. */
function answer() {
  const plane = inSight(document.querySelector("d-output canvas.main"));
  return middle(plane && plane.bottom - plane.top > 60 ? plane : inSight(layers().at(-1)?.[0]));
}

/** Whether most of the examples that it trains on are told apart. @param {Session} session */
function learnt(session) {
  const { names = [] } = session.about.metrics ?? {};
  const table = session.tensor("metrics/table");
  return (table?.data[names.indexOf("accuracy")] ?? 0) >= LEARNT; // the first row is of the training set
}

const CAPTIONS = [
  { text: "first_edges", at: edges },
  { text: "first_unit", at: unit },
  { text: "first_answer", at: answer },
];

export class FirstPlay {
  /** @param {Session} session @param {() => void} changed */
  constructor(session, changed) {
    this.session = session;
    this.changed = changed;
    this.seconds = 0;
    this.last = performance.now();
    this.shown = -1;
    this.over = false;
    this.tick = () => this.go();
    requestAnimationFrame(this.tick);
  }

  end() {
    this.over = true;
  }

  /** Another picture: what moves is followed, and its caption goes with it. */
  go() {
    if (this.over) return;
    const now = performance.now();
    if (this.session.state.playing) this.seconds += Math.min(0.25, (now - this.last) / 1000);
    this.last = now;
    const due = this.seconds >= UNTIL ? FROM.length : FROM.filter((from) => this.seconds >= from).length - 1;
    if (due !== this.shown) {
      this.shown = due;
      this.changed();
    }
    this.place();
    if (due < FROM.length) requestAnimationFrame(this.tick);
  }

  /** Whether a caption is being read, so that nothing else is said. */
  get speaks() {
    return this.shown in CAPTIONS && this.session.state.playing;
  }

  /** The caption of the moment. */
  caption() {
    const now = CAPTIONS[this.shown];
    if (!now || this.over) return nothing;
    return html`<div class="pointing" data-caption=${now.text}>
      <svg aria-hidden="true">
        <line></line>
        <circle r=${RING}></circle>
      </svg>
      <p role="status">${t(now.text)}</p>
    </div>`;
  }

  /** Beside what it speaks of, and inside the window. */
  place() {
    const note = /** @type {HTMLElement | null} */ (document.querySelector("d-welcome .pointing"));
    const at = CAPTIONS[this.shown]?.at();
    if (!note) return;
    note.hidden = !at;
    if (!at) return;
    const words = /** @type {HTMLElement} */ (note.querySelector("p"));
    const { width, height } = words.getBoundingClientRect();
    const [over, under] = [at.top - AWAY - height, at.bottom + AWAY];
    const below = over < EDGE || (!at.above && under + height + EDGE < foot());
    const left = Math.max(EDGE, Math.min(innerWidth - width - EDGE, at.x - width / 2));
    const top = below ? Math.min(under, foot() - height - EDGE) : over;
    words.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    const [line, ring] = [note.querySelector("line"), note.querySelector("circle")];
    const ends = { x1: at.x, y1: at.y + (below ? RING : -RING), x2: at.x, y2: below ? top : top + height };
    for (const [name, value] of Object.entries(ends)) line?.setAttribute(name, String(value));
    ring?.setAttribute("cx", String(at.x));
    ring?.setAttribute("cy", String(at.y));
  }

  /** What to do next, once the captions have gone. @param {() => void} done */
  suggestion(done) {
    if (this.shown < FROM.length) return null;
    const { name } = this.session.spec.data;
    const next = name === "circle" ? NEXT.circle : NEXT.other;
    const choice = /** @type {HTMLSelectElement | null} */ (document.querySelector("select[data-control=dataset]"));
    const usable = choice && !choice.disabled && next !== name;
    const give = () => {
      if (choice) choice.value = next;
      choice?.dispatchEvent(new Event("change", { bubbles: true }));
      if (!this.session.state.playing) this.session.command({ op: "play" });
      done();
    };
    return {
      text: t(usable && (next !== NEXT.circle || learnt(this.session)) ? `first_change_${next}` : "first_change"),
      action: usable
        ? html`<button type="button" class="primary" data-control="welcome_change" @click=${give}>
            ${t(`data_${next}`)}
          </button>`
        : nothing,
    };
  }
}
