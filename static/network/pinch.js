/** Two fingers on an element: how many times as far apart as before, and what they are about. */

/**
 * @param {HTMLElement} element whose `touch-action` leaves pinching to us
 * @param {(by: number, x: number, y: number) => void} tell at most once a picture; (x, y) in the element
 */
export function watchPinch(element, tell) {
  /** @type {Map<number, {x: number, y: number}>} */ const fingers = new Map();
  let before = 0;
  let waiting = false;
  const span = () => {
    const [a, b] = [...fingers.values()];
    return { apart: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  };
  const say = () => {
    waiting = false;
    if (fingers.size !== 2) return;
    const { apart, x, y } = span();
    const box = element.getBoundingClientRect();
    tell(apart / before, x - box.left, y - box.top);
    before = apart;
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch") return;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (fingers.size === 2) before = Math.max(1, span().apart);
  });
  element.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (fingers.size !== 2 || waiting) return;
    waiting = true;
    requestAnimationFrame(say);
  });
  for (const end of ["pointerup", "pointercancel"])
    addEventListener(end, (event) => fingers.delete(/** @type {PointerEvent} */ (event).pointerId));
}
