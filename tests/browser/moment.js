/**
 * What a visitor can read on the page, whether the page says that it is at rest, and a witness that looks at every
 * painted frame whether something is older and does not say so. It begins with the page (tests/browser/test_moment.py).
 */
(() => {
  const text = (selector, root = document) => root.querySelector(selector)?.textContent.trim() ?? null;
  const texts = (selector, key) =>
    Object.fromEntries([...document.querySelectorAll(selector)].map((e) => [e.dataset[key], e.textContent.trim()]));
  const plain = (tensors, left = () => true) =>
    Object.fromEntries(
      Object.entries(tensors)
        .filter(([name]) => left(name))
        .map(([name, { shape, data }]) => [name, { shape, data: Array.from(data) }]),
    );

  /** The newest point of each line of the chart: its step and its number; before there is one, null. */
  const newest = () => {
    const { names, plot } = document.querySelector("d-cost");
    if (!plot) return null; // it is fetched with the first step
    const [x, ...lines] = plot.data;
    const last = (line) => line.findLastIndex((v) => v !== null && v !== undefined && !Number.isNaN(v));
    return Object.fromEntries(
      ["loss", ...names].map((name, i) => [name, [x[last(lines[i])], lines[i][last(lines[i])]]]),
    );
  };

  /** All of it; numbers of canvases as the tensors that they are drawn from. */
  window.readMoment = () => ({
    run: descent.run,
    epoch: text("[data-epoch]"),
    step: text("[data-step]"),
    cost: texts("d-cost [data-slot]", "slot"),
    newest: newest(),
    timeline: text("d-timeline output"),
    metrics: texts("d-metrics [data-metric]", "metric"),
    confusion: [...document.querySelectorAll("d-metrics .confusion tbody tr")].map((row) =>
      [...row.querySelectorAll("td")].map((cell) => Number(cell.textContent)),
    ),
    part: document.querySelector("[data-control=confusion_part] [aria-pressed=true]")?.dataset.value,
    units: Object.fromEntries(
      [...document.querySelectorAll(".layer-card[data-layer]")].map((card) => [
        card.dataset.layer,
        text(".units bdi", card) ?? text(".hint", card),
      ]),
    ),
    totals: text("d-network .totals"),
    picked: descent.picked,
    live: [...document.querySelectorAll("d-inspector [data-live]")].map((e) => [
      e.dataset.live,
      e instanceof HTMLInputElement ? e.value : e.textContent,
    ]),
    findings: [...document.querySelectorAll("d-findings [data-finding]")].map((e) => ({
      kind: e.dataset.finding,
      severity: e.dataset.severity,
      title: text("strong", e),
      why: text("p", e),
    })),
    bars: [...document.querySelectorAll("d-digit .bars li")].map((e) =>
      [...e.querySelectorAll("span")].map((s) => s.textContent.trim()),
    ),
    probe: descent.picture && Array.from(descent.picture),
    errors: [...document.querySelectorAll("d-autoencoder [data-error]")].map((e) => e.textContent),
    lost: text("d-detector [data-slot=lost]"),
    pictures: window.detection?.pictures && plain({ pictures: window.detection.pictures }).pictures,
    data: plain(descent.data.tensors, (name) => name !== "x" || descent.data.kind !== "image"),
    about: descent.about,
    tensors: plain(descent.frame.tensors, (name) => !/^(gradients|weight_histograms|responses|weights)\//.test(name)),
  });

  /** Whether the page says that it is at rest: nothing is older, nothing is asked for, no drawing has been put off. */
  window.atRest = () =>
    !descent.state.playing &&
    !descent.stream.waiting.size &&
    !document.querySelector("[data-moment]") &&
    Object.keys(descent.wanted()).every((view) => view in descent.about) &&
    ![...document.querySelectorAll("*")].some((e) => e.pace?.late || e.reading?.late || e.isUpdatePending);

  // -- the witness ----------------------------------------------------------------------------------------------------
  /** Elements, or what of them there is if they show numbers, and a view that these are of. */
  const OF = {
    "d-cost": "cost",
    "d-metrics": "metrics",
    "d-output": "boundary",
    "d-network": "neurons",
    "d-inspector:has([data-live])": "activations",
    "d-findings:has([data-finding])": "health",
    "d-digit:has(.bars .best)": "activations",
    "d-detector": "boxes",
    "d-autoencoder": "reconstruction",
  };
  window.witness = { lies: [], older: {} };

  /** Whether an element says that it is older: of all that it shows the oldest step is said. */
  const owns = (element, at) => {
    const said = getComputedStyle(element, "::after").content;
    const step = Number(/step ([\d,]+)/.exec(said)?.[1].replaceAll(",", "") ?? NaN);
    const views = [...Object.values(descent.about), ...descent.examples.older];
    const known = views.some((each) => each.at.step === step);
    return known && step <= at.step && ["older", "measuring"].includes(element.dataset.moment);
  };
  const look = (name, view) => {
    const element = document.querySelector(name);
    const { at, measuring } = descent.about[view] ?? {};
    if (!element || !at) return;
    const { step, revision, playing } = descent.state;
    const same = at.revision === revision && (at.step === step || playing);
    if (same && !(measuring && !playing)) return;
    if (same ? element.dataset.moment === "measuring" : owns(element, at))
      window.witness.older[name] = (window.witness.older[name] ?? 0) + 1;
    else if (window.witness.lies.length < 9)
      window.witness.lies.push({ name, at, step, revision, measuring, said: element.dataset.momentNote });
  };
  const watch = () => {
    // After this frame has been painted; what came meanwhile and waits for the next is not on show yet.
    setTimeout(() => {
      if (window.descent?.frame && !descent.drawn) for (const [name, view] of Object.entries(OF)) look(name, view);
    });
    requestAnimationFrame(watch);
  };
  requestAnimationFrame(watch);
})();
