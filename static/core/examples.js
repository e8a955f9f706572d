/** The examples of a run, to be drawn. */

import { request } from "./api.js";
import { tidied } from "./format.js";
import { decode } from "./safetensors.js";

/** Pixels of examples that are fetched at most. */
const MOST_DATA = 1_500_000;

/** @import {DataAbout, Report} from "../types/page.d.ts" */

/** What they are and their tensors. @param {string} run @param {Report} report */
export async function fetchExamples(run, report) {
  const each = report.input_shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
  const most = report.input_shape.length === 3 ? Math.max(16, Math.min(1000, Math.floor(MOST_DATA / each))) : 1000;
  const response = await request(`/runs/${run}/data?most=${most}`);
  const decoded = decode(await response.arrayBuffer());
  /** @type {DataAbout} */ const about = JSON.parse(decoded.meta.about, tidied);
  return { ...about, tensors: decoded.tensors };
}
