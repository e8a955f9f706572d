/**
 * How a page comes to a run. A run is its visitor's: an address that stands for one of theirs goes on with it, after a
 * reload, Back, another lesson or a night; else a new one is begun. Others' runs are watched.
 */

import { ApiError, json } from "./api.js";
import { currentLanguage, t } from "./i18n.js";
import { forgetKey, keepKey, keyOf, keptNowhere, newestAt, readKey, withoutKey } from "./keys.js";
import { claimsSpec, fromAddress } from "./permalink.js";
import { showAddress } from "./powers.js";

/** @import {Catalog, Run, Spec, StartedRun} from "../types/page.d.ts" */
/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./keys.js").Key} Key */

/** Milliseconds until a run is asked for again that could not be had; each pause is shortened by chance. */
const AGAIN_MS = [1000, 2000, 4000, 8000, 15000];
/** What is shown when nothing else is asked for. */
const FIRST = "circle";

const presetHere = () => new URLSearchParams(location.search).get("preset");
/** The lab that the address names, or null. */
const labHere = () => /^\/labs\/([\w-]+)$/.exec(location.pathname)?.[1] ?? null;
/** The view that a preset wants large. @param {Catalog | null} catalog @param {string | null} preset */
const heroOf = (catalog, preset) => {
  const hero = preset && catalog?.labs?.find(({ id }) => id === preset)?.hero;
  return hero ? { hero } : undefined;
};
/** Where on the site the page is, apart from the spec in its address. */
export const pathHere = () => location.pathname + (presetHere() ? `?preset=${presetHere()}` : "");

/** What the address asks for. @param {Session} session */
export async function open(session) {
  const catalog = json("/catalog/brief").then(
    (c) => {
      if (!session.view.hero) session.seeAs(heroOf(c, presetHere()));
      session.know(c);
    },
    (error) => session.fail(error),
  );
  const [arrival] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType?.("navigation") ?? []);
  if (session.watching) await session.watch(session.watching);
  else await arrive(session, arrival?.type === "back_forward");
  await catalog;
}

/** The key that the address stands for: one written in it, this tab's own, or that of the newest run begun here. */
function keyHere() {
  const hash = withoutKey(location.hash);
  const written = readKey(location.hash);
  if (written) {
    keepKey({ place: pathHere(), hash, ...keyOf(written.run), ...written });
    if (!keptNowhere()) showAddress(withoutKey(location.href), false, { run: written.run });
    return keyOf(written.run);
  }
  return keyOf(history.state?.run) ?? newestAt(pathHere(), hash);
}

/** @param {Session} session @param {boolean} back whether the spec in the address counts, and not the run's newest */
async function arrive(session, back) {
  const turn = session.turnTo();
  await readLabHere(session);
  const key = keyHere();
  const saved = await fromAddress(withoutKey(location.hash) || key?.hash);
  if (turn !== session.turn) return;
  session.seeAs(saved?.view);
  const goesOn = key !== null && (await resume(session, key, back ? saved?.spec : undefined));
  if (turn !== session.turn) return;
  if (!goesOn) await beginHere(session, saved?.spec, key !== null);
  if (session.lab) session.pick(session.lab.pick, Boolean(session.lab.pick));
  tellOfDamage(session, saved?.spec);
}

/** A spec in the address that cannot be read is not passed over. @param {Session} session @param {Spec} [spec] */
function tellOfDamage(session, spec) {
  if (!spec && claimsSpec()) session.tell(t("link_broken"), "error");
}

/** What the address names, without a spec of its own. @param {Session} session @returns {{lab: string}} */
const whatIsHere = (session) => ({ lab: session.lab?.id ?? presetHere() ?? FIRST });

/** @param {Session} session @param {Spec | undefined} spec @param {boolean} forgotten whether there was a run here */
async function beginHere(session, spec, forgotten) {
  await begin(session, spec ? { spec } : whatIsHere(session));
  if (forgotten && session.run) session.tell(t("run_forgotten"), "info");
}

/** The text of the lab that the address names, and how it wishes things to be shown. @param {Session} session */
export async function readLabHere(session) {
  const lab = labHere();
  if (lab) await readLab(session, lab);
  else session.enter(null);
  session.seeAsIn(session.lab);
}

/**
 * The visitor's run goes on; false if it is no longer kept. A server that cannot say so is asked again: a new run
 * would put itself in the old one's place.
 * @param {Session} session @param {Key} key @param {Spec} [spec] what it is to become
 */
