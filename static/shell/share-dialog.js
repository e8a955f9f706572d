/** Links, files and code: everything that leaves the page or comes into it. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { request } from "../core/api.js";
import { t } from "../core/i18n.js";
import { later } from "../core/later.js";
import { withoutKey, writtenKey } from "../core/keys.js";
import { copyText } from "../core/powers.js";
import { edgeReach } from "../draw/edges.js";
import { networkSvg } from "../draw/net-svg.js";
import { NetworkPainter } from "../draw/network-paint.js";
import { closeButton, hidden, locked } from "../controls/controls.js";
import * as icons from "../controls/icons.js";

/** Pixels on a side of a unit's line in a file. */
const LINE_TILE = 96;

/** Names by which a computer calls itself: other devices cannot go there. */
const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]"]);

class ShareDialog extends Element {
  constructor() {
    super();
    this.code = "";
    this.framework = "";
    this.copied = "";
    this.error = "";
    this.opened = this.qrShown = false;
  }

  open() {
    this.opened = true;
    this.qrShown = false;
    this.code = this.framework = this.copied = this.error = "";
    this.requestUpdate();
    this.updateComplete.then(() => /** @type {HTMLDialogElement} */ (this.find("dialog")).showModal());
  }

  get links() {
    const here = withoutKey(location.href); // whoever is given a link must not steer this run
    const watch = new URL(here);
    watch.hash = "";
    watch.searchParams.set("run", this.session.run ?? "");
    const embed = new URL(here);
    embed.searchParams.set("embed", "1");
    return {
      spec: here,
      watch: watch.href,
      device: this.deviceLink(),
      embed: `<iframe src="${embed.href}" width="1200" height="900" loading="lazy" title="Descent"></iframe>`,
    };
  }

  /** An address by which another device of the visitor's steers this run, or nothing. */
  deviceLink() {
    const { run, token } = this.session;
    if (!run || !token) return "";
    const url = new URL(withoutKey(location.href));
    url.hash = writtenKey({ run, token });
    return url.href;
  }

  /** @param {string} name @param {string} text */
  async copy(name, text) {
    if (await copyText(text)) this.copied = name;
    else this.error = t("copy_failed");
    this.requestUpdate();
  }

  /** @param {string} framework */
  async show(framework) {
    try {
      const response = await request(`/specs/code?framework=${framework}`, {
        method: "POST",
        body: JSON.stringify(this.session.spec),
        headers: { "Content-Type": "application/json" },
      });
      this.code = await response.text();
      this.framework = framework;
    } catch (error) {
      this.error = String(error);
    }
    this.requestUpdate();
  }

  async saveWeights() {
    const response = await request(`/runs/${this.session.run}/weights`);
    download(await response.blob(), "weights.safetensors");
  }

