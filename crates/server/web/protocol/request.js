// One request to the server, and its answer: bounded, checked, turned into a value or an OnekeyError. Nothing here
// tries again; retry.js does.

import { OnekeyError } from "../error.js";
import { readAnswer, refusal } from "./answer.js";

/** Where every route stands below the server's address. */
const API = "api/v1";

/** Longest wait for an answer, in milliseconds: a busy part waits 30 s on the server, and durable writes may queue. */
export const ANSWER_WAIT = 120_000;

/** Slowest line that a body is sent over, in bytes per millisecond: each such piece of it makes the wait longer. */
const SLOWEST_LINE = 16;

/**
 * @typedef {object} RequestOptions
 * @property {string} method
 * @property {string} path below the API, with a slash before it
 * @property {string | null} [authorization] scheme and credential
 * @property {unknown} [body] is printed as JSON; a string is sent as it is
 * @property {AbortSignal | null} [signal]
 * @property {number} [expected] the one good status; any 2xx if it is left out
 */

/**
 * @param {URL | string} server with or without a slash at its end
 * @param {string} path
 * @returns {string}
 */
export function apiUrl(server, path) {
  return `${String(server).replace(/\/+$/, "")}/${API}${path}`;
}

/**
 * Makes a request and returns the JSON of its answer; null for 204.
 * @param {URL | string} server
 * @param {RequestOptions} options
 * @returns {Promise<any>}
 * @throws {OnekeyError} the server's code; `network`; `not_onekey` with the status; `cancelled`
 */
export async function request(server, { method, path, authorization, body, signal, expected }) {
  const text = body === undefined || body === null ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  /** @type {Record<string, string>} */
  const headers = text === undefined ? {} : { "Content-Type": "application/json" };
  if (authorization) headers["Authorization"] = authorization;
  const wait = ANSWER_WAIT + (text?.length ?? 0) / SLOWEST_LINE;
  return withDeadline(wait, signal ?? null, async (within, moving) => {
    const response = await fetch(apiUrl(server, path), { ...PLAIN, method, headers, body: text, signal: within });
    moving();
    const answer = await readAnswer(response, moving);
    if (!response.ok) throw refusal(response.status, response.headers.get("Retry-After"), answer);
    if (expected !== undefined && response.status !== expected) throw new OnekeyError("not_onekey", response.status);
    if (response.status === 204) return null;
    try {
      return JSON.parse(answer);
    } catch {
      throw new OnekeyError("not_onekey", response.status);
    }
  });
}

/**
 * What every fetch to the server says. A redirect would carry credentials to somebody else.
 * @type {RequestInit}
 */
export const PLAIN = {
  cache: "no-store",
  credentials: "omit",
  redirect: "error",
  referrerPolicy: "no-referrer",
};

/**
 * Runs `work` until `signal` aborts, or until nothing moved for `wait` milliseconds.
 * @template T
 * @param {number} wait
 * @param {AbortSignal | null} signal
 * @param {(within: AbortSignal, moving: () => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withDeadline(wait, signal, work) {
  const aborter = new AbortController();
  const late = () => aborter.abort();
  let timer = setTimeout(late, wait);
  const moving = () => {
    clearTimeout(timer);
    timer = setTimeout(late, wait);
  };
  signal?.addEventListener("abort", late, { once: true });
  try {
    if (signal?.aborted) throw new OnekeyError("cancelled");
    return await work(aborter.signal, moving);
  } catch (error) {
    if (signal?.aborted) throw new OnekeyError("cancelled");
    if (error instanceof OnekeyError) throw error;
    // fetch says no more than that: no connection, a connection that broke, a redirect, or our deadline.
    throw new OnekeyError("network", null, { cause: error });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", late);
  }
}
