/** Numbers that are being typed: the text stays as it is typed, and half a number changes nothing. */

import { typed } from "../core/format.js";

/** @typedef {{requestUpdate: () => void}} Host */

export class Typing {
  /** @param {Host} host the element whose fields these are */
  constructor(host) {
    this.host = host;
    /** @type {{name: string, text: string} | null} the field that is being typed in, as it stands */
    this.now = null;
    /** @type {Map<string, string>} names of fields that hold no number, and their labels */
    this.unread = new Map();
  }

  clear() {
    this.now = null;
    this.unread.clear();
  }

  /** The label of a field that holds no number, if one does. */
  get missing() {
    return this.unread.values().next().value;
  }

  /**
   * What a field holds: the text that is being typed in it, else the number.
   * @param {string} name
   * @param {number | string | null | undefined} value
   */
  shown(name, value) {
    return this.now?.name === name ? this.now.text : String(value ?? "");
  }

  /**
   * Somebody types. "1e", an empty field that may not be empty, and 1e400 are no numbers.
   * @param {string} name
   * @param {string} label
   * @param {Pick<HTMLInputElement, "value" | "validity">} input
   * @param {(number: number | null) => void} put null where an empty field means something
   * @param {boolean} [optional]
   */
  type(name, label, input, put, optional = false) {
    const empty = input.value === "" && !input.validity.badInput;
    if (input.validity.badInput || (empty && !optional)) {
      this.unread.set(name, label);
      this.host.requestUpdate();
      return;
    }
    this.unread.delete(name);
    this.now = { name, text: input.value };
    put(empty ? null : Number(input.value));
  }

  /**
   * Several whole numbers with anything between them, read when the field is left.
   * @param {string} name @param {string} label @param {string} text @param {(numbers: number[]) => void} put
   */
  list(name, label, text, put) {
    const numbers = text
      .split(/[ ,×x]+/)
      .filter(Boolean)
      .map(typed);
    if (numbers.every(Number.isInteger)) {
      this.unread.delete(name);
      put(numbers);
    } else {
      this.unread.set(name, label);
      this.host.requestUpdate();
    }
  }

  /** The field is left: it shows the number again. */
  left() {
    this.now = null;
    this.host.requestUpdate();
  }
}
