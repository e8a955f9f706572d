/** The pace of the run: slower, faster, full speed or by the clock, and how many steps a picture stands for. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { grouped } from "../core/format.js";
import { t } from "../core/i18n.js";
import { PLACES, faster, slower } from "../core/pacing.js";
import { button, hidden, locked } from "../controls/controls.js";
import * as icons from "../controls/icons.js";

/** What is counted is said so often. */
const COUNT_MS = 500;

class PaceControls extends Element {
  constructor() {
    super();
    /** Since when pictures and steps are counted. */ this.from = { time: 0, step: 0, frames: 0 };
    /** Steps of a picture, lately. */ this.each = 1;
  }

  onFrame() {
    this.count();
    const rate = this.querySelector("[data-rate]");
    const each = this.querySelector("[data-each]");
    if (rate) rate.textContent = this.rate();
    if (each) each.textContent = this.says();
  }

  updated() {
    this.onFrame();
  }

  /** @param {number} [now] */
  count(now = performance.now()) {
    const { step, playing } = this.session.state;
    const { from } = this;
    from.frames++;
    if (playing && step >= from.step && now - from.time < COUNT_MS) return;
    if (playing && step > from.step) this.each = (step - from.step) / from.frames;
    this.from = { time: now, step, frames: 0 };
  }

  /** Steps a second, or what they would be. */
  rate() {
    const { playing, pace, held, rate } = this.session.state;
    const known = playing ? rate || held : held;
    if (known)
      return t("steps_per_second", {
        n: known < 10 ? known.toFixed(known < 0.95 ? 1 : 0) : grouped(Math.round(known)),
      });
    return pace?.kind === "full" || playing ? t("full_speed") : "";
  }

  /** What a picture is of, or which pace it will be. */
  says() {
    const { playing, pace } = this.session.state;
    if (playing) return this.each < 1.5 ? t("every_step") : t("steps_a_frame", { n: grouped(Math.round(this.each)) });
    return pace?.kind === "clock" ? t("by_clock_short") : "";
  }

  /** @param {number | null} speed */
  go(speed) {
    this.session.command({ op: "speed", steps_per_second: speed });
  }

  render() {
    if (hidden("speed")) return nothing;
    const { session } = this;
    const { pace, held } = session.state;
    const full = pace?.kind === "full";
    const fixed = locked("speed");
    return html`<div class="pace" dir="ltr" role="group" aria-label=${t("pace")} data-control="speed">
      ${button({
        name: "slower",
        label: t("slower"),
        sign: icons.slower,
        disabled: fixed || held === PLACES[0],
        click: () => this.go(slower(session.state)),
      })}
      <p><bdi data-rate></bdi><span data-each></span></p>
      ${button({
        name: "faster",
        label: t("faster"),
        sign: icons.faster,
        disabled: fixed || full,
        click: () => this.go(faster(session.state)),
      })}
      ${
        full
          ? button({
              name: "by_clock",
              label: t("by_clock"),
              sign: icons.clock,
              disabled: fixed,
              click: () => session.command({ op: "pace", knee: pace.knee ?? session.lab?.clock ?? null }),
            })
          : button({
              name: "full_speed",
              label: t("full_speed"),
              sign: icons.fullSpeed,
              disabled: fixed,
              click: () => this.go(null),
            })
      }
    </div>`;
  }
}

customElements.define("d-pace", PaceControls);
