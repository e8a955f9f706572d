/** The examples of a run, to be drawn. */

import { request } from "./api.js";
import { tidied } from "./format.js";
import { decode } from "./safetensors.js";

/** Pixels of examples that are fetched at most. */
const MOST_DATA = 1_500_000;

/** @import {DataAbout, Examples, Report} from "../types/page.d.ts" */
/** @typedef {import("./moment.js").Said} Said */
/** @typedef {import("./session.js").Session} Session */

/** What they are and their tensors. @param {string} run @param {Report} report */
export async function fetchExamples(run, report) {
  const each = report.input_shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
  const most = report.input_shape.length === 3 ? Math.max(16, Math.min(1000, Math.floor(MOST_DATA / each))) : 1000;
  const response = await request(`/runs/${run}/data?most=${most}`);
  const decoded = decode(await response.arrayBuffer());
  /** @type {DataAbout} */ const about = JSON.parse(decoded.meta.about, tidied);
  return { ...about, tensors: decoded.tensors };
}

/** Those of the moment on show; while others are on their way, the ones that are there say of which moment they are. */
export class ExamplesOnShow {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    /** @type {Examples | null} */ this.here = null;
    /** Which wish is the newest: an answer to an older one is late. */ this.wish = 0;
    /** Of which moment they are, while newer ones are wished for. @type {Said[]} */ this.older = [];
  }

  /** Those of the moment on show instead. */
  async load() {
    const { session } = this;
    const { run, report } = session;
    const wish = ++this.wish;
    const at = session.clock.lately.at(-2); // they were of every moment up to the one before this
    if (this.here && at && !this.older.length) this.older = [{ at, measuring: true }];
    try {
      const here = await fetchExamples(/** @type {string} */ (run), report);
      if (wish !== this.wish) return;
      const before = this.here?.kind;
      this.here = here;
      session.stayWithin(here.counts);
      if (here.kind !== before) session.subscribe();
    } catch (error) {
      if (wish !== this.wish) return;
      session.fail(error);
    }
    this.older = [];
    session.emit("change");
  }
}
