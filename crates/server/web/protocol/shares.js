// Shares as their owner sees and changes them (protocol.md 8).

import { OnekeyError } from "../error.js";
import { owner } from "./authorization.js";
import { request } from "./request.js";
import { repeat } from "./retry.js";
import { gone } from "./uploads.js";

/** @import { RepeatOptions } from "./retry.js" */

/**
 * @typedef {object} SharedLink
 * @property {string} locator
 * @property {string | null} label sealed
 * @property {boolean} password
 * @property {boolean} direct
 * @property {number | null} max_downloads
 * @property {number} downloads
 * @property {number | null} downloads_left
 * @property {number | null} expires_at
 * @property {"live" | "expired" | "used_up" | "revoked"} state
 * @property {number | null} last_used_at
 */

/**
 * @typedef {object} ShareDescription
 * @property {string} header
 * @property {string | null} owner_envelope
 * @property {number} size
 * @property {number} created_at
 * @property {number | null} expires_at
 * @property {SharedLink[]} links
 */

/**
 * @param {URL | string} server @param {string} share @param {Uint8Array} token @param {RepeatOptions} [options]
 * @returns {Promise<ShareDescription>}
 */
export async function describeShare(server, share, token, options = {}) {
  const { signal = null } = options;
  const answer = await repeat(() => request(server, { ...at(share, token, "GET"), signal, expected: 200 }), options);
  const sound = typeof answer?.header === "string" && Number.isSafeInteger(answer.size) && Array.isArray(answer.links);
  if (!sound) throw new OnekeyError("not_onekey", 200);
  return answer;
}

/** @param {URL | string} server @param {string} share @param {Uint8Array} token @param {RepeatOptions} [options] */
export async function deleteShare(server, share, token, options = {}) {
  const { signal = null } = options;
  await repeat(() => gone(request(server, { ...at(share, token, "DELETE"), signal, expected: 204 })), options);
}

/**
 * A repetition after a lost answer finds its own locator taken: who calls this looks whether the share lists the link.
 * @param {URL | string} server @param {string} share @param {Uint8Array} token @param {object} link
 * @param {RepeatOptions} [options]
 */
export async function addLink(server, share, token, link, options = {}) {
  const { signal = null } = options;
  const { path, ...post } = at(share, token, "POST");
  await repeat(() => request(server, { ...post, path: `${path}/links`, body: link, signal, expected: 201 }), options);
}

/** @param {string} share @param {Uint8Array} token @param {string} method */
function at(share, token, method) {
  return { method, path: `/shares/${share}`, authorization: owner(token) };
}
