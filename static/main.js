/** The workbench: begins, and brings the elements. */

import "./begin.js";
import "./shell/app.js";
