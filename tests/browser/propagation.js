/** Evaluated in the page: what the propagation panel says of its numbers, against the numbers the engine sent. */
async (what) => {
  const { Derivation } = await import("/static/panels/propagation/derivation.js");
  const { lossStep, averaged } = await import("/static/panels/propagation/loss-steps.js");
  const { updateSteps } = await import("/static/panels/propagation/update-steps.js");
  const about = descent.about.propagation;
  const tensor = (name) => descent.tensor(`propagation/${name}`);

  /** Every number forward and backward, and every weight's slope; of large arrays a part. */
  function numbers() {
    const derivation = new Derivation(about, tensor);
    const wrong = [];
    const seen = { forward: 0, backward: 0, weight: 0 };
    const size = (terms) => terms.reduce((s, [a, b]) => s + Math.abs(a * b), 0);
    const check = (way, where, mine, engine, terms) => {
      seen[way] += 1;
      const near = Math.abs(mine - engine) <= 2e-4 * Math.abs(engine) + 2e-6 * (1 + size(terms));
      if (!near) wrong.push([way, where, mine, engine]);
    };
    const some = (count, most) => Array.from({ length: Math.min(count, most) }, (_, i) => (count <= most ? i : (Math.floor((i * count) / most) + (i % 7)) % count));
    for (const layer of about.layers) {
      const picks = some(layer.shape.reduce((a, b) => a * b, 1), 60);
      for (let example = 0; example < about.count; example++) {
        const [a, z, da] = ["a", "z", "da"].map((kind) => derivation.row(`${layer.id}/${kind}`, example));
        for (const index of picks) {
          const forward = derivation.forward(layer, index, example);
          check("forward", `${layer.id} ${index}`, forward?.value, (z ?? a)[index], forward?.terms ?? []);
          if (!da || layer === about.layers.at(-1)) continue;
          const parts = derivation.slopes(layer, index, example);
          check("backward", `${layer.id} ${index}`, parts?.reduce((s, part) => s + part.value, 0), da[index], parts?.flatMap((part) => part.terms) ?? []);
        }
      }
      for (const name of ["kernel", "depthwise_kernel", "pointwise_kernel", "bias", "gamma", "beta"]) {
        const slope = tensor(`${layer.id}/dw/${name}`);
        for (const at of slope ? some(slope.data.length, 30) : []) {
          const place = [];
          for (let axis = slope.shape.length - 1, left = at; axis >= 0; axis--) {
            place.unshift(left % slope.shape[axis]);
            left = Math.floor(left / slope.shape[axis]);
          }
          const found = derivation.gradient(layer, name, place);
          check("weight", `${layer.id}/${name} ${at}`, found?.value, slope.data[at], found?.terms ?? []);
        }
      }
    }
    return { wrong: wrong.slice(0, 8), seen };
  }

  /** J put together from single losses, and the worst of the slopes. */
  function loss() {
    const last = about.layers.at(-1);
    const wide = last.shape[0];
    const [a, z, y, slope] = [`${last.id}/a`, `${last.id}/z`, "target", `${last.id}/${last.joined ? "dz" : "da"}`].map((name) => tensor(name)?.data);
    const over = averaged(about.loss.name, wide, about.count, wide);
    let [J, worst] = [0, 0];
    for (let i = 0; i < a.length; i++) {
      const from = Math.floor(i / wide) * wide;
      const step = lossStep(about.loss, last.joined, a[i], y[i], (z ?? a)[i], over, Array.from(a.slice(from, from + wide)));
      J += step.value / over;
      worst = Math.max(worst, Math.abs(step.slopeValue - slope[i]) / (1e-3 + Math.abs(slope[i])));
    }
    return { J, cost: about.cost, worst };
  }

  /** The worst difference between a new parameter and the last line of its update, as a part of the step. */
  function update() {
    let worst = 0;
    for (const layer of about.layers) {
      for (const name of ["kernel", "bias"]) {
        const of = (kind) => tensor(`${layer.id}/${kind}/${name}`).data;
        of("new").forEach((engine, at) => {
          const lines = updateSteps(about.optimizer, about, of("w")[at], of("dw")[at], (slot) => of(slot)[at]);
          worst = Math.max(worst, Math.abs(lines.at(-1).value - engine) / (1e-4 + Math.abs(engine - of("w")[at])));
        });
      }
    }
    return worst;
  }

  return { numbers, loss, update }[what]();
};
