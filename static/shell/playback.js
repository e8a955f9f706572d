/**
 * Plays the kept moments of a run, forwards or backwards, at the pace that the run has. Each is shown by a seek, so
 * that whoever watches sees the same.
 */

import { curveOf } from "../core/pacing.js";

/** @import {Command, RunState} from "../types/page.d.ts" */
/** @typedef {{state: RunState, command: (message: Command) => Promise<unknown>}} Steered of a session */

/** Milliseconds of a moment at full speed, and of none less. */
const EACH_MS = 50;

export class Playback {
  /** @param {Steered} session @param {() => void} tell it plays, or no longer */
  constructor(session, tell) {
    this.session = session;
    this.tell = tell;
    /** @type {-1 | 0 | 1} */ this.direction = 0;
  }

  /** Kept moments, and the present. */
  get places() {
    const { keyframes, head } = this.session.state;
    return [...keyframes.filter((/** @type {number} */ step) => step < head), head];
  }

  stop() {
    this.direction = 0;
    this.tell();
  }

  /** @param {-1 | 1} direction */
  async play(direction) {
    if (this.direction) return void (this.direction = direction);
    this.direction = direction;
    this.tell();
    const { places } = this;
    const { state } = this.session;
    let at = state.viewing ? state.step : state.head;
    if (direction > 0 && at === places.at(-1)) at = await this.show(places[0]);
    let [since, from, heading] = [performance.now(), at, direction];
    const curve = curveOf(state.pace);
    while (this.direction && at !== (this.direction > 0 ? places.at(-1) : places[0])) {
      await new Promise((go) => setTimeout(go, EACH_MS));
      if (!this.direction || this.session.state.playing) break;
      if (heading !== this.direction) [since, from, heading] = [performance.now(), at, this.direction];
      const next = curve ? this.due(curve, places, from, performance.now() - since) : this.neighbour(places, at);
      if (next !== at) at = await this.show(next);
    }
    this.stop();
  }

  /**
   * The place that a curve has come to, so many milliseconds after it was at a step.
   * @param {import("../core/pacing.js").Curve} curve @param {number[]} places @param {number} from @param {number} ms
   */
  due(curve, places, from, ms) {
    const [first] = places;
    const seconds = curve.seconds(from - first) + (this.direction * ms) / 1000;
    const step = first + curve.steps(Math.max(0, seconds)) + this.direction * 1e-6;
    const found =
      this.direction > 0 ? places.findLast((place) => place <= step) : places.find((place) => place >= step);
    return found ?? (this.direction > 0 ? first : (places.at(-1) ?? first));
  }

  /** @param {number[]} places @param {number} at */
  neighbour(places, at) {
    const near = this.direction > 0 ? places.find((place) => place > at) : places.findLast((place) => place < at);
    return near ?? at;
  }

  /** @param {number} step */
  async show(step) {
    await this.session.command({ op: "seek", step });
    return step;
  }
}
