/** Error analysis: the mistakes of a part as a gallery, tagged by the visitor, counted by tag. */

import { html, nothing } from "lit";
import { Panel } from "../core/panel.js";
import { putPixels } from "../draw/pixels.js";
import { percent, short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { keep, recallJson } from "../core/powers.js";
import { segments, closeButton } from "../controls/controls.js";
import * as icons from "../controls/icons.js";

const MOST = 24;
const STORE = "descent-tags";
/** Row → tags, by data set. @type {Record<string, Record<string, string[]>>} */
const NO_TAGS = {};

class ErrorsPanel extends Panel {
  constructor() {
    super();
    this.which = "cv";
    this.first = 0;
    this.tag = "";
    /** @type {string[]} tags nobody has used yet */ this.added = [];
    this.shown = "";
  }

  /** @param {boolean} [jump] */
  open(jump = true) {
    this.first = 0;
    super.open(jump);
  }

  willUpdate() {
    const { threshold } = this.session;
    const mistakes = { part: this.which, first: this.first, most: MOST, threshold };
    this.session.want(this, this.opened ? { mistakes } : null);
  }

  onFrame() {
    const about = this.session.about.mistakes;
    const key = JSON.stringify([about?.rows, about?.answers, about?.found]);
    if (!this.opened || key === this.shown) return;
    this.shown = key;
    this.requestUpdate();
  }

  // -- tags, kept in the browser by data set and row --------------------------------------------------------------
  /** @returns {Record<string, string[]>} row → tags */
  get tags() {
    return recallJson(STORE, NO_TAGS)[this.session.spec?.data.name ?? ""] ?? {};
  }

  /** @param {Record<string, string[]>} tags */
  keep(tags) {
    keep(STORE, JSON.stringify({ ...recallJson(STORE, NO_TAGS), [this.session.spec.data.name]: tags }));
    this.requestUpdate();
  }

  get names() {
    return [...new Set([...Object.values(this.tags).flat(), ...this.added])];
  }

  /** @param {Event} event */
  add(event) {
    event.preventDefault();
    const name = this.tag.trim().slice(0, 24);
    if (!name) return;
    this.added = [...new Set([...this.added, name])];
    this.tag = "";
    this.requestUpdate();
  }

  /** @param {number} row @param {string} name */
  toggle(row, name) {
    const { tags } = this;
    const mine = new Set(tags[row] ?? []);
    if (!mine.delete(name)) {
      mine.add(name);
      this.session.did("tagged");
    }
    this.keep({ ...tags, [row]: [...mine] });
  }

  /** The example through the net: a picture as the probe, numbers as the example of its part. @param {number} i */
  async look(i) {
    const { session } = this;
    const pictures = session.tensor("mistakes/pictures");
    if (pictures) {
      const size = pictures.data.length / pictures.shape[0];
      await session.probe(Uint8Array.from(pictures.data.slice(i * size, (i + 1) * size)));
    } else session.look(session.about.mistakes?.places[i] ?? 0, this.which);
    session.did("looked");
  }

  updated() {
    const pictures = this.session.tensor("mistakes/pictures");
    if (!this.opened || !pictures) return;
    for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (this.querySelectorAll("canvas[data-picture]")))
      putPixels(
        canvas,
        pictures.data,
        pictures.shape.slice(1),
        Number(canvas.dataset.picture) * (pictures.data.length / pictures.shape[0]),
      );
  }

  render() {
    if (!this.opened) return nothing;
    const { session, tags, names } = this;
    const about = session.about.mistakes;
    const inputs = session.tensor("mistakes/inputs");
    const pictures = session.tensor("mistakes/pictures");
    const classes = session.data?.classes ?? [];
    const { rows: here, truths, answers, shares } = about ?? { rows: [], truths: [], answers: [], shares: [] };
    const tagged = Object.entries(tags).filter(([, list]) => list.length).length;
    return html`<div class="card errors">
      <header class="row">
        <h2>${t("errors")}</h2>
        ${segments(
          "errors_part",
          t("errors_part"),
          ["train", "cv"].map((p) => [p, t(p)]),
          this.which,
          (p) => {
            this.which = p;
            this.first = 0;
            this.requestUpdate();
          },
        )}
        ${closeButton(() => this.close(), "errors_close")}
      </header>
      <p class="hint">${t("errors_help")}</p>
      ${
        about
          ? html`<p data-mistakes=${about.found}>
              ${t("errors_found", {
                n: about.found,
                of: about.examples,
                share: percent(about.found / Math.max(1, about.examples)),
              })}
            </p>`
          : nothing
      }
      <form class="row" @submit=${this.add}>
        <input
          type="text"
          maxlength="24"
          data-control="tag_name"
          aria-label=${t("tag_name")}
          placeholder=${t("tag_name")}
          .value=${this.tag}
          @input=${(/** @type {On} */ e) => {
            this.tag = e.target.value;
          }}
        />
        <button type="submit" data-control="tag_add">${icons.plus}<span>${t("tag_add")}</span></button>
      </form>
      ${
        names.length
          ? html`<table class="plain tag-counts">
                <thead>
                  <tr>
                    <th scope="col">${t("tag")}</th>
                    <th scope="col">${t("tag_count")}</th>
                    <th scope="col">${t("tag_ceiling")}</th>
                  </tr>
                </thead>
                <tbody>
                  ${names.map((name) => {
                    const count = Object.values(tags).filter((list) => list.includes(name)).length;
                    const share = about ? Math.max(0, about.found - count) / Math.max(1, about.examples) : NaN;
                    return html`<tr data-tag=${name}>
                      <th scope="row"><bdi>${name}</bdi></th>
                      <td><bdi dir="ltr">${count} (${percent(count / Math.max(1, tagged))})</bdi></td>
                      <td>
                        <bdi dir="ltr"
                          >${percent(about ? about.found / Math.max(1, about.examples) : NaN)} → ${percent(share)}</bdi
                        >
                      </td>
                    </tr>`;
                  })}
                </tbody>
              </table>
              <p class="hint">${t("tag_ceiling_help")}</p>`
          : nothing
      }
      <ul class="mistakes">
        ${here.map(
          (/** @type {number} */ row, /** @type {number} */ i) =>
            html`<li>
              <button
                type="button"
                class="mistake"
                data-control="look"
                title=${t("gallery_item", { truth: classes[truths[i]] ?? "", answer: classes[answers[i]] ?? "" })}
                @click=${() => this.look(i)}
              >
                ${
                  pictures
                    ? html`<canvas data-picture=${i} aria-hidden="true"></canvas>`
                    : html`<span class="values" dir="ltr"
                        >${
                          inputs
                            ? Array.from(inputs.data.slice(i * inputs.shape[1], i * inputs.shape[1] + 4))
                                .map((v) => short(v))
                                .join(", ")
                            : ""
                        }</span
                      >`
                }
                <span dir="ltr"
                  ><bdi>${classes[truths[i]]}</bdi> → <b><bdi>${classes[answers[i]]}</bdi></b>
                  <span>${percent(shares[i])}</span></span
                >
              </button>
              <span class="row"
                >${names.map(
                  (name) =>
                    html`<button
                      type="button"
                      class="tag"
                      data-control="tag"
                      aria-pressed=${(tags[row] ?? []).includes(name)}
                      @click=${() => this.toggle(row, name)}
                    >
                      ${name}
                    </button>`,
                )}</span
              >
            </li>`,
        )}
      </ul>
      ${
        about && about.found > MOST
          ? html`<div class="row">
              <button
                type="button"
                data-control="errors_more"
                @click=${() => {
                  this.first = (this.first + MOST) % about.found;
                  this.requestUpdate();
                }}
              >
                ${t("other_examples")}
              </button>
            </div>`
          : nothing
      }
    </div>`;
  }
}

customElements.define("d-errors", ErrorsPanel);
