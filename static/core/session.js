/* eslint max-lines: ["error", 520] -- the one truth of the page, and every way to change it, in one place */
/**
 * The one truth of the page: the run, its spec, its newest frame and its history, and every way to change them.
 * Elements listen ("change" for slow things, "frame" for fast ones, "history" for the cost) and call its methods.
 */

import { json, request } from "./api.js";
import { decode } from "./safetensors.js";
import { Stream } from "./stream.js";
import { fromAddress, toAddress } from "./permalink.js";
import { currentLanguage, t } from "./i18n.js";

const COLUMNS = ["step", "epoch", "loss", "train", "cv", "test"];
const MOST_UNDO = 100;
/** Pixels of examples that are fetched at most. */
const MOST_DATA = 1_500_000;

/** How the page shows things, as long as nobody wishes otherwise. */
export const VIEW = {
  discretize: false,
  showCv: true,
  showTest: true,
  across: 0,
  up: 1,
  show: "maps",
  spread: "layer",
};

/** @import {Catalog, Command, CommandAnswer, Lab, News, Report, Run, RunState} from "../types/page.d.ts" */
/** @import {DataAbout, FrameState, Spec, StartedRun, StreamEvent, Views} from "../types/page.d.ts" */
/** @typedef {import("./safetensors.js").Decoded} Decoded */
/** @typedef {{spec: Spec, path: string, at: number}} Edit what an edit took away */
/** @typedef {{columns: Record<string, number[]>, count: number}} History */

