/** REST: small wrappers over fetch; a problem document becomes an Error with its field. */

const BASE = "/api/v1";
/** Names of files that the server reads as pictures. */
export const PICTURE = /\.(png|jpe?g|webp|gif|bmp)$/i;

/**
 * What a problem says, with layers called as the page calls them: h2 and not layers.1.
 * @param {Partial<import("../types/page.d.ts").Problem>} problem
 */
export function told({ detail, field = "", layer }) {
  const place = field.match(/^layers\.\d+/)?.[0];
  if (!detail || !place || layer === undefined) return detail ?? "the server did not answer";
  return detail.replace(new RegExp(`^${place.replace(".", "\\.")}(?:\\.([\\w.]+))?(?!\\d)`), (_, inner) =>
    inner ? `${layer} · ${inner}` : layer,
  );
}

/**
 * What a problem says, in the reader's language; its English sentence, marked, where the messages cannot be had.
 * @param {Partial<import("../types/page.d.ts").Problem>} problem
 */
async function inWords(problem) {
  const detail = told(problem);
  try {
    const { said } = await import("./said.js");
    return await said({ ...problem, detail }, document.documentElement.lang);
  } catch {
    return `${detail} [en]`;
  }
}

/** The error for a problem. @param {Partial<import("../types/page.d.ts").Problem>} problem */
export const refused = async (problem) => new ApiError(problem, await inWords(problem));

export class ApiError extends Error {
  /** @param {Partial<import("../types/page.d.ts").Problem>} problem @param {string} [words] */
  constructor(problem, words = told(problem)) {
    super(words);
    this.status = problem.status ?? 0;
    this.field = problem.field ?? null;
  }
}

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
