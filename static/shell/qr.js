/// <reference path="../types/lean-qr.d.ts" />
/** A link as a QR code, for another device's camera: dark on white in every theme, with the quiet zone around it. */

import { html } from "lit";
import { generate } from "lean-qr/index.mjs";
import { Element } from "../core/element.js";
import { t } from "../core/i18n.js";

/** Pixels on a side of a module on the page. */
const MODULE = 5;
/** Modules that stay white on each side (ISO/IEC 18004). */
const QUIET = 4;
/** @type {[number, number, number]} */ const BLACK = [0, 0, 0];
/** @type {[number, number, number]} */ const WHITE = [255, 255, 255];

class QrCode extends Element {
  static properties = { text: { type: String } };

  constructor() {
    super();
    this.text = "";
  }

  updated() {
    const canvas = /** @type {HTMLCanvasElement} */ (this.find("canvas"));
    const code = generate(this.text);
    code.toCanvas(canvas, { on: BLACK, off: WHITE, pad: QUIET });
    canvas.style.width = `${MODULE * (code.size + 2 * QUIET)}px`;
  }

  render() {
    return html`<canvas class="qr" role="img" aria-label=${t("qr_code")}></canvas>
      <p class="hint">${t("qr_scan")}</p>`;
  }
}

customElements.define("d-qr", QrCode);
