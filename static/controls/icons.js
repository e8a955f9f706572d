/** Signs for buttons, drawn with one pen. */

import { svg } from "lit";

const icon = (/** @type {unknown} */ body) =>
  svg`<svg viewBox="0 0 20 20" width="18" height="18" fill="none" stroke="currentColor" stroke-width="1.8"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${body}</svg>`;

export const play = icon(svg`<path d="M6 4.2v11.6L15.5 10z" fill="currentColor"/>`);
export const pause = icon(svg`<path d="M7 4.5v11M13 4.5v11" stroke-width="3"/>`);
export const step = icon(svg`<path d="M5 4.5v11l7-5.500z" fill="currentColor"/><path d="M15 4.500v11"/>`);
export const slower = icon(svg`<path d="M15.500 4.500v11L10 10zM9.500 4.500v11L4 10z" fill="currentColor"/>`);
export const faster = icon(svg`<path d="M4.500 4.500v11L10 10zM10.500 4.500v11L16 10z" fill="currentColor"/>`);
export const fullSpeed = icon(
  svg`<path d="M2.500 5v10l5-5zM8 5v10l5-5z" fill="currentColor"/><path d="M16 4.500v11" stroke-width="2.400"/>`,
);
export const clock = icon(svg`<circle cx="10" cy="10" r="6.500"/><path d="M10 6v4l2.800 2"/>`);
export const reset = icon(svg`<path d="M4.500 9.500a5.700 5.700 0 1 1 1.500 4.300"/><path d="M4 5v4.600h4.600"/>`);
export const dice = icon(
  svg`<rect x="3.500" y="3.500" width="13" height="13" rx="3"/>
    <path d="M7.200 7.200h.01M12.800 12.800h.01M12.800 7.200h.01M7.200 12.800h.01" stroke-width="2.400"/>`,
);
export const undo = icon(
  svg`<path d="M7.500 4.500 3.800 8.200l3.700 3.700"/><path d="M4 8.200h7.300a4.200 4.200 0 0 1 0 8.400H8.500"/>`,
);
export const redo = icon(
  svg`<path d="m12.500 4.500 3.700 3.700-3.700 3.700"/><path d="M16 8.200H8.700a4.200 4.200 0 0 0 0 8.400h2.800"/>`,
);
export const share = icon(
  svg`<circle cx="5.500" cy="10" r="2"/><circle cx="14.500" cy="5" r="2"/><circle cx="14.500" cy="15" r="2"/>
    <path d="m7.300 9 5.400-3M7.300 11l5.400 3"/>`,
);
export const save = icon(svg`<path d="M10 3.500v9M6.300 9l3.700 3.700L13.700 9M4 16.500h12"/>`);
export const sun = icon(
  svg`<circle cx="10" cy="10" r="3.300"/>
    <path d="M10 2.500v1.800M10 15.700v1.800M2.500 10h1.800M15.700 10h1.800"/>
    <path d="M4.700 4.700 6 6M14 14l1.300 1.300M4.700 15.300 6 14M14 6l1.300-1.300"/>`,
);
export const moon = icon(svg`<path d="M16 11.700A6.500 6.500 0 0 1 8.300 4a6.500 6.500 0 1 0 7.700 7.700z"/>`);
export const plus = icon(svg`<path d="M10 4.500v11M4.500 10h11"/>`);
export const locked = icon(svg`<path d="M5 9.500h10v7H5z M7 9.500V6.500a3 3 0 0 1 6 0v3"/>`);
export const unlocked = icon(svg`<path d="M5 9.500h10v7H5z M7 9.500V6.500a3 3 0 0 1 5.800-1"/>`);
export const minus = icon(svg`<path d="M4.500 10h11"/>`);
export const more = icon(svg`<path d="M5 10h.01M10 10h.01M15 10h.01" stroke-width="2.800"/>`);
export const branch = icon(
  svg`<circle cx="6" cy="4.500" r="1.800"/><circle cx="6" cy="15.500" r="1.800"/><circle cx="14" cy="7" r="1.800"/>
    <path d="M6 6.300v7.400M14 8.800c0 3.200-8 1.700-8 4.900"/>`,
);
export const help = icon(svg`<path d="M7 7.500a3 3 0 1 1 4.200 2.700c-.8.4-1.200 1-1.200 2.100M10 15.500h.01"/>`);
export const unfold = icon(svg`<path d="m6 8 4 4 4-4"/>`);
export const close = icon(svg`<path d="m5.500 5.500 9 9M14.500 5.500l-9 9"/>`);
export const globe = icon(
  svg`<circle cx="10" cy="10" r="6.500"/>
    <path d="M3.500 10h13M10 3.500c2.500 2 2.500 11 0 13M10 3.500c-2.500 2-2.500 11 0 13"/>`,
);
export const compare = icon(
  svg`<path d="M3.500 16.500h13M3.500 16.500v-13"/><path d="M6 13c2-6 4-7 10-7.500M6 13.500c3-1 4-2.500 10-3"/>`,
);
export const zoomIn = icon(
  svg`<circle cx="9" cy="9" r="5.200"/><path d="m13 13 3.500 3.500M9 6.800v4.400M6.800 9h4.400"/>`,
);
export const zoomOut = icon(svg`<circle cx="9" cy="9" r="5.200"/><path d="m13 13 3.500 3.500M6.800 9h4.400"/>`);
export const fit = icon(svg`<path d="M4 7.500V4h3.500M12.500 4H16v3.500M16 12.500V16h-3.500M7.500 16H4v-3.500"/>`);
export const enlarge = icon(svg`<path d="M11.500 4H16v4.500M16 4l-5 5M8.500 16H4v-4.500M4 16l5-5"/>`);
export const menu = icon(svg`<path d="M3.500 6h13M3.500 10h13M3.500 14h13"/>`);
export const dots = icon(svg`<path d="M5 10h.010M10 10h.010M15 10h.010" stroke-width="2.600" stroke-linecap="round"/>`);
