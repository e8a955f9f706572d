/**
 * A dialog of pictures to choose from, with a search. What there is to choose is what a select of the page holds (see
 * `pictured` in controls.js), and the choice is made in it; the pictures are drawn from examples that the server sends.
 */

import { html, nothing, svg } from "lit";
import { request } from "../core/api.js";
import { wholeCatalog } from "../core/catalog.js";
import { currentLanguage, t } from "../core/i18n.js";
import "../core/more-texts.js";
import { Dialog } from "../core/panel.js";
import { decode } from "../core/safetensors.js";
import { paintData } from "../draw/data-picture.js";
import { closeButton } from "./controls.js";

/** @import {FullCatalog, Layer} from "../types/page.d.ts" */
/** @typedef {import("../draw/data-picture.js").Sample} Sample */
/** @typedef {{key: string, text: string, found: string, data: string, layers: Layer[]}} Tile */
/** @typedef {{tensors: import("../core/safetensors.js").Decoded["tensors"], about: Record<string, Sample>}} Samples */

/** Of a picture alone, and beside a drawing of the network. */
const [WIDTH, BESIDE, HEIGHT] = [112, 72, 72];
const NIQQUD = /[\u0591-\u05c7]/g;
/** Nodes of a layer in a drawing of a network. */
const MOST_NODES = 5;

/** Letters as they are looked for. @param {string} text */
const plain = (text) => text.normalize("NFD").replace(NIQQUD, "").toLowerCase();

/** @type {Promise<Samples> | undefined} */
let asked;

/** @returns {Promise<Samples>} */
function samples() {
  asked ??= (async () => {
    const decoded = decode(await (await request("/catalog/samples")).arrayBuffer());
    return { tensors: decoded.tensors, about: JSON.parse(decoded.meta.about) };
  })();
  asked.catch(() => (asked = undefined)); // the server is busy: the next time
  return asked;
}

/** The layers of a network, as dots in columns; those of pictures are squares. @param {Layer[]} layers */
function netOf(layers) {
  const columns = layers.slice(0, 7).map((layer, i) => {
    const units = Number(layer.units ?? layer.filters) || (i === layers.length - 1 ? 1 : 2);
    return { many: Math.min(MOST_NODES, units), square: layer.type?.includes("2D") || layer.type?.includes("Block") };
  });
  return html`<svg class="net" width=${8 * columns.length + 2} height="42" aria-hidden="true">
    ${columns.map(({ many, square }, i) =>
      Array.from({ length: many }, (_, k) => {
        const [x, y] = [5 + 8 * i, 21 + 8 * (k - (many - 1) / 2)];
        return square
          ? svg`<rect x=${x - 2.5} y=${y - 3} width="5" height="6"></rect>`
          : svg`<circle cx=${x} cy=${y} r="2.5"></circle>`;
      }),
    )}
  </svg>`;
}

class Picker extends Dialog {
  constructor() {
    super();
    this.control = "";
    this.wanted = "";
    /** @type {FullCatalog | null} */ this.catalog = null;
    /** @type {Samples | null} */ this.samples = null;
  }

  /** The select that holds what there is. @returns {HTMLSelectElement | null} */
  get select() {
    return this.control ? document.querySelector(`select[data-control="${this.control}"]`) : null;
  }

  /** @param {string} [control] */
  async open(control = "") {
    this.control = control;
    this.wanted = "";
    this.requestUpdate();
    await this.updateComplete;
    super.open();
    this.find("dialog").scrollTop = 0;
    this.find("input").focus();
    await this.fetch();
  }

  async fetch() {
    try {
      [this.catalog, this.samples] = await Promise.all([wholeCatalog(), samples()]);
    } catch (error) {
      this.session.fail(error); // it can be chosen by name all the same
    }
    this.requestUpdate();
  }

  /** What there is, by groups, as far as it is looked for. @returns {[string, Tile[]][]} */
  get groups() {
    const words = plain(this.wanted).split(/\s+/).filter(Boolean);
    const groups = [...(this.select?.querySelectorAll("optgroup") ?? [])].map((group) => {
      const tiles = [...group.querySelectorAll("option")].map((option) => this.tile(option, group.label));
      /** @type {[string, Tile[]]} */ const kept = [
        group.label,
        tiles.filter(({ found }) => words.every((word) => found.includes(word))),
      ];
      return kept;
    });
    return groups.filter(([, tiles]) => tiles.length);
  }

  /** @param {HTMLOptionElement} option @param {string} group @returns {Tile} */
  tile({ value: key, text }, group) {
    const lab = this.catalog?.labs.find(({ id }) => id === key.replace(/^lab:/, ""));
    const data = lab && this.control !== "dataset" ? lab.spec.data.name : key;
    const question = lab?.question?.[currentLanguage()] ?? "";
    const layers = /** @type {Layer[]} */ (lab && this.control !== "dataset" ? lab.spec.layers : []);
    return { key, text, data, layers, found: plain([text, group, key, question, t(`data_${data}`)].join(" ")) };
  }

