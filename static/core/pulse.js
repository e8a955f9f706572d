/**
 * Notices that nothing comes any more: a connection can be dead without anybody closing it. Who is silent is asked
 * first, then it is said, then the connection is given up.
 */

/** Milliseconds of silence, while something is expected, until it is asked, said, and given up. */
export const ASK_MS = 2000;
export const SAY_MS = 3000;
export const LOST_MS = 6000;
/** Where nothing is expected it is asked now and then. */
const IDLE_MS = 15_000;
export const LOOK_MS = 500;

/** A timer that nobody waits for: a program without anything else to do ends. @param {unknown} timer */
export const loose = (timer) => /** @type {{unref?: () => void}} */ (timer).unref?.();

export class Pulse {
  /** @param {{expects: () => boolean, ask: () => void, say: (silent: boolean) => void, lose: () => void}} tell */
  constructor(tell) {
    this.tell = tell;
    this.heardAt = this.lookedAt = this.since = performance.now();
    this.asked = this.said = false;
    this.timer = setInterval(() => this.look(), LOOK_MS);
    loose(this.timer);
  }

  /** Something has come. */
  heard() {
    this.heardAt = performance.now();
    this.asked = false;
    if (this.said) this.tell.say((this.said = false));
  }

  look() {
    const now = performance.now();
    const slept = now - this.lookedAt > 4 * LOOK_MS; // the page itself stood still
    this.lookedAt = now;
    const unseen = globalThis.document?.hidden; // what is not drawn is not acknowledged, so no frames come
    if (slept || unseen || !this.tell.expects()) {
      this.since = now;
      if (now - this.heardAt > IDLE_MS && !this.asked) this.ask();
      return;
    }
    const quiet = now - Math.max(this.heardAt, this.since);
    if (quiet >= ASK_MS && !this.asked) this.ask();
    if (quiet >= SAY_MS && !this.said) this.tell.say((this.said = true));
    if (quiet >= LOST_MS) this.tell.lose();
  }

  ask() {
    this.asked = true;
    this.tell.ask();
  }

  stop() {
    clearInterval(this.timer);
  }
}
