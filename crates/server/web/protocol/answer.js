// What an answer says: its text, with a bound, and what a refusal means.

import { CODES, OnekeyError } from "../error.js";

/** @import { ErrorCode } from "../error.js" */

/** Most bytes of an answer: the largest manifest (8 MiB) in base64url, and the fields beside it. */
const MAX_ANSWER = 12 << 20;

/** Most characters of a refusal. */
export const MAX_REFUSAL = 64 << 10;

/**
 * Reads the whole body as text.
 * @param {Response} response
 * @param {() => void} moving is called whenever bytes arrive
 * @returns {Promise<string>}
 */
export async function readAnswer(response, moving) {
  const reader = response.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    moving();
    length += value.length;
    if (length > MAX_ANSWER) {
      reader.cancel().catch(() => {});
      throw new OnekeyError("not_onekey", response.status);
    }
    text += decoder.decode(value, { stream: true });
  }
}

/**
 * The error that a refusal tells: the server's own code, or `not_onekey` with the status for what has not the shape of
 * protocol.md 2.
 * @param {number} status
 * @param {string | null} retryAfter the field as it came; only its form in seconds counts
 * @param {string} text
 * @returns {OnekeyError}
 */
export function refusal(status, retryAfter, text) {
  const more = retryAfter !== null && /^\d{1,9}$/.test(retryAfter) ? { retryAfter: Number(retryAfter) } : {};
  const code = text.length <= MAX_REFUSAL ? codeOf(text) : null;
  if (code === null) return new OnekeyError("not_onekey", status, more);
  return new OnekeyError(known(code) ? code : byStatus(status), null, more);
}

/** @param {string} text @returns {string | null} */
function codeOf(text) {
  try {
    const code = JSON.parse(text)?.error?.code;
    return typeof code === "string" ? code : null;
  } catch {
    return null;
  }
}

/** Codes from here on are the server's; those before are the page's own, which no answer may claim. */
const FIRST_OF_SERVER = CODES.indexOf("bad_request");

/** @param {string} code @returns {code is ErrorCode} */
function known(code) {
  return CODES.indexOf(/** @type {ErrorCode} */ (code)) >= FIRST_OF_SERVER;
}

/** What a code means that is newer than this page. @param {number} status @returns {ErrorCode} */
function byStatus(status) {
  switch (status) {
    case 404:
      return "not_found";
    case 409:
      return "wrong_state";
    case 413:
      return "too_large";
    case 429:
      return "quota";
    case 503:
      return "unavailable";
    case 507:
      return "storage_full";
    default:
      return status >= 500 ? "internal" : "bad_request";
  }
}
