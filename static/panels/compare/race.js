/**
 * Several runs side by side: each a real run of its own, started together, their costs told as they come. They go in
 * lockstep by a unit (steps, epochs or multiplications): in each round all come to the same place, and nobody begins
 * the next one before all are there.
 */

import { json, request } from "../../core/api.js";
import { Stream } from "../../core/stream.js";

/** @import {Changes, Words, Spec, Report, RunState} from "../../types/page.d.ts" */

const FPS = 4;
const FPS_MAP = 12;
/** Milliseconds from one round to the next, at least; of a round at full speed as much as it should take. */
const ROUND_MS = 60;
const FULL_ROUND_MS = 150;
/** What a race has fallen behind its clock by more than this, it does not make up for. */
const LATE_MS = 500;
/** Steps of one command, at most. */
const MOST_STEPS = 1000;
/** Places on a side of a shared map, at most. */
const FINEST = 65;

/** @typedef {string | Words} Label a text by language, or one text */
/**
 * @typedef {object} Runner
 * @property {Label} label a text by language, or one text
 * @property {Spec} spec
 * @property {string} run
 * @property {string} token
 * @property {Stream | null} stream
 * @property {Report} report
 * @property {Changes | null} window
 * @property {RunState} state
 * @property {number[]} steps
 * @property {Record<string, number[]>} costs J of train, cv, test at those steps
 * @property {Record<string, number>} figures newest metrics, such as cv-accuracy
 * @property {import("../../draw/surface.js").Landscape} [land] its cost surface
 * @property {ArrayLike<number>} [path] its way over it
 * @property {string[]} [axes]
 * @property {[string, number][]} [norms] size of the gradient by layer
 */

export class Race extends EventTarget {
  constructor() {
    super();
    /** @type {Runner[]} */ this.runners = [];
    /**
     * Views of the runners beside cost and metrics.
     * @type {{surface: Changes | null, shared: boolean, gradients: boolean}}
     */
    this.wish = { surface: null, shared: true, gradients: false };
    /** @type {"step" | "epoch" | "multiplications"} in which nobody is ahead */ this.unit = "step";
    this.going = false;
    this.waiting = 0;
  }

  tell() {
    this.waiting ||= requestAnimationFrame(() => {
      this.waiting = 0;
      this.dispatchEvent(new Event("change"));
    });
  }

  /** @param {Label} label @param {Spec} spec @param {Changes | null} [surface] its own window of the surface */
  async add(label, spec, surface = null) {
    const made = await json("/runs", { spec });
    /** @type {Runner} */
    const runner = {
      label,
      spec,
      run: made.id,
      token: made.token,
      stream: null,
      report: made.report,
      state: made.state,
      window: surface,
      steps: [],
      costs: { train: [], cv: [], test: [] },
      figures: {},
    };
    runner.stream = new Stream(made.id, made.token, {
      event: (event) => {
        if (event.state) runner.state = { ...runner.state, ...event.state };
        this.tell();
      },
      frame: (frame) => this.take(runner, frame),
      history: (rows) => lengthen(runner, rows),
      status: () => {},
    });
    this.runners.push(runner);
    this.ask(runner);
    this.tell();
    return runner;
  }

  /**
   * What every runner shows; of a shared surface the first alone draws the ground, the others their path.
   * @param {Runner} runner
   */
  ask(runner) {
    const { surface, shared, gradients } = this.wish;
    const own = surface && { ...surface, ...runner.window };
    const small = own && shared && runner !== this.runners[0] ? { ...own, size: 5 } : own && { finest: FINEST, ...own };
    runner.stream?.subscribe(
      { cost: {}, metrics: {}, ...(small ? { surface: small } : {}), ...(gradients ? { gradients: {} } : {}) },
      surface ? FPS_MAP : FPS,
    );
  }

  /** Other views of all runners. @param {Partial<typeof this.wish>} wish */
  look(wish) {
    this.wish = { ...this.wish, ...wish };
    for (const runner of this.runners) this.ask(runner);
  }

