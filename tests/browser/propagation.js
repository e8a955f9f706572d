/** Evaluated in the page: what the propagation panel writes at each stage, against what the engine sent. */
async (which) => {
  const { short } = await import("/static/core/format.js");
  const panel = /** @type {any} */ (document.querySelector("d-propagation"));
  const tensor = (name) => descent.tensor(`propagation/${name}`);
  const wrong = [];
  const seen = { numbers: 0, values: 0, stages: 0 };

  const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

  /** The engine's answer about the number that is picked, once it is written. */
  const answered = async () => {
    for (let i = 0; i < 400; i++) {
      await panel.updateComplete;
      if (!panel.pick || panel.told) {
        await painted();
        await panel.updateComplete;
        return panel.told;
      }
      await new Promise((done) => setTimeout(done, 25));
    }
    throw new Error(`no answer about ${JSON.stringify(panel.pick)}`);
  };

  /** Every number of a sum or formula stands in a text, as it is shown. */
  function stands(where, text, terms) {
    const factors = terms.factors ?? terms.values?.map(() => null);
    const products = terms.values?.map((v, i) => Math.abs(v * (factors[i] ?? 1)));
    const shown = terms.values?.map((_, i) => i) ?? [];
    if (terms.count > 7 && terms.kind !== "max") shown.sort((i, j) => products[j] - products[i]).splice(6);
    const numbers = terms.values ? shown.flatMap((i) => [terms.values[i], factors[i]]) : Object.values(terms.parts);
    if (terms.values && terms.rest !== null) numbers.push(terms.rest);
    for (const number of numbers) {
      if (number === null) continue;
      seen.numbers += 1;
      if (!text.includes(Number.isInteger(number) && terms.parts?.t === number ? "" : short(number)))
        wrong.push([where, short(number), text]);
    }
  }

  /** A bold number is the engine's own. */
  function bold(where, text, number) {
    seen.values += 1;
    if (text !== short(number)) wrong.push([where, text, number]);
  }

  for (let i = 0; i < panel.stages.length; i++) {
    if (which && !which.includes(panel.stages[i].kind)) continue;
    panel.go(i);
    const told = await answered();
    const lines = [...panel.querySelectorAll(".derivation p")].map((p) => p.innerText);
    const bolds = [...panel.querySelectorAll(".derivation p b")].map((b) => b.innerText);
    const { kind, layer: at } = panel.stages[i];
    const where = `${kind} ${panel.about.layers[at]?.id}`;
    seen.stages += 1;
    for (const text of [panel.innerText]) if (/undefined|NaN|–|null|\[object/.test(text)) wrong.push([where, text]);
    if (lines.some((line) => line.includes("= … ="))) wrong.push([where, lines]);
    if (!told) continue;
    const layer = panel.about.layers.find((l) => l.id === told.picked.stage);
    const number = (name) => {
      const found = tensor(`${layer.id}/${name}`);
      if (!found) return undefined;
      return found.data[told.picked.example * (found.data.length / found.shape[0]) + told.picked.number];
    };
    const all = lines.join("\n");
    if (kind === "forward") {
      const told_of = layer.type === "Activation" ? [told.activation] : [told.forward];
      told_of.forEach((terms) => stands(where, all, terms));
      bold(where, bolds[bolds.length - 1], number("a"));
      if (bolds.length > 1) bold(where, bolds[0], number("z"));
    }
    if (kind === "loss") {
      stands(where, all, told.loss.loss);
      bold(where, bolds[0], told.loss.loss.value);
      bold(where, bolds[1], panel.about.cost);
    }
    if (kind === "backward" && bolds.length) {
      const first = told.loss ? [told.loss.slope] : told.backward;
      first.forEach((terms) => stands(where, all, terms));
      bold(where, bolds[0], number(layer.joined ? "dz" : "da"));
      if (told.activation_slope) bold(where, bolds[1], number("dz"));
      if (told.gradient) {
        stands(where, all, told.gradient);
        const { shape, data } = tensor(`${layer.id}/dw/${told.picked.weight}`);
        bold(where, bolds[bolds.length - 1], data[told.place.reduce((n, p, axis) => n * shape[axis] + p, 0)]);
      }
    }
    if (kind === "update") {
      told.update.forEach((line) => stands(where, all, line));
      const { shape, data } = tensor(`${layer.id}/new/${told.picked.weight}`);
      bold(where, bolds[bolds.length - 1], data[told.place.reduce((n, p, axis) => n * shape[axis] + p, 0)]);
    }
  }
  return { wrong: wrong.slice(0, 6), seen };
};
