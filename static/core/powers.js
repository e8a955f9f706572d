/**
 * What a browser may lack, or forbid where the page stands: each power with what happens in its place. Nobody else
 * touches them (the linter sees to it), and each is switched off in tests/browser/test_powers.py.
 */

/** @typedef {{name: string, has: () => unknown}} Power */

const TRIED = "descent-tried";
/** How often sizes and places are looked at where the browser does not tell. */
const LOOK_MS = 500;

/** @type {Power[]} */
export const POWERS = [
  { name: "storage", has: () => (localStorage.setItem(TRIED, ""), localStorage.removeItem(TRIED), true) },
  { name: "clipboard", has: () => navigator.clipboard.writeText },
  { name: "deflate", has: () => [new CompressionStream("deflate-raw"), new DecompressionStream("deflate-raw")] },
  { name: "language", has: () => !respoken && Intl.NumberFormat(navigator.language) },
  { name: "sizes", has: () => ResizeObserver },
  { name: "sight", has: () => IntersectionObserver },
  { name: "hills", has: () => WebGL2RenderingContext && document.createElement("canvas").getContext("webgl2") },
  { name: "camera", has: () => navigator.mediaDevices.getUserMedia },
  { name: "pictures", has: () => createImageBitmap },
  { name: "copies", has: () => structuredClone },
  { name: "notes", has: () => HTMLElement.prototype.showPopover },
  { name: "address", has: () => (history.replaceState(history.state, "", location.href), true) },
];

/** @param {string} name of a power */
export function may(name) {
  try {
    return Boolean(POWERS.find((power) => power.name === name)?.has());
  } catch {
    return false; // forbidden, or not there
  }
}

/** The names of what this browser does without. */
export const lacking = () => POWERS.map(({ name }) => name).filter((name) => !may(name));

// -- numbers in words: all browsers that the page starts in have them ------------------------------------------------
/** Which of a language's forms goes with a number: "one", "two", "other", … @param {string} language */
export function formsOf(language) {
  const rules = new Intl.PluralRules(language);
  return (/** @type {number} */ n) => rules.select(n);
}

// -- storage: without it, for as long as the page is open ------------------------------------------------------------
/** @type {Map<string, string>} */ const kept = new Map();

/** What the browser keeps under a name, or null. @param {string} key @returns {string | null} */
export function recall(key) {
  if (kept.has(key)) return kept.get(key) ?? null;
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Whether it outlives the page. @param {string} key @param {string} value */
export function keep(key, value) {
  try {
    localStorage.setItem(key, value);
    kept.delete(key);
    return true;
  } catch {
    kept.set(key, value); // forbidden, or full
    return false;
  }
}

/** The same for one tab, from page to page. @param {string} key @param {string} value */
export function keepInTab(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    /* the next page does not know */
  }
}

/** @param {string} key @returns {string | null} */
export function recallInTab(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

/** What was kept as JSON. @template T @param {string} key @param {T} otherwise @returns {T} */
export function recallJson(key, otherwise) {
  try {
    return JSON.parse(recall(key) ?? "") ?? otherwise;
  } catch {
    return otherwise; // nothing, or no JSON
  }
}

// -- clipboard: without it (plain http), a selected text and the browser's old command -------------------------------
/** Whether the text is in the clipboard now. @param {string} text */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** @param {string} text */
function copySelected(text) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.className = "visually-hidden";
  // Beside an open dialog nothing can be selected.
  const place = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  place.append(field);
  field.select();
  try {
    return document.activeElement === field && document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    before?.focus();
  }
}

// -- deflate: without it addresses are longer, and read by a module of ours ------------------------------------------
/** @param {Uint8Array<ArrayBuffer>} bytes @param {CompressionStream | DecompressionStream} through */
const pass = async (bytes, through) =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(through)).arrayBuffer());

/** The bytes deflated, or null. @param {Uint8Array<ArrayBuffer>} bytes */
export const deflate = async (bytes) =>
  may("deflate") ? await pass(bytes, new CompressionStream("deflate-raw")) : null;

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<Uint8Array>} */
export const inflate = async (bytes) =>
  may("deflate")
    ? await pass(bytes, new DecompressionStream("deflate-raw"))
    : (await import("./inflate.js")).inflateAll(bytes);

