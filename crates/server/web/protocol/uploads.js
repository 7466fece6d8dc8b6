// Uploads: created, asked about, completed, taken back (protocol.md 4, 6). Parts are in part.js.

import { OnekeyError } from "../error.js";
import { owner, uploadSecret } from "./authorization.js";
import { request } from "./request.js";
import { hadNoEffect, repeat, TRANSFER_TRIES } from "./retry.js";

/** @import { RepeatOptions } from "./retry.js" */

/**
 * An upload of ours on the server.
 * @typedef {{server: URL | string, id: string, token: Uint8Array}} UploadTarget
 */

/** What the server takes as an upload secret: it travels in a header field. */
const UPLOAD_SECRET = /^[\x21-\x7e]{1,1024}$/;

/**
 * A lost answer is not asked for again: each upload reserves space until it ends.
 * @param {URL | string} server
 * @param {object} body as protocol.md 4 says
 * @param {string | null} secret
 * @param {RepeatOptions} options
 * @returns {Promise<string>} its id
 */
export async function createUpload(server, body, secret, options) {
  if (secret !== null && !UPLOAD_SECRET.test(secret)) throw new OnekeyError("upload_secret_rejected");
  const { signal = null } = options;
  const authorization = uploadSecret(secret);
  const answer = await repeat(
    () => request(server, { method: "POST", path: "/uploads", authorization, body, signal, expected: 201 }),
    { ...options, again: hadNoEffect },
  );
  return text(answer?.id);
}

/**
 * @typedef {object} UploadStatus
 * @property {"receiving" | "completing" | "live" | "deleting" | "gone" | "aborted"} state
 * @property {[number, number][]} received inclusive runs of parts
 */

/** @param {UploadTarget} target @param {RepeatOptions} options @returns {Promise<UploadStatus>} */
export async function uploadStatus(target, options) {
  const { signal = null } = options;
  const answer = await repeat(() => request(target.server, { ...at(target, "GET"), signal, expected: 200 }), options);
  if (typeof answer?.state !== "string" || !isRuns(answer.received)) throw new OnekeyError("not_onekey", 200);
  return answer;
}

/**
 * Publishes it. A repetition must be the same to the byte, so the body is text that was printed once.
 * @param {UploadTarget} target
 * @param {string} body
 * @param {RepeatOptions} options
 * @returns {Promise<{share: string, expires_at: number | null}>}
 */
export async function completeUpload(target, body, options) {
  const { signal = null } = options;
  const { path, ...post } = at(target, "POST");
  const answer = await repeat(
    () => request(target.server, { ...post, path: `${path}/complete`, body, signal, expected: 201 }),
    { tries: TRANSFER_TRIES, ...options },
  );
  text(answer?.share);
  return answer;
}

/**
 * Takes it back. That it is gone already counts as done. @param {UploadTarget} target @param {RepeatOptions} [options]
 */
export async function abortUpload(target, options = {}) {
  const { signal = null } = options;
  await repeat(() => gone(request(target.server, { ...at(target, "DELETE"), signal, expected: 204 })), options);
}

/**
 * Takes `not_found` as done.
 * @param {Promise<unknown>} deletion
 */
export async function gone(deletion) {
  try {
    await deletion;
  } catch (error) {
    if (!(error instanceof OnekeyError) || error.code !== "not_found") throw error;
  }
}

/** @param {UploadTarget} target @param {string} method */
function at({ id, token }, method) {
  return { method, path: `/uploads/${id}`, authorization: owner(token) };
}

/** Most characters of an id: it becomes part of paths. */
const ID = /^[A-Za-z0-9_-]{22}$/;

/** @param {unknown} value @returns {string} */
function text(value) {
  if (typeof value !== "string" || !ID.test(value)) throw new OnekeyError("not_onekey", 201);
  return value;
}

/** Most parts of an upload (protocol.md 5). */
export const MAX_PARTS = 9_999;

/** @param {number[]} numbers */
const isOrdered = (numbers) => numbers.every((number, at) => at === 0 || Number(numbers[at - 1]) <= number);

/** @param {unknown} runs */
function isRuns(runs) {
  const isRun = (/** @type {any} */ run) =>
    Array.isArray(run) && run.length === 2 && run.every(Number.isInteger) && isOrdered([0, ...run, MAX_PARTS - 1]);
  return Array.isArray(runs) && runs.length <= MAX_PARTS && runs.every(isRun);
}
