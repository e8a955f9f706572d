/** The course page: progress kept in the browser, and a live thumbnail for each lesson in sight. */

import { applyTheme } from "./core/colors.js";
import { watchSight } from "./core/powers.js";
import { json, request } from "./core/api.js";
import { Stream } from "./core/stream.js";
import { decode } from "./core/safetensors.js";
import { solvedChallenges } from "./lesson/progress.js";
import { Thumbnail } from "./draw/thumbnail.js";

applyTheme();

/** So many runs train at a time; the others wait for their turn. */
const AT_ONCE = 3;
const LIVE_MS = 7000;
const FPS = 8;

/** @type {HTMLElement[]} */ const queue = [];
/** @type {Set<string>} */ const tokens = new Set();
let live = 0;

/** A lesson's own run, for some seconds, drawn into its card; what is last seen stays. @param {HTMLElement} card */
async function show(card) {
  const { lab } = card.dataset;
  const canvas = /** @type {HTMLCanvasElement} */ (card.querySelector("canvas"));
  const run = await json("/runs", { lab });
  const key = `${run.id} ${run.token}`;
  tokens.add(key);
  const data = await request(`/runs/${run.id}/data?most=300`);
  const decoded = decode(await data.arrayBuffer());
  const thumbnail = new Thumbnail(
    canvas,
    { ...JSON.parse(decoded.meta.about), tensors: decoded.tensors },
    card.dataset.surface ? JSON.parse(card.dataset.surface) : null,
  );
  await new Promise((end) => {
    const stream = new Stream(run.id, run.token, {
      event: () => {},
      frame: (frame) => {
        thumbnail.draw(frame);
        stream.acknowledge(Number(frame.meta.frame));
      },
      history: (rows) => thumbnail.lengthen(rows),
      status: (state) => {
        if (state === "ended") end(null);
        if (state === "open")
          stream
            .send({ op: "speed", steps_per_second: 60 })
            .then(() => stream.send({ op: "play" }))
            .catch(() => {});
      },
    });
    stream.subscribe(thumbnail.views, FPS);
    setTimeout(() => {
      stream.close();
      end(null);
    }, LIVE_MS);
  });
  tokens.delete(key);
  await request(`/runs/${run.id}`, { method: "DELETE", token: run.token });
}

async function next() {
  const card = queue.shift();
  if (!card || live >= AT_ONCE) {
    if (card) queue.unshift(card);
    return;
  }
  live++;
  card.dataset.live = "now";
  try {
    await show(card);
    card.dataset.live = "seen";
  } catch {
    delete card.dataset.live; // the server is busy: another look will try again
  }
  live--;
  next();
}

/** @param {HTMLElement} card */
function ask(card) {
  if (card.dataset.live === "now" || queue.includes(card)) return;
  queue.push(card);
  next();
}

let finished = 0;
const cards = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".lab-card"));
const solved = solvedChallenges();
for (const card of cards) {
  card.addEventListener("pointerenter", () => card.dataset.live === "seen" && ask(card));
  const wanted = (card.dataset.challenges ?? "").split(" ").filter(Boolean);
  const done = wanted.filter((id) => solved[`${card.dataset.lab}/${id}`]).length;
  const mark = /** @type {HTMLElement} */ (card.querySelector(".done-mark"));
  mark.hidden = !done;
  mark.textContent = done === wanted.length ? "✓" : `${done}/${wanted.length}`;
  if (wanted.length && done === wanted.length) {
    finished++;
    card.classList.add("finished");
  }
}
watchSight(cards, (card, seen) => {
  if (seen && !card.dataset.live) ask(card);
  else if (!seen && queue.includes(card)) queue.splice(queue.indexOf(card), 1);
});
const bar = /** @type {HTMLProgressElement} */ (document.querySelector("#progress"));
bar.value = finished;
const text = document.querySelector("#progress-text");
if (text) text.textContent = `${finished} / ${cards.length}`;

addEventListener("pagehide", () => {
  for (const key of tokens) {
    const [id, token] = key.split(" ");
    fetch(`/api/v1/runs/${id}`, {
      method: "DELETE",
      keepalive: true,
      headers: { Authorization: `Bearer ${token}` },
    }).catch(() => {});
  }
});
