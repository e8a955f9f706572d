/** How a weight looks as an edge, on the page and in files. */

/** @import {Abouts} from "../types/page.d.ts" */

/** The weight that is drawn widest: the largest of the net, yet no speck. @param {Abouts} about */
export const edgeReach = (about) => Math.max(0.5, ...Object.values(about.weights?.scale ?? { x: 1 }).map(Number));

/** Width and opacity by size. @param {number} strength 0 to 1: the weight's size by `edgeReach` */
export const edgeLook = (strength) => ({ width: 0.5 + 5 * strength ** 0.8, opacity: 0.22 + 0.7 * strength ** 0.6 });

/**
 * Dashes for what is below zero: in grey, on paper and to some eyes both colours are one.
 * @param {number} w
 */
export const edgeDash = (w) => (w < 0 ? [7, 3] : []);
