/** Play, pause, step, reset, new seed, the pace, and how far it is. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { words } from "../core/moment.js";
import { grouped, short, wholeEpochs } from "../core/format.js";
import { t } from "../core/i18n.js";
import { button, hidden, locked, select, slider } from "../controls/controls.js";
import * as icons from "../controls/icons.js";
import "./pace.js";

class Transport extends Element {
  constructor() {
    super();
    this.unit = "batch";
    /** On a phone, whether what is seldom wanted is there too. */ this.more = false;
  }

  willUpdate() {
    this.session.want(this, hidden("cost") ? null : { cost: {} });
  }

  onFrame() {
    const epoch = this.querySelector("[data-epoch]");
    const step = this.querySelector("[data-step]");
    if (epoch) epoch.textContent = grouped(wholeEpochs(this.session.state.epoch));
    if (step) step.textContent = grouped(this.session.state.step);
    const parts = this.session.tensor("cost/parts");
    if (parts) this.put("j", short(parts.data[0]));
    this.sayWhen();
  }

  /** Of which moment J is, if not of the one on show; step and epoch always are. */
  sayWhen() {
    const cost = /** @type {HTMLElement | null} */ (this.querySelector(".of-cost"));
    if (!cost) return;
    const { standing, step } = this.session.standing(["cost"]);
    const same = standing === "same";
    cost.title = same ? "" : words(standing, step);
    if (same) delete cost.dataset.moment;
    else cost.dataset.moment = standing;
  }

  /** What it shows is told above. */
  get reads() {
    return [];
  }

  updated() {
    this.toggleAttribute("data-more", this.more);
    this.onFrame();
  }

  render() {
    const { session } = this;
    const { playing } = session.state;
    const rate = session.spec?.optimizer.learning_rate ?? 0.03;
    return html` <div class="buttons" role="group" aria-label=${t("transport")}>
        <button
          type="button"
          class="play"
          data-control="play"
          ?disabled=${locked("play") || Boolean(session.state.diverged)}
          aria-pressed=${playing}
          aria-label=${playing ? t("pause") : t("play")}
          title=${playing ? t("pause") : t("play")}
          @click=${() => session.command({ op: playing ? "pause" : "play" })}
        >
          ${playing ? icons.pause : icons.play}
        </button>
        ${button({
          name: "step",
          label: t(`step_${this.unit}`),
          sign: icons.step,
          click: () => session.command({ op: "step", unit: this.unit, count: 1 }),
        })}
        ${select({
          name: "step_unit",
          label: t("step_unit"),
          value: this.unit,
          compact: true,
          options: ["example", "batch", "epoch"].map((u) => [u, t(`unit_${u}`)]),
          change: (unit) => {
            this.unit = unit;
            this.requestUpdate();
          },
        })}
        ${button({
          name: "reset",
          label: t("reset"),
          sign: icons.reset,
          click: () => session.command({ op: "reset" }),
        })}
        ${button({ name: "seed", label: t("new_seed"), sign: icons.dice, click: () => this.newSeed() })}
      </div>
      <dl class="counter">
        <div>
          <dt>${t("step")}</dt>
          <dd><bdi data-step></bdi></dd>
        </div>
        <div>
          <dt>${t("epoch")}</dt>
          <dd><bdi data-epoch></bdi></dd>
        </div>
        ${
          hidden("cost")
            ? nothing
            : html`<div class="of-cost">
                <dt><bdi dir="ltr">J</bdi></dt>
                <dd dir="ltr" data-slot="j">–</dd>
              </div>`
        }
      </dl>
      ${button({
        name: "more",
        label: t("more_controls"),
        sign: icons.dots,
        kind: "more",
        free: true,
        expanded: this.more,
        click: () => Object.assign(this, { more: !this.more }).requestUpdate(),
      })}
      ${slider({
        name: "learning_rate",
        label: t("learning_rate"),
        brief: "α",
        value: rate,
        min: 0.00001,
        max: 10,
        log: true,
        show: (v) => String(v),
        change: (v) => session.set("optimizer.learning_rate", v, true),
        title: t("learning_rate_help"),
      })}
      <d-pace></d-pace>`;
  }

  newSeed() {
    const seed = 1 + Math.floor(Math.random() * 99999);
    this.session.command({ op: "reset", seed }).then(() => this.session.remember(false));
  }
}

customElements.define("d-transport", Transport);
