/**
 * As much of a page as the browser code touches when it computes and draws: an address, a clock of frames, storage,
 * sockets and canvases that write down what they are told. Imported before anything of static/.
 */

import { readFileSync } from "node:fs";
import { FakeCanvas, FakePath } from "./recorder.js";

/** @param {any} target @param {Record<string, any>} values */
const define = (target, values) => {
  for (const [name, value] of Object.entries(values))
    Object.defineProperty(target, name, { value, writable: true, configurable: true });
};

/** Callbacks of requestAnimationFrame that wait for `nextFrame`. @type {(() => void)[]} */
let frames = [];

/** What the address bar went through: [how, address]. @type {[string, string][]} */
export const visited = [];

/** @param {string} address */
export function goTo(address) {
  globalThis.location.href = new URL(address, "http://localhost/").href;
  globalThis.history.state = null;
  visited.length = 0;
}

/** Runs what waits for the next picture. */
export function nextFrame() {
  const due = frames;
  frames = [];
  for (const work of due) work();
}

/** @param {"light" | "dark"} name */
export const setTheme = (name) => void (document.documentElement.dataset.theme = name);

const address = {
  url: new URL("http://localhost/"),
  get href() {
    return this.url.href;
  },
  set href(value) {
    this.url = new URL(value);
  },
  get hash() {
    return this.url.hash;
  },
  get search() {
    return this.url.search;
  },
  get pathname() {
    return this.url.pathname;
  },
};

/** @param {string} how */
const go = (how) => (/** @type {any} */ state, /** @type {string} */ _title, /** @type {URL | string} */ url) => {
  visited.push([how, String(url)]);
  address.href = String(url);
  globalThis.history.state = state;
};

/** A socket that keeps what is sent and says what a test tells it to say. */
export class FakeSocket extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSED = 3;
  /** @type {FakeSocket[]} */
  static all = [];

  /** @param {URL} url @param {string[]} protocols */
  constructor(url, protocols) {
    super();
    Object.assign(this, { url: String(url), protocols, readyState: FakeSocket.CONNECTING, sent: [], closedWith: null });
    FakeSocket.all.push(this);
  }

  /** @param {string} text */
  send(text) {
    if (this.readyState !== FakeSocket.OPEN) throw new Error("sent on a socket that is not open");
    this.sent.push(JSON.parse(text));
  }

  /** @param {number} code */
  close(code) {
    this.readyState = FakeSocket.CLOSED;
    this.closedWith = code;
  }

  // -- what the server does ---------------------------------------------------------------------------------------
  open() {
    this.readyState = FakeSocket.OPEN;
    this.onopen?.();
  }

  /** @param {any} message JSON, or bytes */
  say(message) {
    this.onmessage?.({ data: message instanceof ArrayBuffer ? message : JSON.stringify(message) });
  }

  /** @param {number} code @param {string} [reason] */
  drop(code, reason = "") {
    this.readyState = FakeSocket.CLOSED;
    this.onclose?.({ code, reason });
  }

  /** The newest command of a kind. @param {string} op */
  last(op) {
    return this.sent.findLast((/** @type {any} */ m) => m.op === op);
  }
}

/** What the browser keeps; `denied` makes it refuse. */
export const storage = {
  denied: false,
  /** @type {Map<string, string>} */ kept: new Map(),
  /** @param {string} key */
  getItem(key) {
    if (this.denied) throw new Error("storage is denied");
    return this.kept.get(key) ?? null;
  },
  /** @param {string} key @param {string} value */
  setItem(key, value) {
    if (this.denied) throw new Error("storage is denied");
    this.kept.set(key, value);
  },
};

const listeners = new EventTarget();
define(globalThis, {
  location: address,
  history: { pushState: go("push"), replaceState: go("replace"), state: null },
  localStorage: storage,
  document: {
    documentElement: { dataset: { theme: "light" }, lang: "en", dir: "ltr" },
    body: { dataset: {} },
    createElement: (/** @type {string} */ tag) => {
      if (tag !== "canvas") throw new Error(`no <${tag}> here`);
      return new FakeCanvas();
    },
  },
  devicePixelRatio: 1,
  matchMedia: () => ({ matches: false }),
  requestAnimationFrame: (/** @type {() => void} */ work) => frames.push(work),
  addEventListener: listeners.addEventListener.bind(listeners),
  removeEventListener: listeners.removeEventListener.bind(listeners),
  dispatchEvent: listeners.dispatchEvent.bind(listeners),
  WebSocket: FakeSocket,
  Path2D: FakePath,
});

/** Lets everything that waits for promises go on. */
export const settle = () => new Promise((go_on) => setImmediate(go_on));

/** The messages of a language, which modules ask for beside themselves. @param {string | URL} address */
const messages = (address) => new Response(readFileSync(new URL(String(address).replace("/static/", "/"))));
const isMessages = (/** @type {string | URL} */ address) => String(address).endsWith(".ftl");
const beyond = globalThis.fetch;
globalThis.fetch = async (address, options) =>
  isMessages(/** @type {URL} */ (address)) ? messages(/** @type {URL} */ (address)) : beyond(address, options);

/**
 * The server, by path: a function of the body, or an answer. What is asked for is kept.
 * @param {Record<string, any>} routes "POST /runs" → answer
 */
export function serve(routes) {
  /** @type {{method: string, path: string, body: any, token: string | null}[]} */
  const asked = [];
  globalThis.fetch = /** @type {any} */ (
    async (/** @type {string} */ address_, /** @type {RequestInit} */ options = {}) => {
      if (isMessages(address_)) return messages(address_);
      const method = options.method ?? "GET";
      const path = String(address_).replace("/api/v1", "");
      const body = options.body ? JSON.parse(String(options.body)) : undefined;
      const token = new Headers(options.headers).get("Authorization");
      asked.push({ method, path, body, token });
      const key = Object.keys(routes).find((route) => `${method} ${path}`.startsWith(route));
      if (!key) return new Response(JSON.stringify({ detail: `no route ${method} ${path}` }), { status: 404 });
      const answer = typeof routes[key] === "function" ? routes[key](body, path) : routes[key];
      if (answer instanceof Response) return answer;
      if (answer instanceof ArrayBuffer || answer instanceof Uint8Array) return new Response(answer);
      return new Response(JSON.stringify(answer), { status: 200 });
    }
  );
  return asked;
}
