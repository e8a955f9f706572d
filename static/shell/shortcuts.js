/** Keys that do something wherever the focus is, but for fields that are typed into; help-dialog.js lists them. */

import { hidden, locked } from "../controls/controls.js";

/** @typedef {import("../core/session.js").Session} Session */
/**
 * @typedef {object} Shortcut
 * @property {string[]} keys as they are written
 * @property {string} text its words
 * @property {(event: KeyboardEvent, meta: boolean) => boolean} [is] none: an element does it, while it has the focus
 * @property {(session: Session) => void} [act]
 */

/** Whether a key may do what a control does. @param {string} name */
const mayUse = (name) => !hidden(name) && !locked(name);

/** @param {KeyboardEvent} event @param {string} places in which the key has a meaning of its own */
const inside = (event, places) => Boolean(/** @type {HTMLElement} */ (event.target).closest(places));

/** @type {Shortcut[]} */
export const SHORTCUTS = [
  {
    keys: ["Space"],
    text: "key_play",
    is: (e, meta) => e.key === " " && !meta && mayUse("play") && !inside(e, "button, a, input"),
    act: (session) => session.command({ op: session.state.playing ? "pause" : "play" }),
  },
  {
    keys: ["."],
    text: "key_step",
    is: (e, meta) => e.key === "." && !meta && mayUse("step") && !inside(e, "input"),
    act: (session) => session.command({ op: "step", unit: "batch", count: 1 }),
  },
  {
    keys: ["Ctrl", "Z"],
    text: "undo",
    is: (e, meta) => e.key.toLowerCase() === "z" && meta && !e.shiftKey && mayUse("undo"),
    act: (session) => session.undo(),
  },
  {
    keys: ["Ctrl", "Shift", "Z"],
    text: "redo",
    is: (e, meta) => e.key.toLowerCase() === "z" && meta && e.shiftKey && mayUse("redo"),
    act: (session) => session.redo(),
  },
  {
    keys: ["?"],
    text: "key_help",
    is: (e, meta) => e.key === "?" && !meta,
    act: () => dispatchEvent(new Event("descent-help")),
  },
  { keys: ["←", "→", "↑", "↓"], text: "key_arrows" },
  { keys: ["+", "−", "0"], text: "key_zoom" },
  { keys: ["Home", "End"], text: "key_ends" },
  { keys: ["Esc"], text: "key_escape" },
];

/** @param {KeyboardEvent} event @param {Session} session */
export function pressed(event, session) {
  if (event.altKey || inside(event, "input:not([type=range]):not([type=checkbox]), textarea, select, dialog")) return;
  const meta = event.ctrlKey || event.metaKey;
  const shortcut = SHORTCUTS.find(({ is }) => is?.(event, meta));
  if (!shortcut) return;
  event.preventDefault();
  shortcut.act?.(session);
}
