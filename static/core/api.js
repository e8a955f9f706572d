/** REST: small wrappers over fetch; a problem document becomes an Error with its field. */

const BASE = "/api/v1";
/** Names of files that the server reads as pictures. */
export const PICTURE = /\.(png|jpe?g|webp|gif|bmp)$/i;

/** @typedef {Partial<import("../types/page.d.ts").Problem> & {closed?: number}} Problem closed: the code of a stream */

export class ApiError extends Error {
  /** @param {Problem} problem @param {string} [words] */
  constructor({ status = 0, field, detail }, words = detail) {
    super(words);
    this.status = status;
    this.field = field ?? null;
  }
}

/** The error for a problem, in the reader's language. @param {Problem} problem */
export const refused = async (problem) =>
  new ApiError(problem, await import("./said.js").then((m) => m.inWords(problem)).catch(() => problem.detail));

/** @param {string} path @param {RequestInit & {token?: string | null}} [options] @returns {Promise<Response>} */
export async function request(path, options = {}) {
  const { token, ...rest } = options;
  const headers = new Headers(rest.headers);
  if (token) headers.set("Authorization", `Bearer ${token}`);
  let response;
  try {
    response = await fetch(BASE + path, { ...rest, headers });
  } catch {
    const { t } = await import("./i18n.js");
    throw new ApiError({ detail: t("unreachable"), status: 0 });
  }
  if (!response.ok) {
    throw await refused(await response.json().catch(() => ({ detail: response.statusText, status: response.status })));
  }
  return response;
}

/**
 * The lines of JSON of an answer, as they come; one that is an error is thrown.
 * @param {string} path
 * @param {RequestInit} options
 * @returns {AsyncGenerator<any>}
 */
export async function* lines(path, options) {
  const response = await request(path, options);
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const whole = rest.split("\n");
    rest = whole.pop() ?? "";
    for (const line of whole) {
      const row = JSON.parse(line);
      if (row.event === "error") throw await refused(row);
      yield row;
    }
  }
}

/**
 * @param {string} path
 * @param {any} [body]
 * @param {{token?: string | null, method?: string}} [options]
 * @returns {Promise<any>}
 */
export async function json(path, body, options = {}) {
  const response = await request(path, {
    method: options.method ?? (body === undefined ? "GET" : "POST"),
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    token: options.token,
  });
  return response.status === 204 ? null : response.json();
}
