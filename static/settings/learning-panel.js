/** How it learns: optimiser and its numbers, loss, schedule, batch size, regularisation. All of it live. */

import { html, nothing } from "lit";
import { Element } from "../core/element.js";
import { short } from "../core/format.js";
import { t } from "../core/i18n.js";
import { check, hidden, select, slider, word } from "../controls/controls.js";

/** @import {OptimizerEntry, Spec} from "../types/page.d.ts" */

/** Optimiser arguments that have a slider, with their ranges. */
const SLIDERS = /** @type {Record<string, {min: number, max: number}>} */ ({
  momentum: { min: 0, max: 0.99, step: 0.01 },
  rho: { min: 0.5, max: 0.999, step: 0.001 },
  beta_1: { min: 0, max: 0.99, step: 0.01 },
  beta_2: { min: 0.5, max: 0.999, step: 0.001 },
  weight_decay: { min: 0.0001, max: 1, log: true, zero: true },
});

class LearningPanel extends Element {
  /** The numbers of its own that an optimiser has. @param {OptimizerEntry} optimizer its entry in the catalogue */
  optimizerSliders(optimizer) {
    if (hidden("optimizer") || !optimizer) return nothing;
    const { session } = this;
    return optimizer.arguments
      .filter((a) => SLIDERS[a.name])
      .map((a) =>
        slider({
          name: `optimizer_${a.name}`,
          label: word("optimizer", a.name),
          value: Number(session.spec.optimizer[a.name] ?? a.default),
          ...SLIDERS[a.name],
          change: (v) => session.set(`optimizer.${a.name}`, v, true),
          title: a.doc,
        }),
      );
  }

  /** When to stop; and how to go, where a lesson has set something unusual. */
  stopping() {
    const { session } = this;
    const { spec } = session;
    const patience = spec.early_stopping?.patience;
    return [
      select({
        name: "early_stopping",
        label: t("early_stopping"),
        value: String(patience ?? 0),
        options: [
          ["0", t("early_off")],
          ...[...new Set([5, 10, 30, 100, patience ?? 10])]
            .sort((a, b) => a - b)
            .map((n) => /** @type {[string, string]} */ ([String(n), t("early_epochs", { n })])),
        ],
        change: (n) => session.set("early_stopping", Number(n) ? { patience: Number(n) } : null),
      }),
      spec.shuffle
        ? nothing
        : check({
            name: "shuffle",
            label: t("shuffle"),
            checked: spec.shuffle,
            change: (on) => session.set("shuffle", on),
          }),
      spec.updates === "sequential"
        ? check({
            name: "sequential",
            label: t("sequential"),
            checked: true,
            change: () => session.set("updates", "simultaneous"),
          })
        : nothing,
    ];
  }

  render() {
    const { session } = this;
    const { spec, catalog, report } = session;
    if (!spec || !catalog)
      return html`<h2>${t("learning")}</h2>
        <div class="skeleton"></div>`;
    const optimizer = catalog.optimizers.find((o) => o.name === spec.optimizer.name);
    const losses = catalog.losses.filter((l) => l.tasks.includes(report?.task));
    const schedule = scheduleOf(spec);
    const kind = catalog.schedules.find((s) => s.name === schedule.name);
    return html` <h2>${t("learning")}</h2>
      ${select({
        name: "optimizer",
        label: t("optimizer"),
        value: spec.optimizer.name,
        options: catalog.optimizers.map((o) => [o.name, o.name]),
        change: (name) =>
          session.set("optimizer", {
            name,
            learning_rate: spec.optimizer.learning_rate,
            schedule: spec.optimizer.schedule ?? null,
          }),
      })}
      ${this.optimizerSliders(optimizer)}
      ${select({
        name: "schedule",
        label: t("schedule"),
        value: schedule.name,
        options: catalog.schedules.map((s) => [s.name, word("schedule", s.name)]),
        change: (name) => session.set("optimizer.schedule", name === "constant" ? null : { name }),
      })}
      ${
        kind?.arguments.some((a) => a.name === "decay_steps")
          ? slider({
              name: "schedule",
              label: t("decay_steps"),
              value: schedule.decay_steps ?? 1000,
              min: 10,
              max: 100000,
              log: true,
              show: String,
              change: (v) => session.set("optimizer.schedule", { ...schedule, decay_steps: Math.round(v) }, true),
            })
          : nothing
      }
      ${select({
        name: "loss",
        label: t("loss"),
        value: spec.loss.name,
        options: [
          ["auto", t("auto", { what: word("loss", report?.resolved.loss.name ?? "") })],
          ...losses.map((l) => /** @type {[string, string]} */ ([l.name, word("loss", l.name)])),
        ],
        change: (name) => session.set("loss", { name }),
      })}
      ${slider({
        name: "batch_size",
        label: t("batch_size"),
        value: spec.batch_size,
        min: 1,
        max: 512,
        log: true,
        show: String,
        change: (v) => session.set("batch_size", Math.max(1, Math.round(v)), true),
      })}
      ${slider({
        name: "l2",
        label: t("l2"),
        value: spec.regularization.l2,
        min: 0.00001,
        max: 1,
        log: true,
        zero: true,
        show: short,
        change: (v) => session.set("regularization.l2", v, true),
        title: t("l2_help"),
      })}
      ${slider({
        name: "l1",
        label: t("l1"),
        value: spec.regularization.l1,
        min: 0.00001,
        max: 1,
        log: true,
        zero: true,
        show: short,
        change: (v) => session.set("regularization.l1", v, true),
      })}
      ${this.stopping()}
      ${slider({
        name: "dropout",
        label: t("dropout"),
        value: spec.dropout,
        min: 0,
        max: 0.8,
        step: 0.05,
        show: (v) => v.toFixed(2),
        change: (v) => session.set("dropout", v, true),
        title: t("dropout_help"),
      })}`;
  }
}

/** @param {Spec} spec */
function scheduleOf(spec) {
  const { schedule } = spec.optimizer;
  return schedule ? (typeof schedule === "string" ? { name: schedule } : schedule) : { name: "constant" };
}

customElements.define("d-learning", LearningPanel);
