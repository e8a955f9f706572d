/** The live stream of one run: commands with answers, frames in, acknowledgements after drawing, reconnection. */

import { told } from "./api.js";
import { Unpacker } from "./unpacking.js";

const RETRY_MS = [200, 500, 1000, 2000, 4000];

/** @import {Command, StreamAnswer, StreamEvent, Subscribe, Views} from "../types/page.d.ts" */
/**
 * @typedef {import("./safetensors.js").Decoded} Decoded
 * @typedef {object} StreamHandlers
 * @property {(event: StreamEvent) => void} event JSON events: hello, state, recovered, …
 * @property {(frame: import("./safetensors.js").Decoded) => void} frame
 * @property {(rows: import("./safetensors.js").Decoded) => void} history
 * @property {(state: "open" | "waiting" | "ended", reason: string) => void} status
 */

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
    this.tries = 0;
    this.closed = false;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.connect();
  }

  connect() {
    const url = new URL(`/api/v1/runs/${this.run}/stream`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url, ["descent.v1"]);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => {
      this.tries = 0;
      if (this.token) socket.send(JSON.stringify({ id: 0, op: "auth", token: this.token }));
      if (this.subscription) this.sendSubscription();
      this.handlers.status("open", "");
    };
    socket.onmessage = (message) => this.hear(message.data);
    socket.onclose = (closing) => this.lost(closing);
  }

  /** @param {string | ArrayBuffer} data */
  hear(data) {
    if (typeof data !== "string") {
      const decoded = this.unpacker.open(data);
      if (decoded.meta.kind === "history") {
        this.have = Number(decoded.meta.from) + Number(decoded.meta.rows);
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
    const waiting = this.waiting.get(message.id);
    if (!waiting) return;
    this.waiting.delete(message.id);
    if (message.error) waiting.reject(Object.assign(new Error(told(message.error)), message.error));
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

  /** @param {CloseEvent} closing */
  lost(closing) {
    for (const { reject } of this.waiting.values()) reject(new Error("the connection was lost"));
    this.waiting.clear();
    if (this.closed) return;
    if (closing.code >= 4500) {
      this.handlers.status("ended", closing.reason);
      return;
    }
    this.handlers.status("waiting", closing.reason);
    const pause = RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)];
    setTimeout(() => this.closed || this.connect(), pause);
  }

  /** @param {Command | (Subscribe & {have: number})} message @returns {Promise<StreamAnswer>} */
  send(message) {
    if (this.socket?.readyState !== WebSocket.OPEN) return Promise.reject(new Error("the connection was lost"));
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
    if (this.socket?.readyState === WebSocket.OPEN) this.sendSubscription();
  }

  sendSubscription() {
    if (!this.subscription) return;
    this.send({ ...this.subscription, have: this.have }).catch((error) =>
      this.handlers.event({ event: "error", error }),
    );
  }

  /** @param {number} frame */
  acknowledge(frame) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ op: "ack", frame }));
  }

  close() {
    this.closed = true;
    const socket = this.socket;
    if (!socket) return;
    socket.onmessage = null;
    // Closing a socket that is still connecting makes browsers report a failed connection, so it is opened first.
    if (socket.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close(1000);
    else socket.close(1000);
  }
}
