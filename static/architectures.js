/** The page of the full-size architectures. */

import "./zoo/architectures.js";

const saved = localStorage.getItem("descent-theme");
if (saved) document.documentElement.dataset.theme = saved;
