/** The views that elements need while they are seen, put together. */

/** @import {Views} from "../types/page.d.ts" */

export class Wants {
  constructor() {
    /** @type {Map<unknown, Views>} */ this.each = new Map();
  }

  /** Whether that makes another list. @param {unknown} who @param {Views | null} views */
  put(who, views) {
    const before = JSON.stringify(this.all());
    if (views) this.each.set(who, views);
    else this.each.delete(who);
    return JSON.stringify(this.all()) !== before;
  }

  /** The names of the views that an element needs. @param {unknown} who */
  of(who) {
    return Object.keys(this.each.get(who) ?? {});
  }

  /** @returns {Views} */
  all() {
    return Object.assign({}, ...this.each.values());
  }
}
