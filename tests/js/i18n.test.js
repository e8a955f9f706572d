import { goTo } from "./page.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { currentLanguage, setLanguage, t } from "../../static/core/i18n.js";
import { en } from "../../static/text/en.js";
import { he } from "../../static/text/he.js";

const places = (/** @type {string} */ text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

/** What a layer does, in English, is the engine's own docstring. */
const theirs = (/** @type {string} */ key) => key.startsWith("layerdoc_");

test("both languages say the same things, about the same values", () => {
  assert.deepEqual(
    Object.keys(he)
      .filter((key) => !theirs(key))
      .sort(),
    Object.keys(en).sort(),
  );
  for (const key of Object.keys(en)) {
    assert.ok(en[key].trim() && he[key].trim(), key);
    assert.deepEqual([...new Set(places(he[key]))], [...new Set(places(en[key]))], key);
  }
});

test("Hebrew is Hebrew: a text of several words has Hebrew letters", () => {
  for (const [key, text] of Object.entries(he))
    assert.ok(/[\u0590-\u05ff]/.test(text) || !/[a-z]+ [a-z]+ [a-z]+/i.test(text), `${key}: ${text}`);
});

test("values go into their places; a missing one shows its name, an unknown word itself", async () => {
  await setLanguage("en");
  assert.equal(t("steps_per_second", { n: 60 }), "60 steps/s");
  assert.equal(t("steps_per_second", { n: 0 }), "0 steps/s");
  assert.equal(t("steps_per_second"), "{n} steps/s");
  assert.equal(t("steps_per_second", { n: "{n} $& <b>" }), "{n} $& <b> steps/s");
  assert.equal(t("no_such_word"), "no_such_word");
});

test("changing the language changes the direction and the address, and nothing else of it", async () => {
  goTo("/labs/one?hide=data#s=abc");
  await setLanguage("he");
  assert.equal(currentLanguage(), "he");
  assert.deepEqual([document.documentElement.lang, document.documentElement.dir], ["he", "rtl"]);
  assert.equal(location.href, "http://localhost/labs/one?hide=data&lang=he#s=abc");
  assert.equal(t("undo"), he.undo);
  await setLanguage("xx");
  assert.deepEqual([currentLanguage(), document.documentElement.dir], ["en", "ltr"]);
});
