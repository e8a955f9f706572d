/** The catalogue whole, for what is shown later; a page begins with it in brief. */

import { json } from "./api.js";

/** @import {FullCatalog} from "../types/page.d.ts" */

/** @type {FullCatalog | null} */
let whole = null;
/** @type {Promise<FullCatalog> | null} */
let asked = null;

/** @returns {Promise<FullCatalog>} */
export function wholeCatalog() {
  asked ??= json("/catalog").then(
    (/** @type {FullCatalog} */ catalog) => (whole = catalog),
    (error) => {
      asked = null; // it may be there the next time
      throw error;
    },
  );
  return asked;
}

/**
 * The same for who draws: null until it is here, and then it is drawn again.
 * @param {import("./element.js").Element} host @returns {FullCatalog | null}
 */
export function catalogFor(host) {
  if (!whole && !asked)
    wholeCatalog().then(
      () => host.requestUpdate(),
      (error) => host.session.fail(error),
    );
  else if (!whole) asked?.then(() => host.requestUpdate()).catch(() => {});
  return whole;
}
