/** Where a card stands that belongs to a box. Pure arithmetic. */

const APART = 10;
const MARGIN = 4;

/**
 * At the side of the box where there is room for it, else above or below; never outside.
 * @param {{x: number, y: number, size: number}} box
 * @param {{width: number, height: number}} card
 * @param {{width: number, height: number}} room
 * @returns {{x: number, y: number}}
 */
export function beside(box, card, room) {
  const keep = (/** @type {number} */ at, /** @type {number} */ size, /** @type {number} */ whole) =>
    Math.max(MARGIN, Math.min(whole - size - MARGIN, at));
  const middle = {
    x: keep(box.x + (box.size - card.width) / 2, card.width, room.width),
    y: keep(box.y + (box.size - card.height) / 2, card.height, room.height),
  };
  const after = box.x + box.size + APART;
  const before = box.x - APART - card.width;
  const below = box.y + box.size + APART;
  const above = box.y - APART - card.height;
  if (after + card.width <= room.width - MARGIN) return { x: after, y: middle.y };
  if (before >= MARGIN) return { x: before, y: middle.y };
  if (below + card.height <= room.height - MARGIN) return { x: middle.x, y: below };
  if (above >= MARGIN) return { x: middle.x, y: above };
  // Nowhere: over the far side, as little of the box covered as can be.
  const right = room.width - (box.x + box.size) >= box.x;
  return { x: keep(right ? after : before, card.width, room.width), y: middle.y };
}
