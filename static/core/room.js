/** The room that a picture has: its `.room` is as large as the style sheets make it, and the picture fills it. */

import { watchSize } from "./powers.js";

/** @type {WeakMap<HTMLElement, HTMLElement>} */
const rooms = new WeakMap();

/**
 * Tells how large an element's `.room` is, now and whenever that changes; asked after each drawing, since the room may
 * be another node by then.
 * @param {HTMLElement} host @param {(width: number, height: number) => void} tell
 */
export function followRoom(host, tell) {
  const room = /** @type {HTMLElement | null} */ (host.querySelector(".room"));
  if (!room || rooms.get(host) === room) return;
  rooms.set(host, room);
  watchSize(room, (width, height) => {
    if (rooms.get(host) === room && width > 0) tell(Math.floor(width), Math.floor(height));
  });
}

/** The side of the largest square in it. @param {number} width @param {number} height @param {number} [least] */
export const squareIn = (width, height, least = 96) => Math.max(least, Math.min(width, height));

/** Of the sides of a view a picture has so much, and no more pixels than that: what is said of it stands below. */
const [SHARE, MOST] = [0.62, 460];

/**
 * Tells how large a picture of a view is that grows with it, now and whenever that changes.
 * @param {HTMLElement} view @param {number} least @param {(side: number) => void} tell
 */
export function followView(view, least, tell) {
  let known = least;
  watchSize(view, (width, height) => {
    const side = Math.max(least, Math.floor(Math.min(MOST, SHARE * width, SHARE * height)));
    if (side !== known) tell((known = side));
  });
}
