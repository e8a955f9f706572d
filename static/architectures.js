/** The page of the full-size architectures. */

import { applyTheme } from "./core/colors.js";
import "./zoo/architectures.js";

applyTheme();
