/** Two fingers on an element: how many times as far apart as before, and what they are about. */

/**
 * One finger goes on scrolling; of two fingers the browser's own gestures are kept away.
 * @param {HTMLElement} element
 * @param {(by: number, x: number, y: number) => void} tell at most once a picture; (x, y) in the element
 */
export function watchPinch(element, tell) {
  let before = 0;
  /** @type {{apart: number, x: number, y: number} | null} */ let now = null;
  const span = (/** @type {TouchList} */ touches) => {
    const [a, b] = [touches[0], touches[1]];
    const apart = Math.max(1, Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY));
    return { apart, x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2 };
  };
  const say = () => {
    if (!now) return;
    const { apart, x, y } = now;
    now = null;
    const box = element.getBoundingClientRect();
    tell(apart / before, x - box.left, y - box.top);
    before = apart;
  };
  const felt = (/** @type {TouchEvent} */ event) => {
    if (event.touches.length !== 2) return;
    event.preventDefault();
    if (event.type === "touchstart") before = span(event.touches).apart;
    else {
      if (!now) requestAnimationFrame(say);
      now = span(event.touches);
    }
  };
  for (const kind of /** @type {const} */ (["touchstart", "touchmove"]))
    element.addEventListener(kind, felt, { passive: false });
}
