/** A program on the generated TypeScript types: starts a run, steers it and reads its weights. steer.js SERVER */
import createClient from "openapi-fetch";
import type { components, paths } from "./contract.js";

declare const process: { argv: string[] };

type Command = components["schemas"]["Command"];

const client = createClient<paths>({ baseUrl: process.argv[2] });

function sure<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

const run = sure(
  await client.POST("/api/v1/runs", {
    body: {
      spec: {
        layers: [
          { id: "h1", type: "Dense", units: 3, activation: "tanh" },
          { id: "out", type: "Dense", units: "auto" },
        ],
        optimizer: { name: "SGD", learning_rate: 0.1 },
      },
    },
  }),
);
const path = { run_id: run.id };
const headers = { Authorization: `Bearer ${run.token}` };
const say = async (body: Command) =>
  sure(await client.POST("/api/v1/runs/{run_id}/commands", { params: { path }, headers, body }));

await say({ op: "step", unit: "batch", count: 5 });
const answer = await say({ op: "set", path: "optimizer.learning_rate", value: 0.3 });
const weights = sure(
  await client.GET("/api/v1/runs/{run_id}/weights", { params: { path }, parseAs: "arrayBuffer" }),
) as ArrayBuffer;
const taken = sure(
  await client.PUT("/api/v1/runs/{run_id}/weights", {
    params: { path },
    headers: { ...headers, "Content-Type": "application/x-safetensors" },
    body: weights as unknown as string,
    bodySerializer: (body) => body,
  }),
);
const state = sure(await client.GET("/api/v1/runs/{run_id}", { params: { path } }));
const refused = await client.POST("/api/v1/runs/{run_id}/commands", { params: { path }, body: { op: "play" } });
const gone = await client.DELETE("/api/v1/runs/{run_id}", { params: { path }, headers });
console.log(
  JSON.stringify({
    step: answer.step,
    rate: state.spec.optimizer.learning_rate,
    taken: taken.step,
    refused: refused.error?.status,
    weights: weights.byteLength,
    parameters: run.report.totals.parameters,
    gone: gone.response.status,
  }),
);