  /** @param {string} key */
  choose(key) {
    const { select } = this;
    this.close();
    if (!select || select.disabled) return;
    select.value = key;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const tiles = /** @type {HTMLElement[]} */ ([...this.querySelectorAll(".tile")]);
    const at = tiles.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const next = at < 0 ? fromField(event.key, tiles) : neighbour(event.key, tiles, at);
    if (next === undefined) return;
    event.preventDefault();
    (next ?? this.find("input")).focus();
  }

  updated() {
    if (!this.samples) return;
    for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (this.querySelectorAll("canvas"))) {
      const name = canvas.dataset.picture ?? "";
      const about = this.samples.about[name];
      const { [`${name}/x`]: x, [`${name}/y`]: y } = this.samples.tensors;
      if (about) paintData(canvas, canvas.clientWidth || WIDTH, HEIGHT, about, x, y);
      else canvas.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height);
    }
  }

  render() {
    const { select } = this;
    const { groups } = this;
    const typed = (/** @type {On} */ event) => {
      this.wanted = event.target.value;
      this.requestUpdate();
    };
    const first = (/** @type {KeyboardEvent} */ event) => {
      const best = groups[0]?.[1][0];
      if (event.key === "Enter" && best && this.wanted) this.choose(best.key);
    };
    return html`<dialog class="picker" aria-labelledby="picker-title" data-dialog="picker" @keydown=${this.pressed}>
      <header>
        <h2 id="picker-title">${select?.dataset.label}</h2>
        ${closeButton(() => this.close(), "picker_close")}
        <label class="search"
          ><span class="visually-hidden">${t("search")}</span
          ><input
            type="search"
            autocomplete="off"
            placeholder=${t("search")}
            data-control="picker_search"
            .value=${this.wanted}
            @input=${typed}
            @keydown=${first}
        /></label>
      </header>
      <p class="hint" role="status">${groups.length ? nothing : t("found_nothing")}</p>
      ${groups.map(
        ([name, tiles]) =>
          html`<section aria-label=${name}>
            <h3>${name}</h3>
            <ul class="tiles">
              ${tiles.map((tile) => this.choice(tile, tile.key === select?.value))}
            </ul>
          </section>`,
      )}
    </dialog>`;
  }

  /** @param {Tile} tile @param {boolean} chosen */
  choice({ key, text, data, layers }, chosen) {
    return html`<li>
      <button
        type="button"
        class="tile"
        data-value=${key}
        aria-pressed=${chosen}
        ?disabled=${this.select?.disabled}
        @click=${() => this.choose(key)}
      >
        <span class="frame"
          ><canvas
            data-picture=${data}
            width=${layers.length ? BESIDE : WIDTH}
            height=${HEIGHT}
            aria-hidden="true"
          ></canvas
          >${layers.length ? netOf(layers) : nothing}</span
        >
        <span class="name">${text}</span>
      </button>
    </li>`;
  }
}

/** Where a key leads from the field of the search. @param {string} key @param {HTMLElement[]} tiles */
const fromField = (key, tiles) => (key === "ArrowDown" ? tiles[0] : undefined);

/**
 * Where a key leads from a tile: null is back to the search, undefined nowhere.
 * @param {string} key @param {HTMLElement[]} tiles @param {number} at
 */
function neighbour(key, tiles, at) {
  const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  if (key === "Home") return tiles[0];
  if (key === "End") return tiles.at(-1);
  if (key === "ArrowLeft" || key === "ArrowRight") return tiles[at + (key === forward ? 1 : -1)];
  if (key === "ArrowUp" || key === "ArrowDown") return inTheNextRow(tiles, at, key === "ArrowDown" ? 1 : -1);
  return undefined;
}

/**
 * The nearest tile of the row above (−1) or below.
 * @param {HTMLElement[]} tiles @param {number} at @param {1 | -1} to
 */
function inTheNextRow(tiles, at, to) {
  const boxes = tiles.map((tile) => tile.getBoundingClientRect());
  const here = boxes[at];
  const rows = boxes
    .map(({ top, left }, i) => ({ i, dy: to * (top - here.top), dx: Math.abs(left - here.left) }))
    .filter(({ dy }) => dy > 4);
  if (!rows.length) return to < 0 ? null : undefined;
  const near = Math.min(...rows.map(({ dy }) => dy));
  return tiles[rows.filter(({ dy }) => dy < near + 4).sort((a, b) => a.dx - b.dx)[0].i];
}

customElements.define("d-picker", Picker);
