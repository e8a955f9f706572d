/** The sizes of the gradients of runs, layer by layer. */

import { html, nothing } from "lit";
import { CLASS_COLORS } from "../../core/colors.js";
import { short } from "../../core/format.js";
import { t } from "../../core/i18n.js";

/**
 * The gradient's size in every layer, on a logarithmic scale, run beside run.
 * @param {import("./race.js").Race} race @param {(label: import("./race.js").Label) => string} name
 */
export function norms({ runners, wish }, name) {
  if (!wish.gradients || !runners.some((r) => r.norms)) return nothing;
  const all = runners
    .flatMap((r) => r.norms ?? [])
    .map(([, v]) => v)
    .filter((v) => v > 0 && Number.isFinite(v));
  const [low, high] = [Math.log10(Math.min(...all, 1)) - 0.3, Math.log10(Math.max(...all, 1e-12)) + 0.1];
  return html`<h3>${t("gradient_by_layer")}</h3>
    <div class="scroll" tabindex="0" role="region" aria-label=${t("gradient_by_layer")}>
      <table class="plain norms">
        <tbody>
          ${runners.map(
            (r, i) =>
              html`<tr data-norms=${i}>
                <th scope="row"><bdi>${name(r.label)}</bdi></th>
                ${(r.norms ?? []).map(
                  ([layer, v]) =>
                    html`<td dir="ltr">
                      <svg viewBox="0 0 10 40" preserveAspectRatio="none" aria-hidden="true">
                        <rect
                          x="1"
                          width="8"
                          y=${40 - 40 * share(v, low, high)}
                          height=${40 * share(v, low, high)}
                          fill=${CLASS_COLORS[i % CLASS_COLORS.length]}
                        ></rect></svg
                      ><span>${layer}</span><b>${short(v)}</b>
                    </td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** A place between two powers of ten. @param {number} v @param {number} low @param {number} high */
const share = (v, low, high) =>
  v > 0 && Number.isFinite(v) ? Math.max(0, Math.min(1, (Math.log10(v) - low) / (high - low))) : 0;
