/** The run so far: drag or play to see any kept moment; go back to it, or branch from it. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { sharp } from "../draw/canvas.js";
import { INK, theme } from "../core/colors.js";
import { grouped } from "../core/format.js";
import { t } from "../core/i18n.js";
import { watchSize } from "../core/powers.js";
import { button, hidden, locked } from "../controls/controls.js";
import * as icons from "../controls/icons.js";

const HEIGHT = 44;

class Timeline extends Element {
  constructor() {
    super();
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.pending = undefined;
    this.busy = false;
    this.place = 0;
    /** The step at which it was asked whether what follows may go. */ this.asked = -1;
    /** @type {number | undefined} */ this.goal = undefined;
    /** @type {import("./playback.js").Playback | null} fetched when it is first wanted */ this.playback = null;
    this.lengthened = () => this.schedule();
  }

  connectedCallback() {
    super.connectedCallback();
    this.session.addEventListener("history", this.lengthened);
  }

  firstUpdated() {
    watchSize(this, () => this.paint());
  }

  updated() {
    this.paint();
  }

  schedule() {
    this.pending ??= setTimeout(() => {
      this.pending = undefined;
      this.paint();
    }, 150);
  }

  /** Kept moments before the present. @returns {number[]} */
  get moments() {
    const { keyframes, head } = this.session.state;
    return keyframes.filter((/** @type {number} */ s) => s < head);
  }

  /** The cross-validation cost over the moments, as the ground of the slider. */
  paint() {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector("canvas"));
    if (!canvas) return;
    const width = canvas.parentElement?.clientWidth ?? 300;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${HEIGHT}px`;
    const to = sharp(canvas, width, HEIGHT);
    to.clearRect(0, 0, width, HEIGHT);
    const { columns, count } = this.session.history;
    const moments = this.moments;
    if (count < 2 || !moments.length) return;
    const which = theme();
    const steps = [...moments, this.session.state.head];
    const costs = steps.map((step) => columns.train[rowAt(columns, count, step)]);
    const known = costs.filter(Number.isFinite);
    const top = Math.max(...known);
    const low = Math.min(...known);
    to.beginPath();
    costs.forEach((cost, i) => {
      const share = i / Math.max(1, steps.length - 1);
      const x = 8 + share * (width - 16);
      const y = 4 + (HEIGHT - 8) * (1 - ((Number.isFinite(cost) ? cost : low) - low) / (top - low || 1));
      if (i) to.lineTo(x, y);
      else to.moveTo(x, y);
    });
    to.strokeStyle = INK[which].accent;
    to.lineWidth = 1.5;
    to.stroke();
    to.lineTo(width - 8, HEIGHT);
    to.lineTo(8, HEIGHT);
    to.closePath();
    to.fillStyle = INK[which].span;
    to.fill();
  }

  /** Forwards, backwards, or no further. @param {-1 | 1} direction */
  async play(direction) {
    if (this.playback?.direction === direction) return this.playback.stop();
    const { Playback } = await import("./playback.js");
    this.playback ??= new Playback(this.session, () => this.requestUpdate());
    this.playback.play(direction).catch((error) => this.session.fail(error));
  }

  /** @param {-1 | 1} direction */
  player(direction) {
    const name = direction > 0 ? "play_on" : "play_back";
    const goes = this.playback?.direction === direction;
    return button({
      name,
      label: goes ? t("pause") : t(name),
      sign: goes ? icons.pause : icons.play,
      kind: goes ? "" : name,
      disabled: locked("timeline") || !this.moments.length || this.session.state.playing,
      click: () => this.play(direction),
    });
  }

  /** @param {number} place */
  seek(place) {
    this.playback?.stop();
    const { moments } = this;
    const step = place >= moments.length ? this.session.state.head : moments[place];
    this.goal = step;
    this.place = place; // while the server catches up, what the hand says counts
    if (this.busy) return;
    this.busy = true;
    const go = async () => {
      while (this.goal !== undefined) {
        const next = this.goal;
        this.goal = undefined;
        await this.session.command({ op: "seek", step: next });
      }
      this.busy = false;
      this.requestUpdate();
    };
    go();
  }

  /** What is forgotten does not come back, so it is asked first. */
  rewind() {
    const { session } = this;
    const { step } = session.state;
    const ask = (/** @type {number} */ at) => {
      this.asked = at;
      this.requestUpdate();
    };
    if (this.asked !== step)
      return button({ name: "rewind", label: t("rewind"), sign: icons.reset, text: true, click: () => ask(step) });
    const go = () => {
      ask(-1);
      session.command({ op: "rewind", step });
    };
    return html`<span role="alert">${t("rewind_asks", { step: grouped(step) })}</span>
      ${button({ name: "rewind_sure", label: t("rewind_sure"), sign: nothing, text: true, click: go })}
      ${button({ name: "rewind_not", label: t("cancel"), sign: nothing, text: true, click: () => ask(-1) })}`;
  }

  render() {
    const { session, moments } = this;
    const { state } = session;
    const at = this.busy ? this.place : state.viewing ? nearest(moments, state.step) : moments.length;
    const text = state.viewing ? t("at_step", { step: grouped(state.step) }) : t("now");
    return html`<div class="timeline-words">
        <h2>${t("timeline")}</h2>
        <output>${text}</output>
      </div>
      <div class="track" dir="ltr">
        <canvas aria-hidden="true"></canvas>
        <input
          type="range"
          min="0"
          max=${moments.length}
          step="1"
          .value=${String(at)}
          data-control="timeline"
          aria-label=${t("timeline")}
          aria-valuetext=${text}
          ?disabled=${locked("timeline") || !moments.length}
          @input=${(/** @type {On} */ e) => this.seek(Number(e.target.value))}
        />
      </div>
      <div class="row">
        <span class="players" dir="ltr">${this.player(-1)}${this.player(1)}</span>
        ${
          state.viewing
            ? html`<div class="past">
                ${button({
                  name: "to_now",
                  label: t("to_now"),
                  sign: nothing,
                  text: true,
                  click: () => session.command({ op: "seek", step: state.head }),
                })}
                ${this.rewind()}
              </div>`
            : nothing
        }
        ${
          hidden("branch") || session.watching
            ? nothing
            : button({
                name: "branch",
                label: t("branch"),
                sign: icons.branch,
                text: true,
                disabled: !state.head,
                click: () => session.branch(),
              })
        }
      </div>`;
  }
}

/** The last row up to a step. @param {Record<string, number[]>} columns @param {number} count @param {number} step */
function rowAt(columns, count, step) {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (columns.step[middle] <= step) low = middle;
    else high = middle - 1;
  }
  while (low > 0 && Number.isNaN(columns.train[low])) low--;
  return low;
}

/** @param {number[]} moments @param {number} step */
function nearest(moments, step) {
  let best = 0;
  moments.forEach((m, i) => {
    if (Math.abs(m - step) < Math.abs(moments[best] - step)) best = i;
  });
  return best;
}

customElements.define("d-timeline", Timeline);
