/** Starts the workbench: theme, elements, run. */

import { session } from "./core/session.js";
import "./shell/app.js";

const saved = localStorage.getItem("descent-theme");
if (saved) document.documentElement.dataset.theme = saved;
// For programs that drive the page (and curious people): what the page knows.
Object.assign(window, { descent: session });
session.open();
