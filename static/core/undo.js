/** Where one edit ends: the server keeps what can be undone, the page knows when a slider goes on. */

/** Milliseconds in which a slider that moves on is still the same edit. */
const SAME_EDIT = 1500;

export class Edits {
  constructor() {
    this.path = "";
    this.at = -Infinity;
  }

  /**
   * An edit is being made; whether it goes on with the one before.
   * @param {string} path @param {boolean} light a slider on its way
   */
  continues(path, light) {
    const now = performance.now();
    const same = light && path === this.path && now - this.at < SAME_EDIT;
    this.path = path;
    this.at = now;
    return same;
  }

  /** The next edit is one of its own. */
  end() {
    this.path = "";
  }
}
