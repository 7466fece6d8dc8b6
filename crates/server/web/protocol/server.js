// What the server offers and allows (protocol.md 3).

import { OnekeyError } from "../error.js";
import { SERVER } from "../trusted.js";
import { request } from "./request.js";
import { repeat } from "./retry.js";

/** @import { ServerDescription } from "../types.js" */

/**
 * @param {unknown} [_nothing]
 * @param {{signal: AbortSignal} | null} [job]
 * @param {URL | string} [server]
 * @returns {Promise<ServerDescription>}
 */
export async function describeServer(_nothing = null, job = null, server = SERVER) {
  const signal = job?.signal ?? null;
  const get = { method: "GET", path: "/server", signal, expected: 200 };
  const answer = await repeat(() => request(server, get), { signal });
  if (!isDescription(answer)) throw new OnekeyError("not_onekey", 200);
  return answer;
}

/** @param {unknown} limit */
const isLimit = (limit) => limit === null || Number.isSafeInteger(limit);

/** @param {any} answer @returns {answer is ServerDescription} */
function isDescription(answer) {
  return (
    typeof answer === "object" &&
    answer !== null &&
    typeof answer.upload_secret_required === "boolean" &&
    Array.isArray(answer.expiry_choices) &&
    [answer.min_part_size, answer.max_part_size].every(Number.isSafeInteger) &&
    [answer.max_size, answer.max_expiry, answer.default_expiry].every(isLimit)
  );
}
