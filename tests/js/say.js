/** What the page says of problem documents, for tests/app/test_codes.py: cases come in as JSON, texts go out. */

import { readFileSync } from "node:fs";
import { bundleOf, say } from "../../static/core/said.js";

const { cases, languages } = JSON.parse(readFileSync(0, "utf8"));
/** @type {Record<string, string[]>} */ const told = {};
for (const language of languages) {
  const file = new URL(`../../languages/${language}/errors.ftl`, import.meta.url);
  const bundle = bundleOf(language, readFileSync(file, "utf8"));
  told[language] = cases.map((/** @type {any} */ problem) => say(bundle, problem));
}
console.log(JSON.stringify(told));
