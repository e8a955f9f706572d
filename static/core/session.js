/**
 * The one truth of the page: the run, its spec, its newest frame and its history, and every way to change them.
 * Elements listen ("change" for slow things, "frame" for fast ones, "history" for the cost) and call its methods.
 */

import { refused } from "./api.js";
import { ExamplesOnShow } from "./examples.js";
import { grouped, tidied } from "./format.js";
import { emptyHistory, lengthen } from "./history.js";
import { t } from "./i18n.js";
import { keptNowhere, noteAddress, standHere } from "./keys.js";
import { follow, lead, takeCopy, watch } from "./following.js";
import { Clock } from "./moment.js";
import { begin, branch, open, openLab, openPreset, readLab, revisit } from "./opening.js";
import { Outbox } from "./outbox.js";
import { toAddress } from "./permalink.js";
import { Selection } from "./selection.js";
import { Stream } from "./stream.js";
import { Edits } from "./undo.js";
import { Wants } from "./wants.js";

export { VIEW } from "./selection.js";

/** What changes the present, whatever moment is on show. */
const LEAVES_PAST = new Set(["set", "edit", "move", "solve", "step", "play"]);

/** @import {Abouts, Catalog, Changes, Command, CommandAnswer, Examples, FrameState, News} from "../types/page.d.ts" */
/** @import {Report, Run, RunState, Spec, StreamEvent, Views} from "../types/page.d.ts" */
/** @typedef {import("./safetensors.js").Decoded} Decoded */
/** @typedef {import("./history.js").History} History */

