/** The glossary: a search that hides what does not fit. */

import { applyTheme } from "./core/colors.js";

applyTheme();
const field = /** @type {HTMLInputElement} */ (document.querySelector("#search"));
field.addEventListener("input", () => {
  const wanted = field.value.trim().toLowerCase();
  for (const entry of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".glossary > div")))
    entry.hidden = !entry.textContent?.toLowerCase().includes(wanted);
});
