/** Says "sharpnesschange" to the window when pictures have to be drawn again though nothing in them is new. */

const say = () => globalThis.dispatchEvent(new Event("sharpnesschange"));

/** Another pixel ratio: a zoomed page, a window on another screen. A query is of one ratio, so it is renewed. */
function watchRatio() {
  matchMedia(`(resolution: ${devicePixelRatio || 1}dppx)`).addEventListener?.(
    "change",
    () => {
      say();
      watchRatio();
    },
    { once: true },
  );
}

/** Another ratio, another size, a page that is seen again or taken from the browser's store of pages. */
export function watchSharpness() {
  watchRatio();
  addEventListener("resize", say);
  addEventListener("pageshow", say);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && say());
}
