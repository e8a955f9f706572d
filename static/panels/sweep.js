/** A sweep of many small real runs on the server: started, followed, cancelled; its results grouped by setting. */

import { json, refused, request } from "../core/api.js";

/** @import {Changes, Spec, SweepResult, Report, Examples} from "../types/page.d.ts" */

const EVERY_MS = 300;

/** @typedef {SweepResult & Record<string, unknown>} Result */
/**
 * @typedef {object} Band
 * @property {number} mean
 * @property {number} low
 * @property {number} high
 * @property {number} n
 */

export class Sweep extends EventTarget {
  constructor() {
    super();
    /** @type {string | null} */ this.id = null;
    this.token = "";
    this.state = "none";
    /** @type {string | null} */ this.error = null;
    this.done = 0;
    this.of = 0;
    this.seconds = 0;
    /** @type {Changes[]} */ this.points = [];
    /** @type {Result[]} */ this.results = [];
    this.clock = 0;
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }

  /** @param {{spec: Spec, points: Changes[], seeds: number, steps: number, method: string}} body */
  async start(body) {
    await this.cancel();
    const made = await json("/sweeps", body);
    Object.assign(this, {
      id: made.id,
      token: made.token,
      state: made.state,
      done: 0,
      of: made.of,
      points: body.points,
      results: [],
      error: null,
    });
    this.tell();
    await this.follow();
  }

  /** Until it is over. */
  async follow() {
    const { id } = this;
    while (this.id === id && this.state === "running") {
      const now = await json(`/sweeps/${id}?since=${this.results.length}`);
      if (this.id !== id) return;
      this.results.push(...now.results);
      const error = now.problem && (await refused(now.problem)).message;
      Object.assign(this, { state: now.state, done: now.done, of: now.of, seconds: now.seconds, error });
      this.tell();
      if (this.state === "running") await new Promise((go) => setTimeout(go, EVERY_MS));
    }
  }

  async cancel() {
    if (this.id && this.state === "running") {
      await request(`/sweeps/${this.id}`, { method: "DELETE", token: this.token, keepalive: true }).catch(() => {});
      this.state = "cancelled";
      this.tell();
    }
  }

  /** J_test of a setting; the server tells it for one choice only. @param {number} point */
  reveal(point) {
    return json(`/sweeps/${this.id}/test`, { point }, { token: this.token });
  }

  /**
   * Mean and spread of a figure over the seeds of a setting.
   * @param {number} point
   * @param {string} figure
   * @returns {Band | null}
   */
  band(point, figure) {
    const values = this.results
      .filter((r) => r.point === point && Number.isFinite(r[figure]))
      .map((r) => Number(r[figure]));
    if (!values.length) return null;
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return { mean, low: Math.min(...values), high: Math.max(...values), n: values.length };
  }

  /** The setting with the smallest mean of a figure, −1 if none is known. @param {string} figure */
  best(figure) {
    let found = -1;
    let least = Infinity;
    this.points.forEach((_, i) => {
      const mean = this.band(i, figure)?.mean ?? Infinity;
      if (mean < least) [found, least] = [i, mean];
    });
    return found;
  }
}

/** @typedef {{values: number[], changes: (v: number) => Changes, log?: boolean}} Kind */

const COUNTS = [5, 8, 12, 20, 30, 50, 80, 120, 200, 400, 800, 1600];
const RATES = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
const PENALTIES = [0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
const WIDTHS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];
/** Degrees of a curve over one input, and over several. */
const [MOST_DEGREE, MOST_DEGREE_OF_MANY, MANY] = [15, 6, 8];

/**
 * What can be swept here: values along the axis, and the changes of the spec each stands for.
 * @param {Spec} spec @param {Report} report @param {Examples | null} data
 */
export function kindsOf(spec, report, data) {
  const examples = data?.counts?.train ?? 100;
  const counts = COUNTS.filter((n) => n < examples).concat(spec?.data.train_rows ? [] : [examples]);
  /** @type {Record<string, Kind>} */
  const kinds = {
    l2: { values: PENALTIES, changes: (v) => ({ "regularization.l2": v }), log: true },
    train_rows: { values: counts, changes: (v) => ({ "data.train_rows": v }) },
    rate: { values: RATES, changes: (v) => ({ "optimizer.learning_rate": v }), log: true },
  };
  const most = mostDegree(report, data);
  if (most)
    kinds.degree = { values: Array.from({ length: most }, (_, i) => i + 1), changes: (v) => ({ "data.degree": v }) };
  const hidden = hiddenLayers(spec);
  if (hidden.length)
    kinds.width = { values: WIDTHS, changes: (v) => Object.fromEntries(hidden.map((i) => [`layers.${i}.units`, v])) };
  return kinds;
}

/** @param {Report} report @param {Examples | null} data @returns {number} 0 where inputs have no degree */
function mostDegree(report, data) {
  if (data?.kind === "line") return MOST_DEGREE;
  const few = data?.kind === "plane" || (data?.kind === "table" && report?.input_shape[0] < MANY);
  return few ? MOST_DEGREE_OF_MANY : 0;
}

/** Places of the dense layers before the last whose width is a number. @param {Spec} spec @returns {number[]} */
function hiddenLayers(spec) {
  const layers = spec?.layers.slice(0, -1) ?? [];
  return layers.flatMap((l, i) => (l.type === "Dense" && typeof l.units === "number" ? [i] : []));
}
