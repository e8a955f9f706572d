/** What the linter asks of the browser code and of its tests; Prettier sees to the form. */

import js from "@eslint/js";
import lit from "eslint-plugin-lit";
import globals from "globals";

/** A file, or a line, that asks for an exception says why: `-- because …`. @type {import("eslint").Rule.RuleModule} */
const reasons = {
  meta: { type: "suggestion", messages: { silent: "An exception needs a reason: '-- …'." } },
  create: (context) => ({
    Program: () => {
      for (const comment of context.sourceCode.getAllComments())
        if (/^\s*eslint(-\w+)*\s/.test(comment.value) && !/\s--\s+\S/.test(comment.value))
          context.report({ loc: /** @type {import("estree").SourceLocation} */ (comment.loc), messageId: "silent" });
    },
  }),
};

/** A type in a comment says what it is: static/types has the contract's. @type {import("eslint").Rule.RuleModule} */
const typed = {
  meta: { type: "suggestion", messages: { any: "'any' is no type; static/types/page.d.ts has the page's." } },
  create: (context) => ({
    Program: () => {
      for (const comment of context.sourceCode.getAllComments())
        if (/\{[^}]*\bany\b/.test(comment.value))
          context.report({ loc: /** @type {import("estree").SourceLocation} */ (comment.loc), messageId: "any" });
    },
  }),
};

/** What a browser may lack or forbid is asked of one module, which knows what happens instead. */
const POWERS = "static/core/powers.js";
const GLOBALS = [
  ...["localStorage", "sessionStorage", "indexedDB", "caches", "CompressionStream", "DecompressionStream"],
  ...["ResizeObserver", "IntersectionObserver", "PerformanceObserver", "createImageBitmap", "structuredClone"],
  ...["BroadcastChannel", "OffscreenCanvas", "SharedWorker", "Worker", "Notification", "EyeDropper"],
  ...["requestIdleCallback", "cancelIdleCallback", "AudioContext", "speechSynthesis", "ImageDecoder", "Intl"],
];
const PARTS = /** @type {[string, string[]][]} */ ([
  ["navigator", ["clipboard", "mediaDevices", "language", "languages", "share", "serviceWorker", "storage", "locks"]],
  ["navigator", ["wakeLock", "vibrate", "connection", "deviceMemory", "permissions", "getBattery", "sendBeacon"]],
  ["crypto", ["randomUUID", "subtle"]],
  ["document", ["execCommand", "cookie", "startViewTransition", "exitFullscreen", "fonts"]],
  ["history", ["pushState", "replaceState"]],
]);
const message = `An optional power of browsers: use ${POWERS}, which has a fallback.`;
const everywhere = ["window", "globalThis", "self"].flatMap((object) =>
  GLOBALS.map((property) => ({ object, property, message })),
);
const powers = {
  "no-restricted-globals": ["error", ...GLOBALS.map((name) => ({ name, message }))],
  "no-restricted-properties": [
    "error",
    ...everywhere,
    ...PARTS.flatMap(([object, names]) => names.map((property) => ({ object, property, message }))),
    ...["requestFullscreen", "showPopover", "hidePopover", "togglePopover", "requestPointerLock"].map((property) => ({
      property,
      message,
    })),
  ],
  "no-restricted-imports": ["error", { paths: [{ name: "uplot", message: "By way of static/draw/chart.js." }] }],
  "no-restricted-syntax": [
    "error",
    { selector: "CallExpression[callee.property.name='getContext'] > Literal[value=/webgl|webgpu/]", message },
  ],
};

const long = { code: 120, ignoreUrls: true };

export default [
  { ignores: ["node_modules/", ".venv/", "var/", "dist/", "build/"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { house: { rules: { reasons, typed } } },
    rules: {
      complexity: ["error", 15],
      "max-len": ["error", long],
      "max-lines": ["error", 400],
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_" }],
      eqeqeq: "error",
      "prefer-const": "error",
      "no-implicit-globals": "error",
      "no-var": "error",
      "house/reasons": "error",
    },
  },
  { files: ["static/**/*.js"], ...lit.configs["flat/recommended"], languageOptions: { globals: globals.browser } },
  // What comes from outside is whatever the caller says it is: JSON of the server, and a session before it begins.
  {
    files: ["static/**/*.js"],
    ignores: ["static/core/api.js", "static/core/session.js"],
    rules: { "house/typed": "error" },
  },
  { files: ["static/**/*.js"], ignores: [POWERS, "static/draw/chart.js"], rules: powers },
  // Old browsers are to understand why the rest does not run.
  {
    files: ["static/shell/watchdog.js"],
    languageOptions: { sourceType: "script", ecmaVersion: 5, globals: globals.browser },
    rules: { "no-var": "off" },
  },
  // The texts hold whole sentences, one a line, as the visitor reads them.
  { files: ["static/text/**/*.js"], rules: { "max-len": "off", "max-lines": "off" } },
  { files: ["eslint.config.js"], languageOptions: { globals: globals.node } },
  { files: ["tests/js/**/*.js"], languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  // One expression that walks through a whole net; it asks of every kind of stage.
  { files: ["tests/browser/propagation.js"], rules: { complexity: "off" } },
  // Evaluated in the page by tests: one function, an expression.
  {
    files: ["tests/browser/*.js"],
    languageOptions: { globals: { ...globals.browser, descent: "readonly" } },
    rules: { "no-unused-expressions": "off" },
  },
];
