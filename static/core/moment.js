/**
 * The one clock of the page: which moment is on show, and what of the page belongs to it.
 *
 * A moment is a step of a run and how many edits it had had (its revision). Every view says in `about.at` which one it
 * is of. What is not of the moment on show is drawn dimmed and says which step it is of; while a run trains, what is
 * younger than a second is not dimmed.
 */

import { grouped } from "./format.js";
import { t } from "./i18n.js";

/** @import {RunState} from "../types/page.d.ts" */
/** @typedef {{step: number, revision: number}} Moment */
/** @typedef {{at: Moment, measuring?: boolean}} Said what every view says of itself */
/** @typedef {"same" | "moving" | "older" | "measuring"} Standing */

const FRESH_MS = 1000;
const KEPT_MS = 4000;
const ORDER = /** @type {const} */ (["same", "moving", "older", "measuring"]);

export class Clock {
  constructor() {
    /** Moments that were on show lately, and when each came. @type {(Moment & {time: number})[]} */ this.lately = [];
  }

  /** A moment is on show. @param {Moment} moment @param {number} [now] */
  shows({ step, revision }, now = performance.now()) {
    const last = this.lately.at(-1);
    if (last?.step === step && last.revision === revision) return;
    this.lately.push({ step, revision, time: now });
    while (this.lately.length > 1 && this.lately[1].time < now - KEPT_MS) this.lately.shift();
  }

  /** Milliseconds since another moment has been on show than this one. @param {Moment} at @param {number} now */
  age(at, now) {
    const after = this.lately.find((m) => m.revision > at.revision || (m.revision === at.revision && m.step > at.step));
    return after ? now - after.time : 0;
  }

  /**
   * What a view is, seen from the moment on show.
   * @param {Said | undefined} about of a view
   * @param {Pick<RunState, "step" | "revision" | "playing">} state
   * @param {number} [now]
   * @returns {Standing}
   */
  standing(about, state, now = performance.now()) {
    const at = about?.at;
    if (!at) return "same";
    if (at.revision === state.revision) {
      if (at.step === state.step) return about.measuring ? "measuring" : "same";
      if (state.playing && this.age(at, now) < FRESH_MS) return "moving";
    }
    return about?.measuring ? "measuring" : "older";
  }

  /**
   * Of several views what has to be said: how far the furthest is from the moment on show, and the oldest step
   * (null: all are of the moment, but not of all examples yet).
   * @param {(Said | undefined)[]} abouts
   * @param {Pick<RunState, "step" | "revision" | "playing">} state
   * @returns {{standing: Standing, step: number | null}}
   */
  worst(abouts, state) {
    /** @type {{standing: Standing, step: number | null}} */ const found = { standing: "same", step: null };
    for (const about of abouts) {
      const standing = this.standing(about, state);
      if (!about || standing === "same") continue;
      if (ORDER.indexOf(standing) > ORDER.indexOf(found.standing)) found.standing = standing;
      if (about.at.revision !== state.revision || about.at.step !== state.step)
        found.step = Math.min(about.at.step, found.step ?? Infinity);
    }
    return found;
  }
}

/** What is said beside numbers that are older or unfinished. @param {Standing} standing @param {number | null} step */
export function words(standing, step) {
  if (standing === "same") return "";
  if (step === null) return t("moment_unfinished");
  if (standing === "measuring") return t("moment_measuring", { step: grouped(step) });
  return t("moment_older", { step: grouped(step) });
}
