/** The visitor's own table: pasted or chosen, looked at, columns picked. */

import { html, nothing } from "lit";
import { Dialog } from "../core/panel.js";
import { request } from "../core/api.js";
import { short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { closeButton } from "../controls/controls.js";

/** @import {UploadedTable} from "../types/page.d.ts" */

class CsvDialog extends Dialog {
  constructor() {
    super();
    /** @type {UploadedTable | null} */ this.table = null;
    this.error = "";
    /** @type {Set<string>} */ this.inputs = new Set();
    this.target = "";
  }

  /** @param {Blob | string} body */
  async send(body) {
    this.error = "";
    this.table = null;
    try {
      const response = await request("/datasets", { method: "POST", body, headers: { "Content-Type": "text/csv" } });
      /** @type {UploadedTable} */ const table = await response.json();
      this.table = table;
      const { columns } = table;
      this.target = columns[columns.length - 1].name;
      this.inputs = new Set(columns.filter((c) => c.kind === "number" && c.name !== this.target).map((c) => c.name));
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    }
    this.requestUpdate();
  }

  async use() {
    const { session, table } = this;
    const goal = table?.columns.find((c) => c.name === this.target);
    if (!table || !goal) return;
    const inputs = [...this.inputs].filter((name) => name !== this.target);
    const done = await session.set("data", {
      ...session.spec.data,
      name: "csv",
      upload: table.id,
      inputs,
      target: this.target,
      features: null,
      degree: 1,
      points: null,
      scaling: "zscore",
      target_scaling: goal.kind === "number" && goal.distinct > 10 ? "zscore" : "none",
    });
    if (done) this.close();
    else this.error = session.notice?.text ?? "";
    this.requestUpdate();
  }

  render() {
    const ready = this.table && [...this.inputs].some((name) => name !== this.target);
    return html`<dialog aria-labelledby="csv-title" @close=${() => this.requestUpdate()}>
      <header>
        <h2 id="csv-title">${t("own_csv")}</h2>
        ${closeButton(() => this.close())}
      </header>
      <p>${t("csv_help")}</p>
      <label class="wide file"
        ><span>${t("csv_file")}</span>
        <input
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          @change=${(/** @type {OnFiles} */ e) => e.target.files[0] && this.send(e.target.files[0])}
      /></label>
      <label class="paste"
        ><span>${t("csv_paste")}</span>
        <textarea
          rows="4"
          dir="ltr"
          spellcheck="false"
          placeholder="height,width,label"
          @change=${(/** @type {On<HTMLTextAreaElement>} */ e) => e.target.value.trim() && this.send(e.target.value)}
        ></textarea>
      </label>
      ${this.error ? html`<p class="notice error" role="alert" dir="auto">${this.error}</p>` : nothing}
      ${this.table ? this.columns(this.table) : nothing}
      <footer>
        <button type="button" class="primary" ?disabled=${!ready} data-control="csv_use" @click=${this.use}>
          ${t("csv_use")}
        </button>
      </footer>
    </dialog>`;
  }

  /** @param {UploadedTable} table */
  columns(table) {
    return html`<p><bdi>${table.rows}</bdi> ${t("csv_rows")}</p>
      <div class="scroll" tabindex="0" role="region" aria-label=${t("csv_columns")}>
        <table class="plain" dir="ltr">
          <thead>
            <tr>
              <th scope="col">${t("csv_column")}</th>
              <th scope="col">${t("csv_type")}</th>
              <th scope="col">${t("csv_missing")}</th>
              <th scope="col">${t("csv_input")}</th>
              <th scope="col">${t("csv_target")}</th>
            </tr>
          </thead>
          <tbody>
            ${table.columns.map(
              (c) =>
                html`<tr>
                  <th scope="row">${c.name}</th>
                  <td>
                    ${
                      c.kind === "number"
                        ? `${short(c.low)} … ${short(c.high)}`
                        : c.classes.slice(0, 4).join(", ") + (c.distinct > 4 ? ", …" : "")
                    }
                  </td>
                  <td>
                    ${c.missing ? html`${c.missing} (${t("csv_first_row", { n: c.first_missing_row ?? "" })})` : "0"}
                  </td>
                  <td>
                    <input
                      type="checkbox"
                      aria-label="${t("csv_input")}: ${c.name}"
                      .checked=${this.inputs.has(c.name)}
                      ?disabled=${c.kind !== "number" || c.name === this.target}
                      @change=${(/** @type {On} */ e) => {
                        if (e.target.checked) this.inputs.add(c.name);
                        else this.inputs.delete(c.name);
                        this.requestUpdate();
                      }}
                    />
                  </td>
                  <td>
                    <input
                      type="radio"
                      name="csv-target"
                      aria-label="${t("csv_target")}: ${c.name}"
                      .checked=${this.target === c.name}
                      @change=${() => {
                        this.target = c.name;
                        this.requestUpdate();
                      }}
                    />
                  </td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`;
  }
}

customElements.define("d-csv", CsvDialog);
