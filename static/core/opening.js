/** How a page comes to a run: a lab, an address, a preset, somebody else's run. */

import { json } from "./api.js";
import { fromAddress } from "./permalink.js";
import { currentLanguage } from "./i18n.js";

/** @import {Spec, StartedRun} from "../types/page.d.ts" */
/** @typedef {import("./session.js").Session} Session */

/** What the address asks for. @param {Session} session */
export async function open(session) {
  const catalog = json("/catalog").then((c) => session.know(c));
  const lab = document.body.dataset.lab;
  if (session.watching) await session.watch(session.watching);
  else if (lab && !location.hash) await session.openLab(lab);
  else {
    if (lab) await session.readLab(lab);
    const saved = await fromAddress();
    session.seeAs(saved?.view);
    const preset = new URLSearchParams(location.search).get("preset");
    await session.begin(saved?.spec ? { spec: saved.spec } : { lab: preset ?? "circle" });
  }
  await catalog;
}

/** A lab of the course: its text, and a run of its spec. @param {Session} session @param {string} id */
export async function openLab(session, id) {
  await session.readLab(id);
  if (!session.lab) return session.begin({ lab: "circle" });
  session.seeAsIn(session.lab);
  await session.begin({ lab: id });
  session.pick(session.lab.pick, Boolean(session.lab.pick));
}

/** @param {Session} session @param {string} id */
export async function readLab(session, id) {
  try {
    session.enter(await json(`/labs/${encodeURIComponent(id)}?lang=${currentLanguage()}`));
  } catch (error) {
    session.enter(null);
    session.fail(error);
  }
  session.emit("change");
}

/** A new run from a spec or a preset. @param {Session} session @param {{spec: Spec} | {lab: string}} what */
export async function begin(session, what) {
  try {
    /** @type {StartedRun} */ const run = await json("/runs", what);
    session.leave();
    session.adopt(run, run.token);
  } catch (error) {
    session.fail(error);
    if ("spec" in what && !session.run) await begin(session, { lab: "circle" });
  }
}

/**
 * Nobody is left to see it: the run rests (it is put away later) and another one gets its time.
 * @param {Session} session
 */
export function pauseOnLeaving({ run, token, state }) {
  if (!run || !token || !state.playing) return;
  fetch(`/api/v1/runs/${run}/commands`, {
    method: "POST",
    keepalive: true,
    body: JSON.stringify({ op: "pause" }),
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
  }).catch(() => {});
}
