/** Line charts: the library, and what all of them look like. */

import "../core/powers.js"; // first: it makes a language known to the library, which asks for one when it is imported
import uPlot from "uplot";

export { chartOptions } from "./chart-options.js";
export { uPlot };
