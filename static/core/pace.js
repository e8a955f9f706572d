/** Work that may be asked for sixty times a second and is done a few times; the last time counts too. */

export class Pace {
  /** @param {number} ms between two times @param {() => void} work */
  constructor(ms, work) {
    this.ms = ms;
    this.work = work;
    this.at = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ this.late = undefined;
  }

  /** Now, or as soon as it may. */
  ask() {
    const now = performance.now();
    if (now - this.at < this.ms) {
      this.late ??= setTimeout(() => {
        this.late = undefined;
        this.ask();
      }, this.ms);
      return;
    }
    this.at = now;
    this.work();
  }
}
