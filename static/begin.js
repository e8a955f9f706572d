/**
 * What a page does before its elements are here: it asks for the catalogue, its run and the examples, so that they come
 * together with the modules and not after them.
 */

import { session } from "./core/session.js";
import { applyTheme } from "./core/colors.js";

applyTheme();
// For programs that drive the page (and curious people): what the page knows.
Object.assign(window, { descent: session });
session.open();
