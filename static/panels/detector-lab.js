/* eslint max-lines: ["error", 650] -- five tabs of one element, which share its picture and its chart */
/** A detector taken apart: one cell's numbers, suppression round by round, anchors by k-means, loss terms, scores. */

import { html, nothing } from "lit";
import { DetectionElement, detection, drawChosen } from "../results/detection.js";
import { sharp } from "../draw/canvas.js";
import { chartOptions, uPlot } from "../draw/chart.js";
import { boxColor, drawBox } from "../draw/boxes.js";
import { putPixels } from "../draw/pixels.js";
import { CLASS_COLORS, HIGHLIGHT, INK, ON_PICTURE, theme } from "../core/colors.js";
import { percent, short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { request } from "../core/api.js";
import { figure } from "../lesson/figures.js";
import { decode } from "../core/safetensors.js";
import { followView } from "../core/room.js";
import { segments, select, slider } from "../controls/controls.js";

/** @import {Views} from "../types/page.d.ts" */

const TABS = ["cell", "nms", "anchors", "terms", "scores"];
const SIDE = 236;
const STEP_MS = 700;

class DetectorLab extends DetectionElement {
  constructor() {
    super();
    this.tab = "cell";
    /** The lesson that said which. @type {string | null} */ this.lesson = null;
    this.round = 0;
    /** Of its pictures. */ this.side = SIDE;
    this.k = 3;
    this.seed = 0;
    this.step = 0;
    this.label = 0;
    this.playing = 0;
    this.text = "";
    /** @type {[number, number][]} epoch and mAP@0.5 in cross-validation */ this.maps = [];
    /** @type {string | null} */ this.mapsOf = null;
    /** @type {uPlot | null} */ this.plot = null;
    this.plotKey = "";
    this.tile = document.createElement("canvas");
    /** @type {Map<number, {shape: number[], data: ArrayLike<number>}>} pictures of the mistakes */ this.known =
      new Map();
  }

  disconnectedCallback() {
    clearInterval(this.playing);
    super.disconnectedCallback();
  }

  onDetection() {
    if (detection.tab) this.tab = detection.tab;
    detection.tab = "";
    super.onDetection();
  }

  get detector() {
    return ["detection", "localisation"].includes(this.session.data?.task ?? "");
  }

  firstUpdated() {
    followView(this, SIDE, (side) => Object.assign(this, { side }).onFrame());
  }

  willUpdate() {
    const { lab, view } = this.session;
    if ((lab?.id ?? null) !== this.lesson) {
      this.lesson = lab?.id ?? null;
      this.tab = view.tab ?? "cell";
    }
    if (!this.detector) {
      this.session.want(this, null);
      return;
    }
    const one = { part: "cv", picture: detection.place };
    const { confidence, iou, by_class } = detection.shown;
    const views = /** @type {Record<string, Views>} */ ({
      cell: { cell: { ...one, row: Math.max(0, detection.row), column: Math.max(0, detection.column) } },
      nms: { suppression: { ...one, confidence, iou, by_class } },
      anchors: { anchors: { k: this.k, seed: this.seed } },
      terms: { loss_terms: {} },
      scores: { scoring: { part: "cv", label: this.label, iou: 0.5, confidence } },
    });
    this.session.want(this, views[this.tab]);
  }

  updated() {
    this.onFrame();
  }

  onFrame() {
    if (!this.detector) return;
    this.remember();
    const { cell, suppression, anchors, scoring } = this.session.about;
    const text = JSON.stringify([
      this.tab,
      cell?.grid,
      cell?.anchors,
      suppression?.rounds,
      anchors?.anchors,
      scoring?.map50,
      scoring?.label,
      scoring?.counts,
    ]);
    if (text !== this.text) {
      this.text = text; // what stands in the page has changed, not only what is painted
      this.requestUpdate();
      return;
    }
    if (this.tab === "cell") this.fillCell();
    if (this.tab === "nms") this.paintNms();
    if (this.tab === "anchors") this.paintAnchors();
    if (this.tab === "terms") this.paintTerms();
    if (this.tab === "scores") this.paintScores();
  }

  /** The chosen picture on a canvas, for things to be drawn over. @param {string} selector */
  ground(selector) {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector(selector));
    if (!canvas) return null;
    canvas.style.width = canvas.style.height = `${this.side}px`;
    const to = sharp(canvas, this.side, this.side);
    drawChosen(to, this.tile, this.side, this.session);
    return to;
  }

  // -- one cell ---------------------------------------------------------------------------------------------------
  fillCell() {
    const { session } = this;
    const about = session.about.cell;
    const [raw, read, box] = ["raw", "read", "box"].map((n) => session.tensor(`cell/${n}`));
    if (!about?.grid || !raw || !read || !box) return;
    const depth = raw.shape[1];
    for (const slot of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-raw]")))
      slot.textContent = short(raw.data[Number(slot.dataset.raw)]);
    for (const slot of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-read]")))
      slot.textContent = short(read.data[Number(slot.dataset.read)]);
    const place = this.querySelector("[data-slot=cell]");
    if (place) place.textContent = `[${about.row + 1}, ${about.column + 1}]`;
    const to = this.ground("canvas.cell");
    if (!to) return;
    const [rows, columns] = about.grid;
    to.strokeStyle = ON_PICTURE.chosen;
    to.lineWidth = 2;
    const [wide, tall] = [this.side / columns, this.side / rows];
    to.strokeRect(about.column * wide, about.row * tall, wide, tall);
    const [x, y] = [(about.column + 0.5) / columns, (about.row + 0.5) / rows];
    const target = session.tensor("cell/target");
    about.anchors.forEach((/** @type {number[]} */ [w, h], /** @type {number} */ a) => {
      drawBox(to, this.side, [x - w / 2, y - h / 2, x + w / 2, y + h / 2], CLASS_COLORS[a % CLASS_COLORS.length], {
        width: 1,
        dash: [3, 3],
      });
      this.querySelector(`[data-anchor="${a}"]`)?.classList.toggle("responsible", target?.data[a * depth] === 1);
      drawBox(to, this.side, box.data.subarray(4 * a, 4 * a + 4), CLASS_COLORS[a % CLASS_COLORS.length], {
        width: 1.5,
        label: `${a + 1}: ${Math.round(100 * read.data[a * depth])}`,
      });
    });
  }

  cell() {
    const about = this.session.about.cell;
    const depth = this.session.tensor("cell/raw")?.shape[1] ?? 0;
    if (!about?.grid) return html`<p class="hint">${t("cell_pick")}</p>`;
    const [rows, columns] = about.grid;
    return html`<div class="apart stacked">
      <canvas class="cell" role="img" aria-label=${t("cell")}></canvas>
      <div class="scroll" tabindex="0" role="region" aria-label=${t("cell")}>
        <h3>${t("cell")} <small dir="ltr" data-slot="cell"></small></h3>
        <p class="hint">${t("cell_help")}</p>
        <table class="plain cell-numbers" dir="ltr">
          <thead>
            <tr>
              <th scope="col">${t("anchor")}</th>
              <th scope="col">p<sub>c</sub> = σ(t)</th>
              <th scope="col">b<sub>x</sub> = σ(t)</th>
              <th scope="col">b<sub>y</sub> = σ(t)</th>
              <th scope="col">b<sub>h</sub> = a<sub>h</sub>·eᵗ</th>
              <th scope="col">b<sub>w</sub> = a<sub>w</sub>·eᵗ</th>
            </tr>
          </thead>
          <tbody>
            ${about.anchors.map(
              (/** @type {number[]} */ [w, h], /** @type {number} */ a) =>
                html`<tr data-anchor=${a}>
                    <th scope="row">${a + 1}: ${short(w * columns)}×${short(h * rows)}</th>
                    ${[0, 1, 2].map(
                      (i) =>
                        html`<td>σ(<span data-raw=${a * depth + i}></span>) = <b data-read=${a * depth + i}></b></td>`,
                    )}
                    ${[3, 4].map(
                      (i) =>
                        html`<td>
                          ${short(i === 3 ? h * rows : w * columns)}·e<sup><span data-raw=${a * depth + i}></span></sup>
                          = <b data-read=${a * depth + i}></b>
                        </td>`,
                    )}
                  </tr>
                  <tr class="classes">
                    <td></td>
                    <td colspan="5">
                      ${about.classes
                        .slice(0, depth - 5)
                        .map(
                          (/** @type {string} */ name, /** @type {number} */ c) =>
                            html`<span>${name} <b data-read=${a * depth + 5 + c}></b></span>`,
                        )}
                    </td>
                  </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </div>`;
  }

  // -- suppression ------------------------------------------------------------------------------------------------
  paintNms() {
    const { session } = this;
    const about = session.about.suppression;
    const candidates = session.tensor("suppression/candidates");
    const fate = session.tensor("suppression/fate");
    const to = this.ground("canvas.nms");
    if (!to || !about || !candidates || !fate) return;
    const round = Math.min(this.round, about.rounds);
    let left = 0;
    for (let i = candidates.shape[0] - 1; i >= 0; i--) {
      const line = candidates.data.subarray(6 * i, 6 * i + 6);
      const [when, by] = [fate.data[3 * i], fate.data[3 * i + 1]];
      const kept = by === i;
      const color = boxColor(line[4]);
      if (when >= round) {
        left++;
        drawBox(to, this.side, line, `${color}99`, { width: 1 });
      } else if (kept)
        drawBox(to, this.side, line, color, {
          width: when === round - 1 ? 3.5 : 2,
          label: `${about.classes[line[4]] ?? ""} ${Math.round(100 * line[5])}`,
        });
      else if (when === round - 1) drawBox(to, this.side, line, HIGHLIGHT, { dash: [3, 3], width: 1.5 });
    }
    const words = this.querySelector("[data-slot=nms]");
    if (!words) return;
    const struck = Array.from({ length: candidates.shape[0] }, (_, i) => i).filter(
      (i) => fate.data[3 * i] === round - 1 && fate.data[3 * i + 1] !== i,
    );
    const best = Array.from({ length: candidates.shape[0] }, (_, i) => i).find(
      (i) => fate.data[3 * i] === round - 1 && fate.data[3 * i + 1] === i,
    );
    words.textContent =
      round === 0 || best === undefined
        ? t("nms_start", { n: candidates.shape[0], all: about.places })
        : t("nms_round", {
            round,
            score: short(candidates.data[6 * best + 5]),
            struck: struck.length,
            overlaps: struck.map((i) => short(fate.data[3 * i + 2])).join(", ") || "–",
            left,
          });
  }

  rounds() {
    const rounds = this.session.about.suppression?.rounds ?? 0;
    return html`<div class="apart">
      <canvas class="nms" role="img" aria-label=${t("nms")}></canvas>
      <div>
        <h3>${t("nms")}</h3>
        <p class="hint">${t("nms_help")}</p>
        <p aria-live="polite" data-slot="nms"></p>
        <div class="row">
          <button
            type="button"
            data-control="nms_first"
            ?disabled=${this.round === 0}
            @click=${() => {
              this.round = 0;
              this.requestUpdate();
            }}
          >
            ${t("nms_first")}
          </button>
          <button
            type="button"
            class="primary"
            data-control="nms_next"
            ?disabled=${this.round >= rounds}
            @click=${() => {
              this.round = Math.min(rounds, this.round + 1);
              if (this.round >= rounds) this.session.did("suppressed");
              this.requestUpdate();
            }}
          >
            ${t("nms_next")}
          </button>
          <span class="hint"><bdi data-slot="round">${Math.min(this.round, rounds)}</bdi> / <bdi>${rounds}</bdi></span>
        </div>
      </div>
    </div>`;
  }

  // -- anchors ----------------------------------------------------------------------------------------------------
  paintAnchors() {
    const { session } = this;
    const sizes = session.tensor("anchors/sizes");
    const centres = session.tensor("anchors/centres");
    const cluster = session.tensor("anchors/cluster");
    const fit = session.tensor("anchors/mean_iou");
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.querySelector("canvas.anchors"));
    if (!canvas || !sizes || !centres || !cluster || !fit) return;
    canvas.style.width = canvas.style.height = `${this.side}px`;
    const to = sharp(canvas, this.side, this.side);
    to.fillStyle = INK[theme()].plot;
    to.fillRect(0, 0, this.side, this.side);
    const last = centres.shape[0] - 1;
    const step = Math.min(this.step, last);
    const n = sizes.shape[0];
    let top = 0.1;
    for (let i = 0; i < 2 * n; i++) top = Math.max(top, sizes.data[i] * 1.1);
    for (let i = 0; i < n; i++) {
      to.fillStyle = CLASS_COLORS[cluster.data[step * n + i] % CLASS_COLORS.length];
      to.beginPath();
      to.arc((sizes.data[2 * i] / top) * this.side, this.side - (sizes.data[2 * i + 1] / top) * this.side, 2.2, 0, 7);
      to.fill();
    }
    const k = centres.shape[1];
    for (let c = 0; c < k; c++) {
      const [w, h] = [centres.data[(step * k + c) * 2] / top, centres.data[(step * k + c) * 2 + 1] / top];
      drawBox(to, this.side, [0, 1 - h, w, 1], CLASS_COLORS[c % CLASS_COLORS.length], { width: 2 });
    }
    const words = this.querySelector("[data-slot=kmeans]");
    if (words) words.textContent = t("kmeans_step", { step: step + 1, all: last + 1, iou: short(fit.data[step]) });
  }

  cluster() {
    clearInterval(this.playing);
    this.step = 0;
    this.playing = window.setInterval(() => {
      const last = (this.session.tensor("anchors/centres")?.shape[0] ?? 1) - 1;
      if (this.step >= last) {
        clearInterval(this.playing);
        this.playing = 0;
      } else this.step++;
      this.requestUpdate();
    }, STEP_MS);
    this.session.did("clustered");
    this.requestUpdate();
  }

  /** The clusters become the detector's anchors: its last layer gets as many numbers as they want. */
  async use() {
    const centres = this.session.tensor("anchors/centres");
    if (!centres) return;
    const [rounds, k] = centres.shape;
    const found = Array.from({ length: k }, (_, c) =>
      [0, 1].map((i) => Number(centres.data[((rounds - 1) * k + c) * 2 + i].toFixed(3))),
    );
    found.sort((a, b) => a[0] * a[1] - b[0] * b[1]);
    await this.session.set("loss", { ...this.session.spec.loss, name: "yolo", anchors: found });
  }

  kmeans() {
    const now = this.session.about.anchors?.anchors ?? [];
    return html`<div class="apart">
      <canvas class="anchors" role="img" aria-label=${t("anchors")}></canvas>
      <div>
        <h3>${t("anchors")}</h3>
        <p class="hint">${t("kmeans_help")}</p>
        ${slider({
          name: "kmeans_k",
          label: t("clusters"),
          value: this.k,
          min: 1,
          max: 9,
          show: String,
          change: (v) => {
            this.k = v;
            this.step = 0;
            this.requestUpdate();
          },
          free: true,
        })}
        <p data-slot="kmeans"></p>
        <div class="row">
          <button type="button" data-control="kmeans_play" @click=${this.cluster}>${t("kmeans_play")}</button>
          <button
            type="button"
            data-control="kmeans_seed"
            @click=${() => {
              this.seed++;
              this.cluster();
            }}
          >
            ${t("kmeans_seed")}
          </button>
          ${
            this.session.data?.task === "detection"
              ? html`<button type="button" class="primary" data-control="anchors_use" @click=${this.use}>
                  ${t("anchors_use")}
                </button>`
              : nothing
          }
        </div>
        <p class="hint">
          ${t("anchors_now")}
          <bdi dir="ltr">${now.map((/** @type {number[]} */ a) => `${short(a[0])}×${short(a[1])}`).join(" · ")}</bdi>
        </p>
      </div>
    </div>`;
  }

  // -- loss terms and curves --------------------------------------------------------------------------------------
  /**
   * @param {string} key
   * @param {() => Pick<import("../draw/chart-options.js").Chart, "x" | "y" | "lines" | "raw">} chart
   * @param {import("uplot").AlignedData} data
   * @param {boolean} legend
   */
  draw(key, chart, data, legend) {
    const place = /** @type {HTMLElement | null} */ (this.querySelector(".curve"));
    if (!place) return;
    const full = [key, theme(), place.clientWidth].join();
    if (full !== this.plotKey || !this.plot || !place.contains(this.plot.root)) {
      this.plotKey = full;
      this.plot?.destroy();
      this.plot = new uPlot(
        chartOptions(
          { width: Math.max(220, place.clientWidth), height: 230, ...chart() },
          { legend: { show: legend } },
        ),
        data,
        place,
      );
    } else this.plot.setData(data);
  }

  paintTerms() {
    const table = this.session.tensor("loss_terms/table");
    const names = this.session.about.loss_terms?.terms;
    if (!table || !names) return;
    const [n, width] = table.shape;
    const columns = Array.from({ length: width }, (_, c) =>
      Array.from({ length: n }, (_, r) => (c && table.data[r * width + c] <= 0 ? null : table.data[r * width + c])),
    );
    this.draw(
      `terms ${t("term_object")}`,
      () => ({
        x: { name: t("step") },
        y: { name: "J", log: true },
        raw: () => {
          const [x, ...lines] = Array.from({ length: width }, (_, c) =>
            Array.from({ length: n }, (_unused, r) => table.data[r * width + c]),
          );
          return { x, lines };
        },
        lines: names.map((/** @type {string} */ name, /** @type {number} */ i) => ({
          label: t(`term_${name}`),
          stroke: CLASS_COLORS[i],
          width: 1.8,
          points: { show: false },
          value: (/** @type {uPlot} */ _, /** @type {number} */ v) => short(v),
        })),
      }),
      /** @type {import("uplot").AlignedData} */ (columns),
      true,
    );
  }

  paintScores() {
    const { session } = this;
    const precision = session.tensor("scoring/precision");
    const recall = session.tensor("scoring/recall");
    const about = session.about.scoring;
    if (!precision || !recall || !about) return;
    /** @type {number[]} */ const xs = [];
    /** @type {number[]} */ const ys = [];
    for (let i = 0; i < recall.data.length; i++) {
      if (xs.length && recall.data[i] === xs.at(-1))
        ys[ys.length - 1] = Math.max(/** @type {number} */ (ys.at(-1)), precision.data[i]);
      else {
        xs.push(recall.data[i]);
        ys.push(precision.data[i]);
      }
    }
    this.draw(
      `pr ${t("recall")}`,
      () => ({
        x: { name: t("recall"), range: [0, 1] },
        y: { name: t("precision"), range: [0, 1.02] },
        lines: [
          { label: t("precision"), stroke: CLASS_COLORS[1], width: 2, points: { show: xs.length < 60, size: 4 } },
        ],
      }),
      [xs.length ? xs : [0], ys.length ? ys : [0]],
      false,
    );
    this.gallery();
    const line = this.querySelector("polyline");
    const top = Math.max(1, this.maps.at(-1)?.[0] ?? 1);
    line?.setAttribute(
      "points",
      this.maps.map(([epoch, map]) => `${((epoch / top) * 200).toFixed(1)},${((1 - map) * 60).toFixed(1)}`).join(" "),
    );
  }

  /** mAP each time it has been measured anew. */
  remember() {
    const { session } = this;
    if (session.run !== this.mapsOf) {
      this.maps = [];
      this.mapsOf = session.run;
      this.known.clear();
    }
    const map = figure(session, "map50.cv");
    const last = this.maps.at(-1);
    const { epoch } = session.state;
    if (last && epoch < last[0]) this.maps = this.maps.filter(([e]) => e < epoch);
    if (Number.isFinite(map) && map !== last?.[1]) this.maps.push([epoch, map]);
  }

  /** Pictures of the mistakes; those that are not here yet are fetched. */
  gallery() {
    const mistakes = this.session.tensor("scoring/mistakes");
    if (!mistakes) return;
    for (const canvas of /** @type {NodeListOf<HTMLCanvasElement>} */ (this.querySelectorAll("canvas[data-mistake]"))) {
      const line = mistakes.data.subarray(Number(canvas.dataset.mistake) * 7, Number(canvas.dataset.mistake) * 7 + 7);
      if (line.length < 7) continue;
      const to = sharp(canvas, 84, 84);
      const { data } = this.session;
      if (!data) return;
      const size = data.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
      const row = line[0];
      const picture =
        row * size < data.tensors.x.data.length
          ? { shape: data.shape, data: data.tensors.x.data.subarray(row * size, (row + 1) * size) }
          : this.known.get(row);
      if (picture) {
        putPixels(this.tile, picture.data, picture.shape);
        to.drawImage(this.tile, 0, 0, 84, 84);
      } else this.load(row);
      drawBox(to, 84, line.subarray(1, 5), [ON_PICTURE.white, HIGHLIGHT, ON_PICTURE.chosen][line[6]], {
        width: 2,
        dash: line[6] === 0 ? [4, 3] : [],
      });
    }
  }

  /** @param {number} row */
  async load(row) {
    if (this.known.has(row)) return;
    this.known.set(row, { shape: [1, 1, 1], data: [40] });
    const { session } = this;
    try {
      const views = JSON.stringify({ pictures: { row } });
      const frame = decode(
        await (await request(`/runs/${session.run}/frame?views=${encodeURIComponent(views)}`)).arrayBuffer(),
      );
      const tensor = frame.tensors["pictures/pictures"];
      this.known.set(row, { shape: tensor.shape.slice(1), data: tensor.data });
      this.requestUpdate();
    } catch (error) {
      session.fail(error);
    }
  }

  scores() {
    const about = this.session.about.scoring;
    const ap = this.session.tensor("scoring/ap");
    if (!about?.classes?.length || !ap) return html`<div class="skeleton"></div>`;
    const shown = Math.min(9, this.session.tensor("scoring/mistakes")?.shape[0] ?? 0);
    return html`<div class="apart">
        <div class="curve" dir="ltr"></div>
        <div>
          <h3>${t("scores")}</h3>
          <p>
            <b>mAP@0.5</b> <bdi dir="ltr" data-slot="map50">${percent(about.map50)}</bdi> · <b>mAP@[.5:.95]</b>
            <bdi dir="ltr">${percent(about.map)}</bdi>
          </p>
          ${select({
            name: "score_label",
            label: t("class_name"),
            value: String(about.label),
            options: about.classes.map((/** @type {string} */ name, /** @type {number} */ i) => [
              String(i),
              `${name}: ${percent(ap.data[i])}`,
            ]),
            change: (v) => {
              this.label = Number(v);
              this.requestUpdate();
            },
            free: true,
          })}
          <p class="hint">${t("pr_help")}</p>
          <figure class="map-line">
            <svg viewBox="-1 -1 202 62" role="img" aria-label=${t("map_over_epochs")}>
              <polyline points=""></polyline>
            </svg>
            <figcaption>${t("map_over_epochs")}</figcaption>
          </figure>
          <p class="hint">
            ${t("mistakes_counted", { missed: about.counts[0], alarms: about.counts[1], placed: about.counts[2] })}
          </p>
        </div>
      </div>
      <ul class="mistakes" aria-label=${t("mistakes")}>
        ${Array.from(
          { length: shown },
          (_, i) =>
            html`<li>
              <canvas data-mistake=${i} width="84" height="84" role="img" aria-label=${t("mistakes")}></canvas>
            </li>`,
        )}
      </ul>`;
  }

  render() {
    if (!this.detector) return nothing;
    const body = /** @type {Record<string, () => unknown>} */ ({
      cell: () => this.cell(),
      nms: () => this.rounds(),
      anchors: () => this.kmeans(),
      terms: () =>
        html`<h3>${t("terms")}</h3>
          <p class="hint">${t("terms_help")}</p>
          <div class="curve" dir="ltr"></div>`,
      scores: () => this.scores(),
    })[this.tab];
    return html`<div class="card detector-lab">
      <header class="row">
        <h2>${t("taken_apart")}</h2>
        ${segments(
          "detector_tab",
          t("taken_apart"),
          TABS.map((tab) => [tab, t(`tab_${tab}`)]),
          this.tab,
          (tab) => {
            this.tab = tab;
            this.requestUpdate();
          },
        )}
      </header>
      ${body()}
    </div>`;
  }
}

customElements.define("d-detector-lab", DetectorLab);
