import { goTo } from "./page.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { currentLanguage, moreTexts, setLanguage, t } from "../../static/core/i18n.js";
import { inOrder } from "../../static/core/reading-order.js";
import { en as firstEn } from "../../static/text/en.js";
import { he as firstHe } from "../../static/text/he.js";
import { en as moreEn } from "../../static/text/more/en.js";
import { he as moreHe } from "../../static/text/more/he.js";

/** @type {Record<string, string>} */ const en = { ...firstEn, ...moreEn };
/** @type {Record<string, string>} */ const he = { ...firstHe, ...moreHe };

const places = (/** @type {string} */ text) => [...text.matchAll(/\{(\w+)(?:, plural,|\})/g)].map((m) => m[1]).sort();

/** What a layer does, in English, is the engine's own docstring. */
const theirs = (/** @type {string} */ key) => key.startsWith("layerdoc_");

test("what is said later is there when it is asked for, in the language that is spoken then", async () => {
  assert.equal(t("prop_next"), "prop_next");
  await moreTexts();
  assert.equal(t("prop_next"), en.prop_next);
  await setLanguage("he");
  assert.equal(t("prop_next"), he.prop_next);
  await setLanguage("en");
  assert.deepEqual(
    Object.keys(moreEn).filter((key) => key in firstEn),
    [],
  );
});

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

test("words go with their number, in every form of the language", async () => {
  await setLanguage("en");
  const counted = (/** @type {(string | number)[]} */ ...all) => all.map((n) => t("early_epochs", { n }));
  assert.deepEqual(counted(1, 2, "1,000"), ["after 1 epoch", "after 2 epochs", "after 1,000 epochs"]);
  assert.equal(t("totals", { n: 3, m: 1 }), "3 parameters · 1 multiplication");
  await setLanguage("he");
  assert.deepEqual(counted(1, 2, 10, 20), ["אחרי מחזור אחד", "אחרי שני מחזורים", "אחרי 10 מחזורים", "אחרי 20 מחזורים"]);
  assert.equal(t("totals", { n: 3, m: 1 }), "3 פרמטרים · כפל אחד");
  assert.equal(t("steps_per_second", { n: "0.5" }), "0.5 צעדים בשנייה");
  assert.equal(t("steps_per_second", { n: "1" }), "צעד אחד בשנייה");
});

test("a value keeps its own direction", async () => {
  await setLanguage("he");
  assert.equal(t("weights_of_unit"), he.weights_of_unit);
  assert.equal(t("edit_layer", { layer: "f5" }), "שכבה \u2068f5\u2069");
  assert.equal(t("at_step", { step: "1,234" }), "צעד 1,234");
  assert.equal(t("digit_truth", { digit: "−3" }), "הספרה היא \u2068−3\u2069.");
  await setLanguage("en");
  assert.equal(t("edit_layer", { layer: "f5" }), "Layer f5");
  assert.equal(t("digit_truth", { digit: "שלוש" }), "It is \u2068שלוש\u2069.");
});

test("what is foreign in a text that runs from right to left is in reading order", () => {
  const cases = JSON.parse(readFileSync(new URL("../reading_order.json", import.meta.url), "utf8"));
  assert.ok(cases.length > 20);
  for (const [text, ordered] of cases) assert.equal(inOrder(text), ordered);
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
