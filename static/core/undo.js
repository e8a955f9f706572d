/** What edits took away: two piles of specs, those that can be undone and those that can be redone. */

const MOST_UNDO = 100;
/** Milliseconds in which a slider that moves on is still the same edit. */
const SAME_EDIT = 1500;

/** @import {Spec} from "../types/page.d.ts" */
/** @typedef {{spec: Spec, path: string, at: number}} Edit what an edit took away */

export class Undo {
  constructor() {
    /** @type {Edit[]} */ this.undone = [];
    /** @type {Edit[]} */ this.done = [];
  }

  /**
   * An edit has been made; whether it is one of its own, and not a slider's next place.
   * @param {Spec} before @param {string} path @param {boolean} light a slider on its way
   */
  note(before, path, light) {
    const last = this.done.at(-1);
    const same = light && last !== undefined && last.path === path && performance.now() - last.at < SAME_EDIT;
    if (same) last.at = performance.now();
    else this.done.push({ spec: before, path, at: performance.now() });
    if (this.done.length > MOST_UNDO) this.done.shift();
    this.undone.length = 0;
    return !same;
  }

  /** The last spec of the done, while the present one goes onto the undone. @param {Spec} present */
  back(present) {
    return swap(this.done, this.undone, present);
  }

  /** @param {Spec} present */
  forth(present) {
    return swap(this.undone, this.done, present);
  }

  clear() {
    this.done.length = this.undone.length = 0;
  }
}

/**
 * The last spec of one pile comes back; the present one goes onto the other.
 * @param {Edit[]} from @param {Edit[]} to @param {Spec} present
 * @returns {Spec | null}
 */
function swap(from, to, present) {
  const last = from.pop();
  if (!last) return null;
  to.push({ ...last, spec: present });
  return last.spec;
}
