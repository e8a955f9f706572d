/** What a teacher's link hides or locks (`?hide=…&lock=…`): any control, by its `data-control`. */

/** @typedef {import("../core/session.js").Session} Session */

const STEERS = ["click", "input", "change", "keydown"];

/** Once a page. @param {Session} session */
export function keepWishes({ hidden, locked }) {
  const rules = (/** @type {Set<string>} */ names, /** @type {string} */ does, /** @type {string[]} */ ...places) =>
    [...names].flatMap((name) => places.map((place) => `${place.replace("?", `"${CSS.escape(name)}"`)} { ${does} }`));
  const sheet = new CSSStyleSheet();
  // A label goes with its control; in a rule of its own, since not every browser can say so.
  for (const rule of [
    ...rules(hidden, "display: none !important", "[data-control=?]", "label:has(> [data-control=?])"),
    ...rules(locked, "pointer-events: none; opacity: 0.5", "[data-control=?]"),
  ])
    try {
      sheet.insertRule(rule);
    } catch {
      /* the rest holds */
    }
  document.adoptedStyleSheets.push(sheet);
  for (const type of STEERS)
    document.addEventListener(
      type,
      (event) => {
        const control = /** @type {Element} */ (event.target).closest?.("[data-control]");
        const name = control?.getAttribute("data-control") ?? "";
        if (!locked.has(name) || /** @type {KeyboardEvent} */ (event).key === "Tab") return;
        event.preventDefault();
        event.stopPropagation();
      },
      { capture: true },
    );
}
