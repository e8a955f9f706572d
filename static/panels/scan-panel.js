/** How one number of a map comes about, at the size of the stage: the window on the picture. */

import { html, nothing } from "lit";
import { Panel } from "../core/panel.js";
import { t } from "../core/i18n.js";
import { watchSize } from "../core/powers.js";
import { closeButton } from "../controls/controls.js";
import "../network/window-panel.js";

/** @import {Unit} from "../types/page.d.ts" */

/** From so much width on, both maps stand beside each other and grow with it. */
const WIDE = 340;

class ScanPanel extends Panel {
  constructor() {
    super();
    /** The map that was looked at last. @type {Unit | null} */ this.looked = null;
    /** Of a map; 0: as small as it usually is. */ this.side = 0;
    this.repick = () => this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    this.session.addEventListener("picked", this.repick);
  }

  firstUpdated() {
    watchSize(this, (width, height) => {
      const side = width < WIDE ? 0 : Math.floor(Math.min((width - 30) / 2, Math.max(160, 0.55 * height)));
      if (side === this.side) return;
      this.side = side;
      this.requestUpdate();
    });
  }

  disconnectedCallback() {
    this.session.removeEventListener("picked", this.repick);
    super.disconnectedCallback();
  }

  /** Whether a layer answers with maps. @param {string} id */
  maps(id) {
    return this.session.report?.layers.find((row) => row.id === id)?.output_shape.length === 3;
  }

  willUpdate() {
    const { picked, report } = this.session;
    if (picked && this.maps(picked.layer)) this.looked = { layer: picked.layer, unit: picked.unit };
    if (this.looked && this.maps(this.looked.layer)) return;
    const first = report?.layers.find((row) => this.maps(row.id));
    this.looked = first ? { layer: first.id, unit: 0 } : null;
  }

  render() {
    if (!this.opened) return nothing;
    const { looked } = this;
    return html`<div class="card scan">
      <header class="row">
        <h2>${t("scan")}</h2>
        ${closeButton(() => this.close(), "scan_close")}
      </header>
      ${looked ? html`<d-window .layer=${looked.layer} .unit=${looked.unit} .room=${this.side}></d-window>` : nothing}
    </div>`;
  }
}

customElements.define("d-scan", ScanPanel);