export class Session extends Selection {
  constructor() {
    super();
    /** @type {Catalog} there before any element draws */ this.catalog = /** @type {any} */ (null);
    /** @type {Spec} */ this.spec = /** @type {any} */ (null);
    /** @type {Spec | null | undefined} the spec of the earlier moment on show */ this.shownSpec = null;
    /** @type {Report} */ this.report = /** @type {any} */ (null);
    /** @type {RunState} */
    this.state = /** @type {any} */ ({ playing: false, step: 0, epoch: 0, keyframes: [], head: 0, revision: 0 });
    this.clock = new Clock();
    this.examples = new ExamplesOnShow(this);
    /** @type {string | null} */ this.run = null;
    /** @type {string | null} */ this.token = null;
    /** What was opened when the run was begun. */ this.place = "";
    /** Counts what is asked for: an answer to an older question is late. */ this.turn = 0;
    /** @type {Decoded | null} */ this.frame = null;
    /** @type {Abouts} */ this.about = {};
    /** @type {History} */ this.history = emptyHistory();
    /** @type {{history: History, step: number, run: string} | null} */ this.parent = null;
    this.edits = new Edits();
    /** Edits that can be undone. */
    this.undoable = 0;
    /** Edits that can be made again. */
    this.redoable = 0;
    this.wants = new Wants();
    this.wanting = false;
    /** @type {Stream | null} */ this.stream = null;
    /** @type {Outbox | null} */ this.outbox = null;
    /** @type {string} "waiting" once it has been lost */ this.connection = "new";
    this.drawn = 0;
    /** @type {Promise<void>} */ this.visiting = Promise.resolve();
    addEventListener("popstate", () => this.revisit());
    addEventListener("hashchange", () => this.revisit());
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

  /** @param {Catalog} catalog what there is to build with */
  know(catalog) {
    this.catalog = catalog;
    this.emit("change");
  }

  // -- opening ----------------------------------------------------------------------------------------------------
  open() {
    return open(this);
  }

  /** A lab of the course: its text, and the visitor's run in it. @param {string} id */
  openLab(id) {
    return openLab(this, id);
  }

  /** An example of the menu, which has no text: the lab that was open closes. @param {string} preset */
  openPreset(preset) {
    return openPreset(this, preset);
  }

  /** @param {string} id */
  readLab(id) {
    return readLab(this, id);
  }

  /** A new run from a spec or a preset. @param {{spec: Spec} | {lab: string}} what */
  begin(what) {
    return begin(this, what);
  }

  /** @param {string} id of another's run */
  watch(id) {
    return watch(this, id);
  }

  /** Something else is wanted; the number of this wish. */
  turnTo() {
    return ++this.turn;
  }

  /**
   * @param {Run} run @param {string | null} token
   * @param {{place?: string, parent?: Session["parent"]}} [of] what it is the run of, the run it was branched from
   */
  adopt(run, token, { place = this.place, parent = null } = {}) {
    if (run.id !== this.run) this.edits.end();
    this.run = run.id;
    this.token = token;
    this.connection = "new";
    this.parent = parent;
    this.place = place;
    this.history = emptyHistory();
    this.frame = null;
    this.about = {};
    this.clock = new Clock();
    this.forgetPicture();
    this.undoable = this.redoable = 0;
    [this.spec, this.shownSpec] = [run.spec, run.shown_spec]; // or `take` would fetch the examples, as is done below
    this.take(run);
    this.stream = new Stream(run.id, token, {
      event: (event) => this.hear(event),
      frame: (frame) => this.show(frame),
      history: (rows) => this.lengthen(rows),
      status: (state, reason, closing) => {
        this.connection = state;
        if (state === "open") this.outbox?.resume();
        if (closing && reason)
          refused({ closed: closing.code, params: { run: run.id }, detail: reason }).then((error) => this.fail(error));
        else if (state === "ended") this.tell(t("run_ended"), "error");
        this.emit("change");
      },
      expects: () => this.state.playing,
    });
    this.outbox = new Outbox(this.stream);
    this.subscribe();
    this.examples.load();
    this.remember(false);
    if (token) lead(standHere(run.id), run, token);
  }

  /** Who watches goes where the owner has gone. @param {string} run */
  follow(run) {
    return this.maySteer ? undefined : follow(this, run);
  }

  /** A run of one's own from what is watched. */
  takeCopy() {
    return takeCopy(this);
  }

  /** Whom the page watches; null: a run of the visitor's stands here. @param {string | null} run */
  watchOnly(run) {
    this.watching = run;
  }

  /** The run is left; the server puts it to rest when nobody watches it. */
  leave() {
    this.outbox?.flush();
    this.stream?.close();
    this.stream = null;
  }

  /** Once the run can be steered. */
  async whenConnected() {
    while (this.connection !== "open") await new Promise((go) => this.addEventListener("change", go, { once: true }));
  }

  /** @param {News} message what the server says of the run */
  take(message) {
    const before = this.dataOnShow;
    if (message.spec) this.spec = message.spec;
    if ("shown_spec" in message) this.shownSpec = message.shown_spec;
    if (message.report) this.report = message.report;
    if (message.state) this.state = { ...this.state, ...message.state };
    this.undoable = message.undo ?? this.undoable;
    this.redoable = message.redo ?? this.redoable;
    this.clock.shows(this.state);
    if (message.spec && this.run && this.dataOnShow !== before) this.examples.load();
    this.emit("change");
  }

  /** The examples of the moment on show, to be drawn. @returns {Examples | null} */
  get data() {
    return this.examples.here;
  }

  /** The data of the moment on show, as text. */
  get dataOnShow() {
    return JSON.stringify([(this.shownSpec ?? this.spec)?.data]);
  }

  // -- what comes in ----------------------------------------------------------------------------------------------
  /** @param {StreamEvent} event */
  hear(event) {
    switch (event.event) {
      case "hello":
        this.take(event);
        if (event.moved_to) this.follow(event.moved_to);
        break;
      case "state":
        this.take(event);
        break;
      case "moved":
        this.follow(event.run);
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
    this.about = JSON.parse(frame.meta.views, tidied);
    /** @type {FrameState} */ const { head, rate, held, revision } = JSON.parse(frame.meta.state);
    if (!(revision < this.state.revision)) {
      // else it was made before the edit that is on show: it is drawn as what it is
      const [step, epoch] = [Number(frame.meta.step), Number(frame.meta.epoch)];
      Object.assign(this.state, { step, epoch, head, rate, held, revision });
      this.clock.shows(this.state);
    }
    if (this.drawn) return;
    this.drawn = requestAnimationFrame(() => {
      this.drawn = 0;
      this.emit("frame");
      this.stream?.acknowledge(Number(this.frame?.meta.frame));
    });
  }

  /** @param {Decoded} rows */
  lengthen(rows) {
    lengthen(this.history, rows);
    this.emit("history");
  }

  /**
   * How far views, and what else is shown, are from the moment on show.
   * @param {string[]} views @param {import("./moment.js").Said[]} [more]
   */
  standing(views, more = []) {
    const abouts = /** @type {Record<string, import("./moment.js").Said>} */ (this.about);
    return this.clock.worst([...views.map((name) => abouts[name]), ...more], this.state);
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
    if (!this.wants.put(who, views) || this.wanting) return;
    this.wanting = true; // elements come and go many at a time: what they want together is asked for once
    setTimeout(() => {
      this.wanting = false;
      this.subscribe();
    });
  }

  /** @returns {Views} */
  wanted() {
    return this.wants.all();
  }

  subscribe() {
    const views = this.wanted();
    if (Object.keys(views).length) this.stream?.subscribe(views, this.data?.kind === "image" ? 30 : 60);
  }

  // -- steering ---------------------------------------------------------------------------------------------------
  /** @param {Command} message @returns {Promise<CommandAnswer | null>} */
  async command(message) {
    if (!this.outbox || !this.maySteer) return null;
    const past = this.state.viewing ? this.state.step : null;
    try {
      const answer = await this.outbox.send(message);
      this.forgive();
      this.take(answer);
      if (past !== null && !this.state.viewing && LEAVES_PAST.has(message.op))
        this.tell(t("left_past", { past: grouped(past), step: grouped(this.state.head) }), "info");
      return answer;
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  /**
   * Changes the spec; edits can be undone.
   * @param {string} path
   * @param {unknown} value
   * @param {boolean} [light] a slider on its way
   */
  async set(path, value, light = false) {
    const before = this.spec;
    const continues = this.edits.continues(path, light);
    const answer = await this.command({ op: "set", path, value, continues });
    if (!answer) this.edits.end();
    if (!answer || answer.coalesced) return false;
    if (JSON.stringify(before) === JSON.stringify(this.spec)) return true;
    this.remember(!continues);
    this.emit("change");
    return true;
  }

  /**
   * Shows the network a picture of the visitor's; every view looks at it.
   * @param {Uint8Array | null} pixels in rows, as the data's shape says
   */
  async probe(pixels) {
    const other = this.lookAt(pixels);
    if (pixels) this.did("probed");
    let text = "";
    if (pixels)
      for (let i = 0; i < pixels.length; i += 8192) text += String.fromCharCode(...pixels.subarray(i, i + 8192));
    await this.command({ op: "probe", picture: pixels ? btoa(text) : null });
    if (other) this.emit("change");
  }

  /** The last edit is taken back; of what was learnt since stays what has a place. */
  async undo() {
    this.edits.end();
    if (this.undoable) await this.command({ op: "undo" });
    this.remember(false);
  }

  async redo() {
    this.edits.end();
    if (this.redoable) await this.command({ op: "redo" });
    this.remember(false);
  }

  /** A new run from the moment on show. */
  branch() {
    return branch(this);
  }

  // -- the address ------------------------------------------------------------------------------------------------
  /** @param {boolean} push */
  remember(push) {
    if (this.watching || !this.spec) return;
    const { run, token } = this;
    if (!run || !token) return;
    const key = keptNowhere() ? { run, token } : null;
    toAddress({ spec: this.spec, view: this.view }, push, run, key).then((hash) => noteAddress(run, hash));
  }

  /** Back and Forward, one after the other. */
  revisit() {
    this.visiting = this.visiting.then(() => revisit(this));
  }

  /** @param {Changes} change */
  setView(change) {
    this.seeAs(change);
    this.remember(false);
    this.emit("change");
    this.emit("frame");
  }
}

export const session = new Session();
