/**
 * Text that is written from right to left, with what is foreign in it in order: a formula, a path or a name of other
 * letters keeps its own direction whatever stands beside it (app/labs/reading_order.py does the same on the server).
 */

const LETTERS = "\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc";
const FOREIGN = new RegExp(`[^${LETTERS}]+`, "g");
/** A hyphen of those letters, after which no line ends: what it joins follows. */
const JOINS = new RegExp(`\u05be(?=[^${LETTERS}\\s])`, "g");
/** What is the same in every direction: numbers, the place of a value, marks. */
const PLAIN = /^[\d.,]*\d%?$|^\{\w+\}$|^[^\p{L}\p{N}\p{Sm}−]*$/u;
const CLOSES = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);
const ENDS = new Set(CLOSES.values());

/**
 * The pieces of foreign text that belong together: lists are cut at their commas, brackets that stay open are left out.
 * @param {string} run @returns {[number, number][]} from, to
 */
function pieces(run) {
  /** @type {[number, number][]} */ const found = [];
  /** @type {string[]} */ const open = [];
  let from = -1;
  const end = (/** @type {number} */ at) => {
    if (from >= 0) {
      let to = at;
      while (to > from && /[\s.,:;!?·"“”״]/.test(run[to - 1])) to--;
      if (to > from) found.push([from, to]);
    }
    from = -1;
  };
  for (let i = 0; i < run.length; i++) {
    const c = run[i];
    const close = CLOSES.get(c);
    const last = /^\s|^$/.test(run.slice(i + 1, i + 2));
    if (close) {
      if (!run.includes(close, i)) end(i);
      else {
        open.push(close);
        if (from < 0) from = i;
      }
    } else if (ENDS.has(c)) {
      if (open.at(-1) === c) open.pop();
      else end(i);
    } else if (!open.length && (/["“”״]/.test(c) || (/[,;·]/.test(c) && last))) end(i);
    else if (from < 0 && !/[\s,:;!?·]/.test(c) && !(c === "." && last)) from = i;
  }
  end(run.length);
  return found;
}

/** @param {string} text */
export function inOrder(text) {
  const ordered = text.replace(FOREIGN, (run) => {
    let out = "";
    let done = 0;
    for (const [from, to] of pieces(run)) {
      const piece = run.slice(from, to);
      out += run.slice(done, from) + (PLAIN.test(piece) ? piece : `\u2066${piece}\u2069`);
      done = to;
    }
    return out + run.slice(done);
  });
  return ordered.replace(JOINS, "\u05be\u2060");
}