  /** @param {Runner} runner @param {import("../../core/safetensors.js").Decoded} frame */
  take(runner, frame) {
    const views = JSON.parse(frame.meta.views);
    const about = views.metrics;
    if (views.surface?.u) {
      runner.land = {
        j: frame.tensors["surface/j"].data,
        size: frame.tensors["surface/j"].shape[0],
        u: views.surface.u,
        v: views.surface.v,
        settled: views.surface.settled,
      };
      runner.axes = views.surface.axes;
      runner.path = frame.tensors["surface/path"].data;
    }
    if (views.gradients)
      runner.norms = views.gradients.layers.map((/** @type {string} */ layer, /** @type {number} */ i) => [
        layer,
        frame.tensors["gradients/norms"]?.data[i] ?? 0,
      ]);
    const table = frame.tensors["metrics/table"];
    about.parts.forEach((/** @type {string} */ part, /** @type {number} */ r) =>
      about.names.forEach((/** @type {string} */ name, /** @type {number} */ c) => {
        runner.figures[`${name}.${part}`] = table.data[r * about.names.length + c];
      }),
    );
    runner.state = {
      ...runner.state,
      ...JSON.parse(frame.meta.state),
      step: Number(frame.meta.step),
      epoch: Number(frame.meta.epoch),
    };
    runner.stream?.acknowledge(Number(frame.meta.frame));
    this.tell();
  }

  get playing() {
    return this.going || this.runners.some((r) => r.state.playing);
  }

  /** What a step of a runner is in the unit. @param {Runner} runner */
  worth({ state, report }) {
    if (this.unit === "epoch") return 1 / (state.steps_per_epoch || 1);
    return this.unit === "multiplications" ? report.totals.step_multiplications : 1;
  }

  /** Those that can still be made to step. */
  get racing() {
    return this.runners.filter(({ state }) => !state.diverged && !state.stopped && !state.failed);
  }

  /**
   * Rounds until it is paused. The pace counts steps of the runner that makes most of them.
   * @param {() => import("../../core/pacing.js").Curve | null} curve as it is now; null: full speed
   */
  async play(curve) {
    if (this.going) return;
    this.going = true;
    this.tell();
    let [round, began, followed] = [1, 0, /** @type {ReturnType<typeof curve>} */ (null)];
    try {
      while (this.going && this.racing.length) {
        const unit = Math.min(...this.racing.map((r) => this.worth(r)));
        const made = Math.round(Math.max(...this.racing.map((r) => r.state.step * this.worth(r))) / unit);
        const start = performance.now();
        const now = curve();
        if (now) {
          const due = now.seconds(made + 1) * 1000;
          began = Math.max(followed === now ? began : start - due, start - due - LATE_MS);
          round = start - began < due ? 0 : Math.max(1, Math.floor(now.steps((start - began) / 1000)) - made);
        }
        followed = now;
        if (round) await this.bring((made + Math.min(round, MOST_STEPS)) * unit);
        const took = performance.now() - start;
        if (!now)
          round = Math.max(1, Math.min(MOST_STEPS, Math.round((round * FULL_ROUND_MS) / took) || 1, 2 * round || 1));
        if (took < ROUND_MS) await new Promise((go) => setTimeout(go, ROUND_MS - took));
      }
    } finally {
      this.going = false;
      this.tell();
    }
  }

  pause() {
    this.going = false;
    this.tell();
  }

  /** Every runner to a place, as far as whole steps reach. @param {number} place in the unit */
  async bring(place) {
    await Promise.all(
      this.racing.map(async (r) => {
        const count = Math.min(MOST_STEPS, Math.floor(place / this.worth(r) + 1e-6) - r.state.step);
        const answer = count > 0 ? await r.stream?.send({ op: "step", unit: "batch", count }) : null;
        if (answer) r.state = { ...r.state, ...answer.state };
      }),
    );
    this.tell();
  }

  /** @param {import("../../types/page.d.ts").Command} command */
  async all(command) {
    await Promise.all(
      this.runners.map((r) =>
        r.stream?.send(command).then((answer) => {
          r.state = { ...r.state, ...answer.state };
        }),
      ),
    );
    this.tell();
  }

  /** @param {Runner} runner */
  remove(runner) {
    runner.stream?.close();
    request(`/runs/${runner.run}`, { method: "DELETE", token: runner.token, keepalive: true }).catch(() => {});
    this.runners = this.runners.filter((r) => r !== runner);
    this.tell();
  }

  clear() {
    this.going = false;
    for (const runner of [...this.runners]) this.remove(runner);
  }
}

/** @param {Runner} runner @param {import("../../core/safetensors.js").Decoded} rows */
function lengthen(runner, rows) {
  const step = rows.tensors["cost/step"].data;
  const first = step.length ? step[0] : Infinity;
  const keep = runner.steps.findIndex((s) => s >= first);
  if (keep >= 0) for (const list of [runner.steps, ...Object.values(runner.costs)]) list.length = keep;
  for (let i = 0; i < step.length; i++) {
    if (Number.isNaN(rows.tensors["cost/train"].data[i])) continue;
    runner.steps.push(step[i]);
    for (const part of ["train", "cv", "test"]) runner.costs[part].push(rows.tensors[`cost/${part}`].data[i]);
  }
}