// -- language: one that the browser's own formats do not know ("C") becomes English for the libraries ----------------
let respoken = false;
try {
  Intl.NumberFormat(navigator.language);
} catch {
  respoken = true;
  if (globalThis.navigator) Object.defineProperty(navigator, "language", { value: "en", configurable: true });
}

// -- sizes and places: without those who tell, somebody looks --------------------------------------------------------
/** @param {HTMLElement} element */
function insideOf(element) {
  const { paddingLeft, paddingRight, paddingTop, paddingBottom } = getComputedStyle(element);
  const [left, right, top, bottom] = [paddingLeft, paddingRight, paddingTop, paddingBottom].map(Number.parseFloat);
  return /** @type {const} */ ([element.clientWidth - left - right, element.clientHeight - top - bottom]);
}

/**
 * Tells the width and height inside of an element, now and whenever they change.
 * @param {HTMLElement} element
 * @param {(width: number, height: number) => void} tell
 */
export function watchSize(element, tell) {
  if (may("sizes")) {
    new ResizeObserver(([entry]) => tell(entry.contentRect.width, entry.contentRect.height)).observe(element);
    return;
  }
  let seen = "";
  const look = () => {
    const now = `${element.clientWidth} ${element.clientHeight}`;
    if (now === seen) return;
    seen = now;
    tell(...insideOf(element));
  };
  requestAnimationFrame(look);
  setInterval(look, LOOK_MS);
}

/**
 * Tells of each element when it comes into sight and when it leaves.
 * @param {Iterable<HTMLElement>} elements
 * @param {(element: HTMLElement, seen: boolean) => void} tell
 * @param {number} margin in pixels around the window
 */
export function watchSight(elements, tell, margin = 40) {
  if (may("sight")) {
    const observer = new IntersectionObserver(
      (entries) =>
        entries.forEach(({ target, isIntersecting }) => tell(/** @type {HTMLElement} */ (target), isIntersecting)),
      { rootMargin: `${margin}px` },
    );
    for (const element of elements) observer.observe(element);
    return;
  }
  const all = [...elements];
  /** @type {Set<HTMLElement>} */ const inside = new Set();
  const look = () => {
    for (const element of all) {
      const { top, bottom } = element.getBoundingClientRect();
      const seen = bottom > -margin && top < innerHeight + margin;
      if (seen === inside.has(element)) continue;
      if (seen) inside.add(element);
      else inside.delete(element);
      tell(element, seen);
    }
  };
  look();
  setInterval(look, LOOK_MS);
}

// -- hills: without them the map has the same numbers ----------------------------------------------------------------
/** @param {HTMLCanvasElement} canvas */
export const hillsContext = (canvas) => canvas.getContext("webgl2", { antialias: true });

// -- camera: without it, files ---------------------------------------------------------------------------------------
/**
 * Null where there can be none (plain http).
 * @param {MediaTrackConstraints} video
 * @returns {Promise<MediaStream | null>}
 */
export const cameraStream = async (video) =>
  may("camera") ? await navigator.mediaDevices.getUserMedia({ video }) : null;

// -- pictures: without bitmaps, an image element ---------------------------------------------------------------------
/** A picture that can be drawn; rejected if the file is none. @param {Blob} file */
export async function decodePicture(file) {
  if (may("pictures")) return createImageBitmap(file);
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
  } finally {
    URL.revokeObjectURL(image.src);
  }
  return image;
}

// -- copies: without them, by way of JSON; all that is copied here is JSON -------------------------------------------
/** @template T @param {T} value plain JSON @returns {T} */
export const copied = (value) => (may("copies") ? structuredClone(value) : JSON.parse(JSON.stringify(value)));

// -- notes: without the browser's own, an element that is hidden until then, and leaves at the next press ------------
/** @param {HTMLElement} note with `popover` */
export function showNote(note) {
  if (may("notes")) {
    note.showPopover();
    return;
  }
  note.classList.add("shown");
  addEventListener("pointerdown", () => note.classList.remove("shown"), { once: true });
  addEventListener("keydown", () => note.classList.remove("shown"), { once: true });
}

// -- the address: a frame may forbid to write it, and some browsers refuse many changes in a short time --------------
/**
 * @param {URL | string} url
 * @param {boolean} [push] whether Back leads to what was before
 * @param {unknown} [state] what the browser's history is to know of it
 */
export function showAddress(url, push = false, state = history.state) {
  try {
    if (push) history.pushState(state, "", url);
    else history.replaceState(state, "", url);
  } catch {
    /* the page is the same without it */
  }
}
