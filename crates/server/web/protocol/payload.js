// The payload, whole or a range of it.

import { OnekeyError } from "../error.js";
import { readAnswer, refusal } from "./answer.js";
import { grant as granted } from "./authorization.js";
import { ANSWER_WAIT, apiUrl, PLAIN, withDeadline } from "./request.js";

/** Longest wait for a question about a grant, in milliseconds. */
const LOOK_WAIT = 15_000;

/**
 * Whether the server knows a grant, as far as it says. Asking does not mark it as used.
 * @param {URL | string} server @param {string} grant @returns {Promise<boolean>}
 */
export async function serves(server, grant) {
  const headers = { Authorization: granted(grant) };
  try {
    return await withDeadline(LOOK_WAIT, null, async (signal) => {
      const { status } = await fetch(apiUrl(server, "/payload"), { ...PLAIN, method: "HEAD", headers, signal });
      return status !== 404;
    });
  } catch {
    return true;
  }
}

/**
 * Asks for bytes of the payload. The answer's body is not read: its bytes come as they are taken, and `signal` ends
 * them. Never repeats anything.
 * @param {URL | string} server
 * @param {string} grant
 * @param {number} first first byte
 * @param {number | null} last last byte, or null for all that follow
 * @param {AbortSignal | null} [signal]
 * @returns {Promise<Response>} checked: status, and that it holds the bytes that were asked for
 * @throws {OnekeyError} as `request`
 */
export async function payloadRange(server, grant, first, last, signal = null) {
  const whole = first === 0 && last === null;
  /** @type {Record<string, string>} */
  const headers = { Authorization: granted(grant) };
  if (!whole) headers["Range"] = `bytes=${first}-${last ?? ""}`;
  const aborter = new AbortController();
  const follow = () => aborter.abort();
  // Stays for as long as the body may be read; the signal ends with the job.
  signal?.addEventListener("abort", follow, { once: true });
  return withDeadline(ANSWER_WAIT, signal, async (within, moving) => {
    within.addEventListener("abort", follow, { once: true });
    const response = await fetch(apiUrl(server, "/payload"), { ...PLAIN, headers, signal: aborter.signal });
    moving();
    if (!response.ok) {
      throw refusal(response.status, response.headers.get("Retry-After"), await readAnswer(response, moving));
    }
    within.removeEventListener("abort", follow);
    if (whole ? response.status === 200 : isRange(response, first, last)) return response;
    aborter.abort();
    throw new OnekeyError("not_onekey", response.status);
  });
}

/** @param {Response} response @param {number} first @param {number | null} last */
function isRange(response, first, last) {
  const field = response.headers.get("Content-Range") ?? "";
  const found = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16})$/.exec(field);
  if (response.status !== 206 || !found) return false;
  const [from, to, size] = found.slice(1).map(Number);
  if (from === undefined || to === undefined || size === undefined) return false;
  return from === first && to === (last ?? size - 1) && to < size;
}
