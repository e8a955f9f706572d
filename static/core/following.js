/** Watching another's run: who watches follows its owner from run to run, and may take a copy. */

import { ApiError, json, request } from "./api.js";
import { t } from "./i18n.js";
import { keepKey } from "./keys.js";
import { pathHere, readLabHere, startAnew } from "./opening.js";
import { showAddress } from "./powers.js";

/** @import {Run, StartedRun} from "../types/page.d.ts" */
/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./keys.js").Key} Key */

/** Another's run, or the one that its owner has gone on to. @param {Session} session @param {string} id */
export async function watch(session, id) {
  const turn = session.turnTo();
  try {
    /** @type {Run} */ let run = await json(`/runs/${encodeURIComponent(id)}`);
    while (run.moved_to) run = await json(`/runs/${run.moved_to}`);
    if (turn !== session.turn) return;
    session.leave();
    session.watchOnly(run.id);
    session.adopt(run, null);
    if (run.id === id) return;
    const url = new URL(location.href);
    url.searchParams.set("run", run.id); // a reload comes back to it
    showAddress(url);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) session.tell(t("run_gone"), "error", startAnew());
    else session.fail(error);
  }
}

/** @param {Session} session @param {string} run */
export async function follow(session, run) {
  if (session.run === run) return;
  const url = new URL(location.href);
  url.searchParams.set("run", run);
  showAddress(url);
  await watch(session, run);
  if (session.run !== null && session.watching === session.run) session.tell(t("followed"), "info");
}

/**
 * The owner goes on with another run: who watches the one before is led there, and who is led here stays.
 * @param {Key | null} before @param {Run} run @param {string} token
 */
export function lead(before, run, token) {
  const put = (/** @type {string} */ from, /** @type {string | null} */ to, /** @type {string} */ key) =>
    request(`/runs/${from}/successor`, {
      method: "PUT",
      token: key,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ run: to }),
    }).catch(() => {}); // the run before is gone, or the server: nobody is left to be led
  if (before) put(before.run, run.id, before.token);
  else if (run.moved_to) put(run.id, null, token);
}

/** A run of the visitor's own that begins where the watched one is. @param {Session} session */
export async function takeCopy(session) {
  session.turnTo();
  try {
    /** @type {StartedRun} */ const run = await json(`/runs/${session.run}/fork`, {});
    const url = new URL(location.href);
    url.searchParams.delete("run");
    url.hash = "";
    showAddress(url, true); // Back watches again
    const place = pathHere();
    keepKey({ run: run.id, token: run.token, place, hash: "" });
    session.leave();
    session.watchOnly(null);
    await readLabHere(session);
    session.adopt(run, run.token, { place });
    session.tell(t("copy_taken", { step: run.step }), "info");
  } catch (error) {
    session.fail(error);
  }
}