  /** @param {File} file */
  async load(file) {
    this.error = "";
    try {
      if (file.name.endsWith(".json")) {
        const spec = JSON.parse(await file.text());
        if (!(await this.session.set("", spec))) throw new Error(this.session.notice?.text ?? "");
      } else {
        await request(`/runs/${this.session.run}/weights`, { method: "PUT", body: file, token: this.session.token });
      }
      /** @type {HTMLDialogElement} */ (this.find("dialog")).close();
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error);
    }
    this.requestUpdate();
  }

  savePng() {
    const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector("d-network canvas"));
    const copy = document.createElement("canvas");
    copy.width = canvas.width;
    copy.height = canvas.height;
    const to = /** @type {CanvasRenderingContext2D} */ (copy.getContext("2d"));
    to.fillStyle = getComputedStyle(document.body).backgroundColor;
    to.fillRect(0, 0, copy.width, copy.height);
    to.drawImage(canvas, 0, 0);
    copy.toBlob((blob) => blob && download(blob, "network.png"));
  }

  saveSvg() {
    const { session } = this;
    const network = /** @type {import("../network/network.js").Network} */ (document.querySelector("d-network"));
    if (!network.whole) return;
    const painter = new NetworkPainter();
    const scene = { tensor: (/** @type {string} */ name) => session.tensor(name), about: session.about };
    const picture = (/** @type {string} */ id, /** @type {number} */ unit) => {
      const pictures = painter.picturesOf(scene, { id }, "light");
      const tile = document.createElement("canvas");
      const { shape = [], colors } = pictures.tensor ?? {};
      const [rows, columns] = colors ? shape : shape.slice(1);
      [tile.height, tile.width] = columns ? [rows, columns] : [LINE_TILE, LINE_TILE];
      const to = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
      return pictures.draw(to, unit, 0, 0, tile.width, tile.height) ? tile.toDataURL() : null;
    };
    const text = networkSvg(network.arrange(1), scene.tensor, edgeReach(session.about), picture);
    download(new Blob([text], { type: "image/svg+xml" }), "network.svg");
  }

  render() {
    if (!this.opened) return nothing;
    const { links } = this;
    const steer = !locked("export");
    return html`<dialog aria-labelledby="share-title" data-dialog="share">
      <header>
        <h2 id="share-title">${t("share")}</h2>
        ${closeButton(() => /** @type {HTMLDialogElement} */ (this.find("dialog")).close())}
      </header>
      ${this.link("spec", t("link_spec"), links.spec)} ${this.link("watch", t("link_watch"), links.watch)}
      ${this.link("embed", t("link_embed"), links.embed)}
      ${
        links.device
          ? html`${this.link("device", t("link_device"), links.device)}
              <p class="hint">
                ${t("link_device_hint")}
                ${LOCAL.has(location.hostname) ? t("link_device_local", { host: location.hostname }) : nothing}
              </p>
              ${LOCAL.has(location.hostname) ? nothing : this.qr(links.device)}`
          : nothing
      }
      <p class="hint">${t("link_teacher")} <code dir="ltr">?hide=data,learning&amp;lock=layers</code></p>
      ${
        hidden("export")
          ? nothing
          : html`<h3>${t("export")}</h3>
              <div class="row">
                <button
                  type="button"
                  data-control="save_spec"
                  @click=${() =>
                    download(
                      new Blob([JSON.stringify(this.session.spec, null, 2)], { type: "application/json" }),
                      "spec.json",
                    )}
                >
                  ${icons.save}<span>${t("save_spec")}</span>
                </button>
                <button type="button" data-control="save_weights" @click=${this.saveWeights}>
                  ${icons.save}<span>${t("save_weights")}</span>
                </button>
                ${
                  this.session.catalog?.exports.includes("onnx")
                    ? html`<a
                        class="button"
                        data-control="save_onnx"
                        href=${`/api/v1/runs/${this.session.run}/onnx`}
                        download="model.onnx"
                        >${icons.save}<span>ONNX</span></a
                      >`
                    : nothing
                }
                <button type="button" data-control="save_png" @click=${this.savePng}>
                  ${icons.save}<span>PNG</span>
                </button>
                <button type="button" data-control="save_svg" @click=${this.saveSvg}>
                  ${icons.save}<span>SVG</span>
                </button>
                <a
                  class="button"
                  data-control="save_history"
                  href=${`/api/v1/runs/${this.session.run}/history?format=csv`}
                  download="history.csv"
                  >${icons.save}<span>${t("save_history")}</span></a
                >
              </div>
              <label class="wide file"
                ><span>${t("load_file")}</span
                ><input
                  type="file"
                  accept=".json,.safetensors"
                  data-control="load_file"
                  ?disabled=${!steer}
                  @change=${(/** @type {OnFiles} */ e) => e.target.files[0] && this.load(e.target.files[0])}
              /></label>
              <h3>${t("as_code")}</h3>
              <div class="row">
                ${["keras", "pytorch"].map(
                  (f) =>
                    html`<button
                      type="button"
                      data-control=${`code_${f}`}
                      aria-pressed=${this.framework === f}
                      @click=${() => this.show(f)}
                    >
                      ${f === "keras" ? "Keras" : "PyTorch"}
                    </button>`,
                )}
                ${
                  this.code
                    ? html`<button type="button" data-control="copy_code" @click=${() => this.copy("code", this.code)}>
                        ${this.copied === "code" ? t("copied") : t("copy")}
                      </button>`
                    : nothing
                }
              </div>
              ${this.code ? html`<pre dir="ltr" tabindex="0"><code>${this.code}</code></pre>` : nothing}`
      }
      ${this.error ? html`<p class="notice error" role="alert" dir="auto">${this.error}</p>` : nothing}
    </dialog>`;
  }

  /** The link for a camera, once it is asked for: whoever sees it can steer. @param {string} url */
  qr(url) {
    return html`<div class="row">
        <button
          type="button"
          data-control="qr"
          aria-expanded=${this.qrShown}
          @click=${() => {
            this.qrShown = !this.qrShown;
            this.requestUpdate();
          }}
        >
          ${t(this.qrShown ? "qr_hide" : "qr_show")}
        </button>
      </div>
      ${
        this.qrShown
          ? later(
              this,
              "d-qr",
              () => import("./qr.js"),
              () => html`<d-qr .text=${url}></d-qr>`,
            )
          : nothing
      }`;
  }

  /** @param {string} name @param {string} label @param {string} url */
  link(name, label, url) {
    return html`<label class="link"
      ><span>${label}</span
      ><span class="row"
        ><input
          type="text"
          readonly
          dir="ltr"
          data-control=${`link_${name}`}
          .value=${url}
          @focus=${(/** @type {On} */ e) => e.target.select()}
        />
        <button type="button" data-control=${`copy_${name}`} @click=${() => this.copy(name, url)}>
          ${this.copied === name ? t("copied") : t("copy")}
        </button></span
      ></label
    >`;
  }
}

/** @param {Blob} blob @param {string} name */
function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

customElements.define("d-share", ShareDialog);
