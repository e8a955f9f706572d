/** Settings of pictures: what is on those that are generated, and how those that are trained on are changed. */

import { html, nothing } from "lit";
import { check, hidden, select, slider } from "../controls/controls.js";
import { t } from "../core/i18n.js";

/** @typedef {import("../core/session.js").Session} Session */

/** What is on generated scenes. @param {Session} session @param {(name: string) => boolean} has */
export function scene(session, has) {
  const now = session.spec.data.scene;
  const put = (/** @type {string} */ key, /** @type {unknown} */ value) =>
    session.set(`data.scene.${key}`, value, true);
  const share = (/** @type {number} */ v) => `${Math.round(v * 100)}%`;
  return html` ${
    has("objects")
      ? slider({
          name: "scene_objects",
          label: t("scene_objects"),
          value: now.objects,
          min: 1,
          max: 8,
          show: String,
          change: (v) => put("objects", v),
        })
      : nothing
  }
  ${slider({
    name: "scene_smallest",
    label: t("scene_smallest"),
    value: now.smallest,
    min: 0.1,
    max: 0.6,
    step: 0.02,
    show: share,
    change: (v) => put("smallest", v),
  })}
  ${slider({
    name: "scene_largest",
    label: t("scene_largest"),
    value: now.largest,
    min: 0.1,
    max: 0.9,
    step: 0.02,
    show: share,
    change: (v) => put("largest", v),
  })}
  ${
    has("overlap")
      ? slider({
          name: "scene_overlap",
          label: t("scene_overlap"),
          value: now.overlap,
          min: 0,
          max: 0.8,
          step: 0.05,
          show: (v) => v.toFixed(2),
          change: (v) => put("overlap", v),
        })
      : nothing
  }
  ${slider({
    name: "scene_clutter",
    label: t("scene_clutter"),
    value: now.clutter,
    min: 0,
    max: 1,
    step: 0.05,
    show: (v) => v.toFixed(2),
    change: (v) => put("clutter", v),
  })}
  ${
    has("arrangement")
      ? select({
          name: "scene_arrangement",
          label: t("scene_arrangement"),
          value: now.arrangement,
          options: ["free", "one_cell", "same_shape"].map((a) => [a, t(`arrangement_${a}`)]),
          change: (v) => session.set("data.scene.arrangement", v),
        })
      : nothing
  }`;
}

/** How training pictures are changed. @param {Session} session @param {boolean} on whether they are */
export function augmentation(session, on) {
  if (hidden("augmentation")) return nothing;
  const now = session.spec.augmentation;
  const put = (/** @type {string} */ key, /** @type {unknown} */ value) =>
    session.set(`augmentation.${key}`, value, true);
  return html`<details class="augment" ?open=${on}>
    <summary>${t("augmentation")}</summary>
    <p class="hint">${t("augmentation_help")}</p>
    ${check({
      name: "augmentation",
      label: t("augment_mirror"),
      checked: now.mirror,
      change: (yes) => put("mirror", yes),
    })}
    ${slider({
      name: "augmentation",
      label: t("augment_zoom"),
      value: now.zoom,
      min: 0,
      max: 0.5,
      step: 0.05,
      show: (v) => `±${Math.round(v * 100)}%`,
      change: (v) => put("zoom", v),
    })}
    ${slider({
      name: "augmentation",
      label: t("augment_rotate"),
      value: now.rotate,
      min: 0,
      max: 45,
      step: 1,
      show: (v) => `±${v}°`,
      change: (v) => put("rotate", v),
    })}
    ${slider({
      name: "augmentation",
      label: t("augment_shift"),
      value: now.shift,
      min: 0,
      max: 0.3,
      step: 0.02,
      show: (v) => `±${Math.round(v * 100)}%`,
      change: (v) => put("shift", v),
    })}
    ${slider({
      name: "augmentation",
      label: t("augment_colour"),
      value: now.colour,
      min: 0,
      max: 1,
      step: 0.05,
      show: (v) => v.toFixed(2),
      change: (v) => put("colour", v),
    })}
    ${
      on
        ? html`<canvas class="augmented" role="img" aria-label=${t("augment_preview")}></canvas>
            <p class="hint">${t("augment_preview")}</p>`
        : nothing
    }
  </details>`;
}