async function resume(session, key, spec) {
  const { turn } = session;
  /** @type {Run | null} */ let run = null;
  for (let tries = 0; !run; tries++) {
    try {
      run = await json(`/runs/${key.run}`);
    } catch (error) {
      const { status, message } = /** @type {import("./api.js").ApiError} */ (error);
      if (turn !== session.turn) return true; // something else is wanted by now
      if (status === 404) {
        forgetKey(key.run);
        return false;
      }
      session.tell(t("resume_waits", { why: message }), "error", afresh(session));
      await new Promise((go) =>
        setTimeout(go, AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)] * (0.5 + Math.random() / 2)),
      );
    }
    if (turn !== session.turn) return true;
  }
  session.forgive();
  session.leave();
  session.adopt(run, key.token, { place: key.place });
  if (spec && JSON.stringify(spec) !== JSON.stringify(run.spec)) {
    await session.whenConnected();
    await session.command({ op: "set", path: "", value: spec });
  }
  const { playing, step, head } = session.state; // of one that trains the server may not have heard a step yet
  if (playing || step || head) session.tell(t("resumed"), "info", afresh(session));
  return true;
}

/** A button for when nothing has come. */
export const tryAgain = () => ({ name: "try_again", label: t("try_again"), click: () => location.reload() });

/** A button that leads to an example. */
export const startAnew = () => ({
  name: "start_anew",
  label: t("start_anew"),
  click: () => location.assign(`/?lang=${currentLanguage()}`),
});

/** A button that begins what is open here anew; the run that was stays the visitor's. @param {Session} session */
const afresh = (session) => ({ name: "start_afresh", label: t("start_afresh"), click: () => beginAgain(session) });

/** @param {Session} session */
async function beginAgain(session) {
  session.turnTo();
  session.dismiss();
  const link = session.place.indexOf("#");
  const linked = link < 0 ? null : await fromAddress(session.place.slice(link));
  showAddress(location.href, true, null); // Back leads to the run that was
  await begin(session, linked?.spec ? { spec: linked.spec } : whatIsHere(session), session.place);
}

/** Back and Forward, or another address in the same page. @param {Session} session */
export async function revisit(session) {
  const watched = new URLSearchParams(location.search).get("run");
  if (watched) return watched === session.watching ? undefined : session.watch(watched);
  session.watchOnly(null);
  const key = readKey(location.hash) ?? keyOf(history.state?.run);
  if ((key && key.run !== session.run) || labHere() !== (session.lab?.id ?? null)) return arrive(session, true);
  const saved = await fromAddress();
  tellOfDamage(session, saved?.spec);
  if (!saved?.spec) return;
  session.seeAs(saved.view);
  if (JSON.stringify(saved.spec) !== JSON.stringify(session.spec))
    await session.command({ op: "set", path: "", value: saved.spec });
  session.emit("change");
}

/**
 * A lab of the course: its text, and the visitor's run in it, or a new one.
 * @param {Session} session @param {string} id
 */
export async function openLab(session, id) {
  const url = new URL(`/labs/${id}`, location.href);
  url.search = location.search;
  url.searchParams.delete("preset");
  showAddress(url, true, null);
  await arrive(session, false);
}

/** An example of the menu, anew; it has no text. @param {Session} session @param {string} preset */
export async function openPreset(session, preset) {
  session.turnTo();
  const url = new URL("/", location.href);
  url.search = location.search;
  url.searchParams.delete("preset");
  showAddress(url, true, null);
  session.enter(null);
  session.seeAsIn(null);
  session.seeAs(heroOf(session.catalog, preset));
  await begin(session, { lab: preset });
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

/**
 * A new run from a spec or a preset; the one that was stays the visitor's.
 * @param {Session} session @param {{spec: Spec} | {lab: string}} what
 * @param {string} [place] what it is the run of: what is open, unless somebody says
 */
export async function begin(session, what, place = pathHere() + withoutKey(location.hash)) {
  const { turn } = session;
  try {
    /** @type {StartedRun} */ const run = await json("/runs", { ...what, clock: true });
    keepKey({ run: run.id, token: run.token, place, hash: "" });
    if (turn !== session.turn) return;
    session.leave();
    session.adopt(run, run.token, { place });
  } catch (error) {
    session.fail(error);
    if (turn !== session.turn || session.run) return;
    // Whether it is what was asked for that does not fit, and not the server that is busy.
    const misfit = error instanceof ApiError && [404, 422].includes(error.status);
    if (!misfit || ("lab" in what && what.lab === FIRST)) return;
    await begin(session, { lab: FIRST });
    if (session.run) session.tell(t("link_misfit", { why: error.message }), "error");
  }
}

/** A new run from the moment on show; its history and the old one's are seen together. @param {Session} session */
export async function branch(session) {
  try {
    const old = { history: session.history, step: session.state.step, run: /** @type {string} */ (session.run) };
    /** @type {StartedRun} */ const run = await json(`/runs/${session.run}/fork`, {});
    keepKey({ run: run.id, token: run.token, place: session.place, hash: "" });
    showAddress(location.href, true, null); // Back leads to the run that was
    session.leave();
    session.adopt(run, run.token, { parent: old });
    session.tell(t("branched", { step: old.step }), "info");
  } catch (error) {
    session.fail(error);
  }
}
