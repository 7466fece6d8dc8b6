// Links: whether one wants a password, opening it, grants (protocol.md 9, 10); and what its owner changes.

import { encode } from "../container/base64url.js";
import { OnekeyError } from "../error.js";
import { owner, proof as proven } from "./authorization.js";
import { request } from "./request.js";
import { hadNoEffect, repeat } from "./retry.js";
import { gone } from "./uploads.js";

/** @import { RepeatOptions } from "./retry.js" */

/**
 * @param {URL | string} server @param {Uint8Array} locator @param {RepeatOptions} [options]
 * @returns {Promise<{password: boolean}>}
 * @throws {OnekeyError} `link_gone` for every link that is not live
 */
export async function describeLink(server, locator, options = {}) {
  const { signal = null } = options;
  const path = `/links/${encode(locator)}`;
  const answer = await repeat(() => request(server, { method: "GET", path, signal, expected: 200 }), options);
  if (typeof answer?.password !== "boolean") throw new OnekeyError("not_onekey", 200);
  return answer;
}

/**
 * What a link opens; nothing in it may be believed before it was checked with the key.
 * @typedef {object} LinkOpened
 * @property {string} header
 * @property {string} envelope
 * @property {string} manifest
 * @property {number} size
 * @property {number | null} expires_at
 * @property {number | null} downloads_left
 */

/**
 * Spends nothing.
 * @param {URL | string} server @param {Uint8Array} locator @param {Uint8Array} proof @param {RepeatOptions} [options]
 * @returns {Promise<LinkOpened>}
 */
export async function openLink(server, locator, proof, options = {}) {
  const { signal = null } = options;
  const post = { method: "POST", path: `/links/${encode(locator)}/open`, authorization: proven(proof) };
  const answer = await repeat(() => request(server, { ...post, signal, expected: 200 }), options);
  const texts = [answer?.header, answer?.envelope, answer?.manifest];
  const limits = [answer?.expires_at, answer?.downloads_left];
  const sound =
    texts.every((text) => typeof text === "string") &&
    Number.isSafeInteger(answer.size) &&
    limits.every((limit) => limit === null || Number.isSafeInteger(limit));
  if (!sound) throw new OnekeyError("not_onekey", 200);
  return answer;
}

/**
 * Takes one download. A lost answer is not asked for again: whether a download was taken then, nobody knows.
 * @param {URL | string} server @param {Uint8Array} locator @param {Uint8Array} proof @param {RepeatOptions} [options]
 * @returns {Promise<{grant: string, expires_at: number, downloads_left: number | null}>}
 */
export async function takeGrant(server, locator, proof, options = {}) {
  const { signal = null } = options;
  const post = { method: "POST", path: `/links/${encode(locator)}/grants`, authorization: proven(proof) };
  const answer = await repeat(() => request(server, { ...post, signal, expected: 201 }), {
    ...options,
    again: hadNoEffect,
  });
  const left = answer?.downloads_left;
  const sound =
    typeof answer?.grant === "string" &&
    /^[A-Za-z0-9_-]{43}$/.test(answer.grant) &&
    Number.isSafeInteger(answer.expires_at) &&
    (left === null || Number.isSafeInteger(left));
  if (!sound) throw new OnekeyError("not_onekey", 201);
  return answer;
}

/**
 * Changes limits of a link, as its owner. Fields that are left out stay.
 * @param {URL | string} server @param {string} locator @param {Uint8Array} token
 * @param {{max_downloads?: number | null, expires_in?: number | null}} change @param {RepeatOptions} [options]
 */
export async function changeLink(server, locator, token, change, options = {}) {
  const { signal = null } = options;
  const patch = { method: "PATCH", path: `/links/${locator}`, authorization: owner(token), body: change };
  await repeat(() => request(server, { ...patch, signal, expected: 200 }), options);
}

/**
 * Ends a link for good, as its owner. @param {URL | string} server @param {string} locator @param {Uint8Array} token
 * @param {RepeatOptions} [options]
 */
export async function revokeLink(server, locator, token, options = {}) {
  const { signal = null } = options;
  const remove = { method: "DELETE", path: `/links/${locator}`, authorization: owner(token) };
  await repeat(() => gone(request(server, { ...remove, signal, expected: 204 })), options);
}
