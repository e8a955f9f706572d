/**
 * Commands on their way. Of those that follow each other quickly, sets of one path, probes, moves, the last counts:
 * they are sent no faster than the server takes them, and the last always arrives, also after a lost connection.
 */

/** Milliseconds between two commands of one kind; the server takes twice as many. */
const PACE_MS = 33;
/** Milliseconds after which a server that had too much is tried again. */
const REST_MS = 500;

/** @import {Command, CommandAnswer} from "../types/page.d.ts" */
/** @typedef {import("./stream.js").Stream} Stream */
/** @typedef {{message: Command, resolve: (answer: CommandAnswer) => void, reject: (error: unknown) => void}} Letter */

/** What is overtaken by a newer one; null: each is carried out. @param {Command} command @returns {string | null} */
function kindOf(command) {
  if (command.op === "set") return `set ${command.path}`;
  return command.op === "probe" || command.op === "move" ? command.op : null;
}

export class Outbox {
  /** @param {Stream} stream */
  constructor(stream) {
    this.stream = stream;
    /** The newest of each kind, in order. @type {Map<string, Letter>} */ this.newest = new Map();
    /** Kinds that are being answered. @type {Set<string>} */ this.asked = new Set();
    /** When a kind may be sent again. @type {Map<string, number>} */ this.due = new Map();
  }

  /** @param {Command} message @returns {Promise<CommandAnswer>} */
  send(message) {
    const kind = kindOf(message);
    this.flush(kind); // in the order in which they were given
    if (kind === null) return /** @type {Promise<CommandAnswer>} */ (this.stream.send(message));
    return new Promise((resolve, reject) => {
      const older = this.newest.get(kind);
      this.newest.set(kind, { message: older ? inPlaceOf(older.message, message) : message, resolve, reject });
      if (older) overtaken(older);
      this.next(kind);
    });
  }

  /** What waits goes now, except for one kind. @param {string | null} [kind] */
  flush(kind = null) {
    if (!this.stream.connected) return;
    for (const [other, letter] of [...this.newest]) if (other !== kind) this.post(other, letter);
  }

  /** The connection is there again. */
  resume() {
    for (const kind of [...this.newest.keys()]) this.next(kind);
  }

  /** @param {string} kind */
  next(kind) {
    const letter = this.newest.get(kind);
    if (!letter || this.asked.has(kind) || !this.stream.connected) return;
    const due = this.due.get(kind) ?? 0;
    const pause = due - performance.now();
    if (pause <= 0) {
      this.post(kind, letter);
      return;
    }
    setTimeout(() => {
      if (this.due.get(kind) === due) this.due.delete(kind);
      this.next(kind);
    }, pause);
  }

  /** @param {string} kind @param {Letter} letter */
  async post(kind, letter) {
    this.newest.delete(kind);
    this.asked.add(kind);
    this.due.set(kind, performance.now() + PACE_MS);
    try {
      letter.resolve(/** @type {CommandAnswer} */ (await this.stream.send(letter.message)));
    } catch (error) {
      const { lost, status } = /** @type {{lost?: boolean, status?: number}} */ (error);
      const late = lost || (status === 429 && letter.message.op !== "move");
      if (!late || this.stream.closed) letter.reject(error);
      else if (this.newest.has(kind)) overtaken(letter);
      else {
        this.newest.set(kind, letter);
        if (!lost) this.due.set(kind, performance.now() + REST_MS);
      }
    }
    this.asked.delete(kind);
    this.next(kind);
  }
}

/** A slider's next place that overtakes the first one begins the edit. @param {Command} older @param {Command} newer */
const inPlaceOf = (older, newer) =>
  newer.op === "set" && older.op === "set" && !older.continues ? { ...newer, continues: false } : newer;

/** @param {Letter} letter */
const overtaken = ({ message, resolve }) =>
  resolve(/** @type {CommandAnswer} */ (/** @type {unknown} */ ({ ok: true, op: message.op, coalesced: true })));
