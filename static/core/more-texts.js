/** For modules that are fetched by themselves: whoever imports this one has all texts, not only the first ones. */

import { moreTexts } from "./i18n.js";

await moreTexts();