export class Session extends EventTarget {
  constructor() {
    super();
    /** @type {Catalog} there before any element draws */ this.catalog = /** @type {any} */ (null);
    /** @type {Spec} */ this.spec = /** @type {any} */ (null);
    /** @type {Spec | null | undefined} the spec of the earlier moment on show */ this.shownSpec = null;
    /** @type {Report} */ this.report = /** @type {any} */ (null);
    /** @type {RunState} */
    this.state = /** @type {any} */ ({ playing: false, step: 0, epoch: 0, keyframes: [], head: 0 });
    /** @type {any} */ this.data = null;
    /** @type {string | null} */ this.run = null;
    /** @type {string | null} */ this.token = null;
    /** @type {Decoded | null} */ this.frame = null;
    /** @type {Record<string, any>} */ this.about = {};
    /** @type {History} */ this.history = emptyHistory();
    /** @type {{history: History, step: number, run: string} | null} */ this.parent = null;
    /** @type {Edit[]} */ this.undone = [];
    /** @type {Edit[]} */ this.done = [];
    /** @type {Record<string, any>} */ this.view = { ...VIEW };
    /** @type {Map<unknown, Views>} views wanted by each element */ this.wants = new Map();
    /** @type {Stream | null} */ this.stream = null;
    /** @type {string} */ this.connection = "waiting";
    /** @type {{text: string, kind: "error" | "info"} | null} */ this.notice = null;
    /** @type {{layer: string, unit: number} | {from: string, i: number, layer: string, unit: number} | null} */
    this.picked = null;
    this.pinned = false;
    this.example = 0;
    /** The part of the data that `example` counts in. */ this.part = "train";
    this.drawn = 0;
    const parameters = new URLSearchParams(location.search);
    /** @type {Set<string>} controls a teacher hides or locks */
    this.hidden = new Set((parameters.get("hide") ?? "").split(",").filter(Boolean));
    this.locked = new Set((parameters.get("lock") ?? "").split(",").filter(Boolean));
    this.watching = parameters.get("run");
    /** Whether the page stands inside a teacher's page, where room is dear. */ this.embedded =
      parameters.get("embed") === "1";
    if (this.embedded)
      for (const control of ["course", "presets", "panels", "timeline", "language"]) this.hidden.add(control);
    /** @type {Lab | null} the lab that is open */ this.lab = null;
    /** @type {Set<string>} things done by hand, which challenges may ask for */ this.deeds = new Set();
    /** @type {Uint8Array | null} pixels of the visitor's own picture */ this.picture = null;
    // Nobody is left to see it: the run rests (it is put away later) and another one gets its time.
    addEventListener("pagehide", () => {
      if (!this.run || !this.token || !this.state.playing) return;
      fetch(`/api/v1/runs/${this.run}/commands`, {
        method: "POST",
        keepalive: true,
        body: JSON.stringify({ op: "pause" }),
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${this.token}` },
      }).catch(() => {});
    });
    addEventListener("popstate", () => this.fromHistory());
    addEventListener("hashchange", () => this.fromHistory());
  }

  get maySteer() {
    return this.token !== null;
  }

  /** The network that is on the picture. */
  get layers() {
    return this.report?.resolved.layers ?? [];
  }

  /**
   * Parameters of the gradients' view: every number while a unit of a dense layer is looked at, else histograms alone.
   */
  get gradientParameters() {
    const row = this.report?.layers.find((r) => r.id === this.picked?.layer);
    return row?.type === "Dense" ? { full: true, limit: 20000 } : {};
  }

  emit(/** @type {string} */ name) {
    this.dispatchEvent(new Event(name));
  }

  // -- opening ----------------------------------------------------------------------------------------------------
  async open() {
    const catalog = json("/catalog").then((c) => {
      this.catalog = c;
      this.emit("change");
    });
    const lab = document.body.dataset.lab;
    if (this.watching) await this.watch(this.watching);
    else if (lab && !location.hash) await this.openLab(lab);
    else {
      if (lab) await this.readLab(lab);
      const saved = await fromAddress();
      if (saved?.view) this.view = { ...this.view, ...saved.view };
      const preset = new URLSearchParams(location.search).get("preset");
      await this.begin(saved?.spec ? { spec: saved.spec } : { lab: preset ?? "circle" });
    }
    await catalog;
  }

  /** A lab of the course: its text, and a run of its spec. @param {string} id */
  async openLab(id) {
    await this.readLab(id);
    if (!this.lab) return this.begin({ lab: "circle" });
    this.view = { ...VIEW, ...this.lab.view };
    this.part = "train";
    this.example = 0;
    await this.begin({ lab: id });
    this.pick(this.lab.pick, Boolean(this.lab.pick));
  }

  /** An example of the menu, which has no text: the lab that was open closes. @param {string} preset */
  closeLab(preset) {
    this.lab = null;
    this.view = { ...VIEW };
    return this.begin({ lab: preset });
  }

  /** @param {string} id */
  async readLab(id) {
    try {
      this.lab = await json(`/labs/${encodeURIComponent(id)}?lang=${currentLanguage()}`);
      this.deeds.clear();
    } catch (error) {
      this.lab = null;
      this.fail(error);
    }
    this.emit("change");
  }

  /** Something a challenge may ask for has been done. @param {string} deed */
  did(deed) {
    if (this.deeds.has(deed)) return;
    this.deeds.add(deed);
    this.emit("deed");
  }

  /** A new run from a spec or a preset. @param {{spec: Spec} | {lab: string}} what */
  async begin(what) {
    try {
      /** @type {StartedRun} */ const run = await json("/runs", what);
      this.leave();
      this.parent = null;
      this.adopt(run, run.token);
    } catch (error) {
      this.fail(error);
      if ("spec" in what && !this.run) await this.begin({ lab: "circle" });
    }
  }

  /** @param {string} id */
  async watch(id) {
    try {
      this.adopt(await json(`/runs/${encodeURIComponent(id)}`), null);
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {Run} run @param {string | null} token */
  adopt(run, token) {
    this.run = run.id;
    this.token = token;
    this.history = emptyHistory();
    this.frame = null;
    this.picture = null;
    this.example = Math.max(0, this.example);
    this.spec = run.spec; // or `take` would see other data and fetch the examples, which is done below
    this.take(run);
    this.stream = new Stream(run.id, token, {
      event: (event) => this.hear(event),
      frame: (frame) => this.show(frame),
      history: (rows) => this.lengthen(rows),
      status: (state, reason) => {
        this.connection = state;
        if (state === "ended") this.tell(reason || t("run_ended"), "error");
        this.emit("change");
      },
    });
    this.subscribe();
    this.loadData();
    this.remember(false);
  }

  leave() {
    this.stream?.close();
    if (this.run && this.token) request(`/runs/${this.run}`, { method: "DELETE", token: this.token }).catch(() => {});
    this.stream = null;
  }

  /** @param {News} message what the server says of the run */
  take(message) {
    const before = JSON.stringify([this.spec?.data]);
    if (message.spec) this.spec = message.spec;
    if ("shown_spec" in message) this.shownSpec = message.shown_spec;
    if (message.report) this.report = message.report;
    if (message.state) this.state = { ...this.state, ...message.state };
    if (message.spec && this.run && JSON.stringify([this.spec.data]) !== before) this.loadData();
    this.emit("change");
  }

  /** The examples, to be drawn. */
  async loadData() {
    const run = this.run;
    try {
      const each = this.report.input_shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
      const most =
        this.report.input_shape.length === 3 ? Math.max(16, Math.min(1000, Math.floor(MOST_DATA / each))) : 1000;
      const response = await request(`/runs/${run}/data?most=${most}`);
      const decoded = decode(await response.arrayBuffer());
      if (run !== this.run) return;
      const before = this.data?.kind;
      /** @type {DataAbout} */ const about = JSON.parse(decoded.meta.about);
      this.data = { ...about, tensors: decoded.tensors };
      if (this.data.kind !== before) this.subscribe();
      this.emit("change");
    } catch (error) {
      this.fail(error);
    }
  }

  // -- what comes in ----------------------------------------------------------------------------------------------
  /** @param {StreamEvent} event */
  hear(event) {
    switch (event.event) {
      case "hello":
      case "state":
        this.take(event);
        break;
      case "recovered":
        this.take(event);
        this.tell(t("recovered", { step: event.step }), "info");
        break;
      case "ended":
        this.tell(t("run_ended"), "error");
        break;
      case "error":
        this.fail(event.error);
    }
  }

  /** @param {Decoded} frame */
  show(frame) {
    this.frame = frame;
    this.about = JSON.parse(frame.meta.views);
    /** @type {FrameState} */ const state = JSON.parse(frame.meta.state);
    const step = Number(frame.meta.step);
    this.state.step = step;
    this.state.epoch = Number(frame.meta.epoch);
    this.state.head = state.head;
    this.state.rate = state.rate;
    if (this.drawn) return;
    this.drawn = requestAnimationFrame(() => {
      this.drawn = 0;
      this.emit("frame");
      this.stream?.acknowledge(Number(this.frame?.meta.frame));
    });
  }

  /** @param {Decoded} rows */
  lengthen(rows) {
    const from = Number(rows.meta.from);
    const { columns } = this.history;
    for (const name of COLUMNS) {
      const column = columns[name];
      column.length = from;
      const data = rows.tensors[`cost/${name}`].data;
      for (let i = 0; i < data.length; i++) column.push(data[i]);
    }
    this.history.count = columns.step.length;
    this.emit("history");
  }

  /** A tensor of the newest frame. @param {string} name */
  tensor(name) {
    return this.frame?.tensors[name] ?? null;
  }

  // -- views ------------------------------------------------------------------------------------------------------
  /**
   * An element says which views it needs while it is seen.
   * @param {unknown} who
   * @param {Views | null} views
   */
  want(who, views) {
    const before = JSON.stringify(this.wanted());
    if (views) this.wants.set(who, views);
    else this.wants.delete(who);
    if (JSON.stringify(this.wanted()) !== before) this.subscribe();
  }

  /** @returns {Views} */
  wanted() {
    return Object.assign({}, ...this.wants.values());
  }

  subscribe() {
    const views = this.wanted();
    if (Object.keys(views).length) this.stream?.subscribe(views, this.data?.kind === "image" ? 20 : 60);
  }

  // -- steering ---------------------------------------------------------------------------------------------------
  /** @param {Command} message @returns {Promise<CommandAnswer | null>} */
  async command(message) {
    if (!this.stream || !this.maySteer) return null;
    try {
      const answer = /** @type {CommandAnswer} */ (await this.stream.send(message));
      this.notice = this.notice?.kind === "error" ? null : this.notice;
      this.take(answer);
      return answer;
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  /**
   * Changes the spec; edits can be undone.
   * @param {string} path
   * @param {any} value
   * @param {boolean} [light] a slider on its way
   */
  async set(path, value, light = false) {
    const before = this.spec;
    const answer = await this.command({ op: "set", path, value });
    if (!answer || answer.coalesced) return false;
    if (JSON.stringify(before) === JSON.stringify(this.spec)) return true;
    const last = this.done.at(-1);
    const same = light && last !== undefined && last.path === path && performance.now() - last.at < 1500;
    if (same) last.at = performance.now();
    else this.done.push({ spec: before, path, at: performance.now() });
    if (this.done.length > MOST_UNDO) this.done.shift();
    this.undone.length = 0;
    this.remember(!same);
    this.emit("change");
    return true;
  }

  /**
   * Shows the network a picture of the visitor's; every view looks at it.
   * @param {Uint8Array | null} pixels in rows, as the data's shape says
   */
  async probe(pixels) {
    const before = this.example;
    this.picture = pixels;
    this.example = pixels ? -1 : Math.max(0, before);
    if (pixels) this.did("probed");
    let text = "";
    if (pixels)
      for (let i = 0; i < pixels.length; i += 8192) text += String.fromCharCode(...pixels.subarray(i, i + 8192));
    await this.command({ op: "probe", picture: pixels ? btoa(text) : null });
    if (before !== this.example) this.emit("change");
  }

  undo() {
    return this.swap(this.done, this.undone);
  }

  redo() {
    return this.swap(this.undone, this.done);
  }

  /**
   * The last spec of one pile comes back; the present one goes onto the other.
   * @param {any[]} from
   * @param {any[]} to
   */
  async swap(from, to) {
    const last = from.pop();
    if (!last) return;
    to.push({ ...last, spec: this.spec });
    await this.command({ op: "set", path: "", value: last.spec });
    this.remember(false);
  }

  /** A new run from the moment on show; its history and the old one's are seen together. */
  async branch() {
    try {
      const old = { history: this.history, step: this.state.step, run: /** @type {string} */ (this.run) };
      /** @type {StartedRun} */ const run = await json(`/runs/${this.run}/fork`, {});
      this.stream?.close();
      this.parent = old;
      this.done.length = this.undone.length = 0;
      this.adopt(run, run.token);
      this.tell(t("branched", { step: old.step }), "info");
    } catch (error) {
      this.fail(error);
    }
  }

  // -- what is looked at ------------------------------------------------------------------------------------------
  /**
   * A unit, a map or an edge; one that is held stays when the pointer goes elsewhere.
   * @param {Session["picked"]} what @param {boolean} [held]
   */
  pick(what, held = this.pinned) {
    this.pinned = held;
    this.picked = what;
    this.emit("picked");
  }

  /** @param {boolean} held whether what is picked stays */
  hold(held) {
    this.pinned = held;
  }

  /** An example of the data goes through the network. @param {number} example @param {string} [part] */
  look(example, part = this.part) {
    this.example = Math.max(0, example);
    this.part = part;
    this.emit("change");
  }

  /** Where a probability becomes a yes. @param {number} threshold */
  decideAt(threshold) {
    this.view.threshold = threshold;
    this.did("threshold");
    this.emit("frame");
  }

  /** Other data have other inputs: the plane is over the first two again. */
  resetAxes() {
    this.view = { ...this.view, across: 0, up: 1 };
  }

  // -- the address ------------------------------------------------------------------------------------------------
  /** @param {boolean} push */
  remember(push) {
    if (this.watching || !this.spec) return;
    this.remembered = JSON.stringify(this.spec);
    toAddress({ spec: this.spec, view: this.view }, push);
  }

  /** Back and Forward: the spec of that address, the weights kept where they have a place. */
  async fromHistory() {
    const saved = await fromAddress();
    if (!saved?.spec || this.watching) return;
    if (saved.view) this.view = { ...this.view, ...saved.view };
    if (JSON.stringify(saved.spec) !== JSON.stringify(this.spec)) {
      await this.command({ op: "set", path: "", value: saved.spec });
    }
    this.emit("change");
  }

  /** @param {Record<string, any>} change */
  setView(change) {
    this.view = { ...this.view, ...change };
    this.remember(false);
    this.emit("change");
    this.emit("frame");
  }

  // -- words ------------------------------------------------------------------------------------------------------
  /** @param {string} text @param {"error" | "info"} kind */
  tell(text, kind) {
    this.notice = { text, kind };
    this.emit("change");
  }

  /** What was told has been read. */
  dismiss() {
    this.notice = null;
    this.emit("change");
  }

  /** @param {any} error */
  fail(error) {
    this.tell(error?.message ?? String(error), "error");
  }
}

/** @returns {History} */
function emptyHistory() {
  return { columns: Object.fromEntries(COLUMNS.map((name) => [name, /** @type {number[]} */ ([])])), count: 0 };
}

export const session = new Session();
