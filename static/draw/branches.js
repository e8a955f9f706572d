/** An open block: its stages in their lanes, and the lines of its branches. */

import { INK } from "../core/colors.js";
import { letters } from "./canvas.js";

/** @typedef {import("../core/colors.js").Theme} Theme */
/** @typedef {typeof branchLine} BranchLine */

/** Lines of branches, beside their numbers: told apart without colours. */
const BRANCHES = [[], [2, 4], [9, 4], [9, 3, 2, 3]];

/**
 * The line of a branch into the joint, its number where it begins.
 * @param {CanvasRenderingContext2D} to @param {import("./network-layout.js").Link} link
 * @param {{x1: number, x2: number, y1: number, y2: number}} ends @param {Theme} which
 */
export function branchLine(to, { branch, way }, { x1, x2, y1, y2 }, which) {
  const reach = Math.min(60, Math.abs(x2 - x1) / 2) * Math.sign(x2 - x1);
  to.beginPath();
  to.moveTo(x1, y1);
  if (way === null) to.bezierCurveTo(x1 + reach, y1, x2 - reach, y2, x2, y2);
  else {
    to.bezierCurveTo(x1 + reach / 2, y1, x1 + reach / 2, way, x1 + reach, way);
    to.lineTo(x2 - reach, way);
    to.bezierCurveTo(x2 - reach / 2, way, x2 - reach / 2, y2, x2, y2);
  }
  to.strokeStyle = `rgb(${INK[which].line})`;
  to.lineWidth = 1.6;
  to.setLineDash(BRANCHES[(branch ?? 0) % BRANCHES.length]);
  to.stroke();
  to.setLineDash([]);
  to.font = letters("500");
  to.textAlign = "center";
  to.textBaseline = "middle";
  to.fillStyle = `rgb(${INK[which].line})`;
  const [x, y] = way === null ? [x1 + Math.sign(reach) * 9, y1 - 10] : [(x1 + x2) / 2, way - 10];
  to.fillText(String((branch ?? 0) + 1), x, y);
}

/** @typedef {import("./network-layout.js").Part} Part */
/** @typedef {{id: string, type: string, inputs: string[], shape: number[]}} Stage */

/** What the first stages of a block are given. */
const INPUT = "input";
/** The share of the height of a way that goes around all layers. */
const BARE = 0.25;

/**
 * The columns of a net with some blocks opened: their stages one after the other, branches in lanes beside each other.
 * The last stage has the block's id, since it gives what the block gives.
 * @template {Part} P
 * @param {P[]} parts @param {Map<string, Stage[]>} open the stages of each block that is open, by its id
 * @returns {(P | Part)[]}
 */
export function opened(parts, open) {
  /** @type {(P | Part)[]} */ const out = [];
  let slot = 0;
  parts.forEach((part, i) => {
    const stages = open.get(part.id);
    const before = parts[i - 1]?.id;
    if (!stages) {
      out.push({ ...part, slot: slot++, ...(before && { sources: [before] }) });
      return;
    }
    const inside = insideOf(part, stages, before, slot);
    out.push(...inside);
    slot = Math.max(...inside.map((p) => p.slot ?? 0)) + 1;
  });
  return out;
}

/** @param {Part} block @param {Stage[]} stages @param {string} before @param {number} slot @returns {Part[]} */
function insideOf(block, stages, before, slot) {
  const last = stages[stages.length - 1].id;
  const byId = new Map(stages.map((s) => [s.id, s]));
  /** @type {Map<string, number>} */ const depth = new Map([[INPUT, slot - 1]]);
  for (const { id, inputs } of stages) depth.set(id, Math.max(...inputs.map((s) => depth.get(s) ?? 0)) + 1);
  const { lanes, bare } = lanesOf(stages, byId);
  const named = (/** @type {string} */ id) => (id === INPUT ? before : id === last ? block.id : id);
  return stages.map((stage) => {
    const image = stage.shape.length === 3;
    return {
      ...(stage.id === last ? block : {}),
      id: named(stage.id),
      type: stage.id === last ? block.type : stage.type,
      units: image ? stage.shape[2] : stage.shape.reduce((a, b) => a * b, 1),
      maps: image,
      slot: depth.get(stage.id),
      sources: stage.inputs.map(named),
      lane: lanes.get(stage.id),
      bare: bare.get(stage.id),
    };
  });
}

/**
 * Which share of the height each stage has: all of it, or a part where branches run beside each other.
 * @param {Stage[]} stages @param {Map<string, Stage>} byId
 */
function lanesOf(stages, byId) {
  /** @type {Map<string, [number, number]>} */ const lanes = new Map();
  /** @type {Map<string, ([number, number] | null)[]>} */ const bare = new Map();
  /**
   * Backwards from a stage as far as another.
   * @param {string} id @param {string} stop @param {[number, number]} lane
   */
  const walk = (id, stop, lane) => {
    for (let at = id; at !== stop && at !== INPUT;) {
      const { inputs } = /** @type {Stage} */ (byId.get(at));
      lanes.set(at, lane);
      if (inputs.length < 2) [at] = inputs;
      else at = split(at, inputs, lane);
    }
  };
  /**
   * The branches of a joint, each in its lane; answers with where they part.
   * @param {string} joint @param {string[]} inputs @param {[number, number]} lane
   */
  const split = (joint, inputs, lane) => {
    const fork = forkOf(inputs, byId);
    const shares = inputs.map((input) => (input === fork ? BARE : 1));
    const whole = shares.reduce((a, b) => a + b, 0);
    let top = lane[0];
    const places = shares.map((share) => {
      const from = top;
      top += (share / whole) * (lane[1] - lane[0]);
      return /** @type {[number, number]} */ ([from, top]);
    });
    bare.set(
      joint,
      inputs.map((input, k) => (input === fork ? places[k] : null)),
    );
    inputs.forEach((input, k) => walk(input, fork, places[k]));
    return fork;
  };
  walk(stages[stages.length - 1].id, INPUT, [0, 1]);
  return { lanes, bare };
}

/**
 * The stage from which branches part: the first that all of them come by.
 * @param {string[]} ends @param {Map<string, Stage>} byId
 */
function forkOf(ends, byId) {
  const way = (/** @type {string} */ from) => {
    const out = [from];
    for (let at = from; at !== INPUT;) {
      const { inputs } = /** @type {Stage} */ (byId.get(at));
      at = inputs.length < 2 ? inputs[0] : forkOf(inputs, byId);
      out.push(at);
    }
    return out;
  };
  const [first, ...others] = ends.map(way);
  return first.find((id) => others.every((other) => other.includes(id))) ?? INPUT;
}
