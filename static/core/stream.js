/** The live stream of one run: commands with answers, frames in, acknowledgements after drawing, reconnection. */

import { refused } from "./api.js";
import { Pulse, loose } from "./pulse.js";
import { Unpacker } from "./unpacking.js";

/** Pauses before one tries again; each is shortened by chance, so that a class does not come back all at once. */
const RETRY_MS = [200, 500, 1000, 2000, 4000, 8000, 15_000];
/** Milliseconds that a connection may take to open. */
const OPENING_MS = 8000;

/** @import {Command, Ping, StreamAnswer, StreamEvent, Subscribe, Views} from "../types/page.d.ts" */
/**
 * @typedef {import("./safetensors.js").Decoded} Decoded
 * @typedef {{code: number, reason: string}} Closing
 * @typedef {object} StreamHandlers
 * @property {(event: StreamEvent) => void} event JSON events: hello, state, recovered, …
 * @property {(frame: import("./safetensors.js").Decoded) => void} frame
 * @property {(rows: import("./safetensors.js").Decoded) => void} history
 * @property {(state: "open" | "silent" | "waiting" | "ended", reason: string, closing?: Closing) => void} status
 * @property {() => boolean} [expects] whether something ought to come by itself, since the run trains
 */

/** A command without an answer may be sent again. */
const lost = () => Object.assign(new Error("the connection was lost"), { lost: true });

export class Stream {
  /** @param {string} run @param {string | null} token @param {StreamHandlers} handlers */
  constructor(run, token, handlers) {
    this.run = run;
    this.token = token;
    this.handlers = handlers;
    this.number = 0;
    /** @type {Map<number, {resolve: (answer: StreamAnswer) => void, reject: (error: Error) => void}>} */
    this.waiting = new Map();
    /** @type {Subscribe | null} */
    this.subscription = null;
    this.have = 0;
    this.unpacker = new Unpacker();
    /** @type {number} of the next picture, if a frame has come for it */ this.given = 0;
    /** @type {Decoded | null} for the picture after that */ this.held = null;
    /** @type {string | null} which rows those are, in the server's words */ this.mark = null;
    this.tries = 0;
    this.closed = false;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.pulse = new Pulse({
      expects: () => this.connected && (this.waiting.size > 0 || Boolean(this.handlers.expects?.())),
      ask: () => this.connected && this.send({ op: "ping" }).catch(() => {}),
      say: (silent) => this.connected && this.handlers.status(silent ? "silent" : "open", ""),
      lose: () => this.giveUp("nothing came any more"),
    });
    this.connect();
  }

  get connected() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  connect() {
    const url = new URL(`/api/v1/runs/${this.run}/stream`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url, ["descent.v1"]);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    const opening = setTimeout(() => this.giveUp("the server does not answer"), OPENING_MS);
    loose(opening);
    socket.onopen = () => {
      clearTimeout(opening);
      if (this.token) socket.send(JSON.stringify({ id: 0, op: "auth", token: this.token }));
      this.pulse.heard(); // not sooner: whoever hears of it may steer at once
      if (this.subscription) this.sendSubscription();
      this.handlers.status("open", "");
    };
    socket.onmessage = (message) => this.hear(message.data);
    socket.onclose = (closing) => {
      clearTimeout(opening);
      this.lost(closing);
    };
  }

  /** Gives a connection up that may never say that it is closed. @param {string} reason */
  giveUp(reason) {
    const { socket } = this;
    if (!socket || this.closed) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    this.lost({ code: 1006, reason });
  }

  /** @param {string | ArrayBuffer} data */
  hear(data) {
    this.tries = 0;
    this.pulse.heard();
    if (typeof data !== "string") {
      const decoded = this.unpacker.open(data);
      if (decoded.meta.kind === "history") {
        this.have = Number(decoded.meta.from) + Number(decoded.meta.rows);
        this.mark = decoded.meta.mark ?? null;
        this.handlers.history(decoded);
      } else this.give(decoded);
      return;
    }
    this.release(); // what is said now comes after it
    const message = JSON.parse(data);
    if (message.event) {
      this.handlers.event(message);
      return;
    }
    if (message.id === 0 && message.error)
      refused(message.error).then((error) => this.handlers.event({ event: "error", error }));
    const waiting = this.waiting.get(message.id);
    if (!waiting) return;
    this.waiting.delete(message.id);
    if (message.error) refused(message.error).then(waiting.reject);
    else waiting.resolve(message);
  }

  /**
   * A frame for every picture: of two that come between two pictures the second waits for the next one, which might
   * have none else. A third takes its place.
   * @param {Decoded} frame
   */
  give(frame) {
    if (this.given) {
      this.held = frame;
      return;
    }
    this.handlers.frame(frame);
    // Asked for after whoever draws it has asked, so that it is drawn before the next one is given.
    this.given = requestAnimationFrame(() => {
      this.given = 0;
      this.release();
    });
  }

  release() {
    const { held } = this;
    this.held = null;
    if (!held || this.closed) return;
    if (this.given) this.handlers.frame(held);
    else this.give(held);
  }

  /** @param {{code: number, reason: string}} closing */
  lost(closing) {
    this.socket = null;
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of waiting) reject(lost());
    if (this.closed) return;
    if (closing.code >= 4500) {
      this.handlers.status("ended", closing.reason, closing);
      return;
    }
    this.handlers.status("waiting", closing.reason);
    const pause = RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)] * (0.5 + Math.random() / 2);
    setTimeout(() => this.closed || this.connect(), pause);
  }

  /**
   * @param {Command | Ping | (Subscribe & {have: number, mark: string | null})} message
   * @returns {Promise<StreamAnswer>}
   */
  send(message) {
    if (!this.connected) return Promise.reject(lost());
    const id = ++this.number;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.socket?.send(JSON.stringify({ id, ...message }));
    });
  }

  /** @param {Views} views @param {number} fps */
  subscribe(views, fps) {
    const before = JSON.stringify(this.subscription);
    this.subscription = { op: "subscribe", views, max_fps: fps, packed: true };
    if (JSON.stringify(this.subscription) === before) return;
    if (this.connected) this.sendSubscription();
  }

  sendSubscription() {
    if (!this.subscription) return;
    this.send({ ...this.subscription, have: this.have, mark: this.mark }).catch((error) =>
      this.handlers.event({ event: "error", error }),
    );
  }

  /** @param {number} frame */
  acknowledge(frame) {
    if (this.connected) this.socket?.send(JSON.stringify({ op: "ack", frame }));
  }

  close() {
    this.closed = true;
    this.pulse.stop();
    const socket = this.socket;
    if (!socket) return;
    socket.onmessage = null;
    // Closing a socket that is still connecting makes browsers report a failed connection, so it is opened first.
    if (socket.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close(1000);
    else socket.close(1000);
  }
}
