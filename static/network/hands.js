/** What is done to the picture of the network by hand: zooming, moving, walking over units, pointing at edges. */

import { distanceToEdge } from "../draw/network-layout.js";
import { watchPinch } from "./pinch.js";

/** @typedef {import("./network.js").Network} Network */

const ZOOM_STEP = 1.3;
const LEAST_MOST = 6;
/** A layer may become as wide as this, however many there are. */
const WIDEST = 320;
/** How near an edge is pointed at, and a unit is touched. */
const NEAR = 6;
const TOUCH = 22;
/** A press that moves less is a click. */
const STILL = 4;
const KEYS = /** @type {Record<string, number>} */ ({ "+": ZOOM_STEP, "=": ZOOM_STEP, "-": 1 / ZOOM_STEP, 0: 0 });
const ARROWS = /** @type {Record<string, number[]>} */ ({
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
});

export class Hands {
  /** @param {Network} network */
  constructor(network) {
    this.network = network;
    /** Whether the focus comes back from a card that has been closed. */ this.closing = false;
    const { region } = this;
    if (navigator.maxTouchPoints) watchPinch(region, (by, x, y) => this.scale(by, x, y));
    addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  /** @param {"key" | "walk" | "move" | "down" | "wheel"} what @param {Event} event */
  do(what, event) {
    if (what === "wheel") this.wheel(/** @type {WheelEvent} */ (event));
    else if (what === "key" || what === "walk") this[what](/** @type {KeyboardEvent} */ (event));
    else this[what](/** @type {PointerEvent} */ (event));
  }

  get region() {
    return /** @type {HTMLElement} */ (this.network.find(".network-scroll"));
  }

  /** How many times as large it can become. */
  get most() {
    const { width, columns } = this.network;
    return Math.max(LEAST_MOST, WIDEST / (width / Math.max(1, columns.length)));
  }

  /** Where the eye is: what is picked, or the middle. */
  get middle() {
    const { width, height, cards, session, pickedBox: box } = this.network;
    if (box && session.pinned) return [box.x + box.size / 2, box.y + box.size / 2 + cards[2]];
    return [width / 2, (height + cards[2]) / 2];
  }

  /**
   * Larger or smaller, the place under (x, y) of the region staying where it is; 0: whole.
   * @param {number} by @param {number} [x] @param {number} [y]
   */
  async scale(by, x = this.middle[0], y = this.middle[1]) {
    const { network, region } = this;
    const before = network.zoom;
    const wished = Math.min(this.most, before * by);
    network.zoom = wished > 1.001 ? wished : 1;
    const from = network.whole;
    if (network.zoom === before || !from) return;
    const factor = network.zoom / before;
    const { scrollLeft, scrollTop } = region;
    const above = network.cards[2];
    network.requestUpdate();
    await network.updateComplete;
    const to = /** @type {typeof from} */ (network.whole);
    const along = (/** @type {number} */ at, /** @type {number} */ width) => (network.rightToLeft ? width - at : at);
    const far = along(scrollLeft + x, from.width) * factor;
    region.scrollTo(along(far, to.width) - x, (scrollTop + y - above) * factor - (y - above));
    network.scrolled();
  }

  /**
   * With Ctrl (and by pinching a touchpad) always; without, where it takes no scrolling away: the picture is larger
   * than its room already, or nothing around it scrolls.
   * @param {WheelEvent} event
   */
  wheel(event) {
    const turned = Math.abs(event.deltaY) > Math.abs(event.deltaX) && !event.shiftKey;
    const asked = event.ctrlKey || event.metaKey;
    if (!asked && !(turned && (this.network.zoom > 1 || (event.deltaY < 0 && !scrolls(this.network))))) return;
    event.preventDefault();
    const box = this.region.getBoundingClientRect();
    const pixels = event.deltaY * (event.deltaMode ? 24 : 1);
    this.scale(Math.exp(-pixels / 300), event.clientX - box.left, event.clientY - box.top);
  }

  /** + and − and 0 while the picture has the focus. @param {KeyboardEvent} event */
  key(event) {
    const by = KEYS[event.key];
    const typing = /** @type {HTMLElement} */ (event.target).matches("input, select");
    if (by === undefined || typing || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.scale(by);
  }

  /** Arrow keys walk over the units. @param {KeyboardEvent} event */
  walk(event) {
    const step = ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const { network } = this;
    const here = /** @type {HTMLElement} */ (event.target);
    const column = Number(here.dataset.column) + step[0] * (network.rightToLeft ? -1 : 1);
    const count = network.plan?.columns[column]?.nodes.length ?? 0;
    const k = Math.max(0, Math.min(count - 1, Number(here.dataset.node) + step[1]));
    const button = network.querySelector(`[data-column="${column}"][data-node="${k}"]`);
    if (!(button instanceof HTMLElement)) return;
    this.reveal(column, k);
    button.focus({ preventScroll: true });
  }

  /** Moves the picture as far as a unit is seen. @param {number} column @param {number} k */
  reveal(column, k) {
    const { region, network } = this;
    const { whole, width, height, cards } = network;
    if (!whole?.dock || column === whole.columns.length - 1) return;
    const { x, y, size } = whole.columns[column].nodes[k];
    const [left, right] = whole.dock.left ? [0, whole.dock.left] : [whole.dock.right, width];
    const into = (
      /** @type {number} */ now,
      /** @type {number} */ at,
      /** @type {number} */ a,
      /** @type {number} */ b,
    ) => Math.min(at - a, Math.max(now, at + size - b));
    region.scrollTo(
      into(region.scrollLeft, x, left + 8, right - 8),
      into(region.scrollTop, y, 8, height - cards[2] - 8),
    );
  }

  /** The card of what is picked goes. */
  close() {
    const { network } = this;
    const { picked, pinned } = network.session;
    if (!picked || !pinned || document.querySelector("dialog[open]")) return;
    const inside = network.querySelector("d-inspector")?.contains(document.activeElement);
    this.closing = true;
    network.pick(null, false);
    const unit = network.querySelector(`.unit[data-layer="${picked.layer}"][data-unit="${picked.unit}"]`);
    if (inside && unit instanceof HTMLElement) unit.focus({ preventScroll: true });
    this.closing = false;
  }

  // -- the pointer on the ground ------------------------------------------------------------------------------------
  /** The edge under the pointer. @param {PointerEvent} event */
  edgeAt(event) {
    const { x, y } = this.place(event);
    const { columns = [], links = [] } = this.network.plan ?? {};
    let best = null;
    let nearest = NEAR;
    for (const link of links) {
      const [from, column] = [columns[link.from], columns[link.to]];
      if (from.folded || column.folded || column.type !== "Dense") continue;
      if (x < Math.min(from.x, column.x) || x > Math.max(from.x, column.x)) continue;
      for (const a of from.nodes)
        for (const b of column.nodes) {
          const distance = distanceToEdge(a, b, x, y);
          if (distance < nearest) {
            nearest = distance;
            best = { from: from.id, i: a.unit, layer: column.id, unit: b.unit };
          }
        }
    }
    return best;
  }

  /** @param {PointerEvent} event */
  place(event) {
    const box = this.network.find("canvas").getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** The unit that a finger means. @param {PointerEvent} event */
  unitNear(event) {
    const { x, y } = this.place(event);
    let best = null;
    let nearest = TOUCH;
    for (const column of this.network.plan?.columns ?? [])
      for (const node of column.nodes) {
        const half = node.size / 2;
        const off = Math.max(Math.abs(node.x + half - x), Math.abs(node.y + half - y)) - half;
        if (off < nearest) [nearest, best] = [off, { layer: column.id, unit: node.unit }];
      }
    return best;
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { network } = this;
    if (!network.plan || event.pointerType === "touch" || network.session.pinned) return;
    network.pick(this.edgeAt(event));
  }

  /** @param {PointerEvent} event */
  down(event) {
    const { network } = this;
    if (!network.plan) return;
    if (event.pointerType === "touch") return this.touch(event);
    const found = this.edgeAt(event);
    if (found) network.pick(found, true);
    else this.drag(event);
  }

  /**
   * A finger that is lifted where it was put means what is near; two fingers, or one that moves, mean nothing here.
   * @param {PointerEvent} began
   */
  touch(began) {
    const { network } = this;
    const found = this.unitNear(began) ?? this.edgeAt(began);
    const over = new AbortController();
    const { signal } = over;
    for (const other of ["pointerdown", "pointercancel"])
      addEventListener(other, () => over.abort(), { signal, capture: true });
    addEventListener(
      "pointerup",
      (e) => {
        over.abort();
        if (Math.hypot(e.clientX - began.clientX, e.clientY - began.clientY) < TOUCH)
          network.pick(found, Boolean(found));
      },
      { signal },
    );
  }

  /** The empty ground drags the picture; a click on it closes the card. @param {PointerEvent} event */
  drag(event) {
    const { region, network } = this;
    const canvas = /** @type {HTMLElement} */ (network.find("canvas"));
    const from = { x: event.clientX + region.scrollLeft, y: event.clientY + region.scrollTop };
    const began = { x: event.clientX, y: event.clientY };
    canvas.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ e) => region.scrollTo(from.x - e.clientX, from.y - e.clientY);
    canvas.addEventListener("pointermove", move);
    const end = (/** @type {PointerEvent} */ e) => {
      canvas.removeEventListener("pointermove", move);
      if (Math.hypot(e.clientX - began.x, e.clientY - began.y) < STILL) network.pick(null, false);
    };
    canvas.addEventListener("pointerup", end, { once: true });
  }
}

/** Whether something around an element can be scrolled up or down. @param {HTMLElement} element */
function scrolls(element) {
  for (let at = element.parentElement; at; at = at.parentElement) {
    const root = at === document.documentElement;
    const may = root || /auto|scroll/.test(getComputedStyle(at).overflowY);
    if (may && at.scrollHeight > at.clientHeight + 1) return true;
  }
  return false;
}
