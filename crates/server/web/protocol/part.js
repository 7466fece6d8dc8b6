// One part of an upload on its way. By XMLHttpRequest where there is one: only it tells how much has left.

import { OnekeyError } from "../error.js";
import { MAX_REFUSAL, readAnswer, refusal } from "./answer.js";
import { owner } from "./authorization.js";
import { ANSWER_WAIT, apiUrl, PLAIN, withDeadline } from "./request.js";

/** @import { Bytes } from "../container/bytes.js" */
/** @import { UploadTarget } from "./uploads.js" */

/** Longest silence while bytes should flow, in milliseconds. A body has no other limit: it is as slow as the line. */
const IDLE_WAIT = 60_000;

/**
 * @typedef {object} PartRequest
 * @property {number} index
 * @property {Bytes} body
 * @property {Uint8Array} digest SHA-256 of the body
 * @property {AbortSignal} signal
 * @property {(sent: number) => void} onSent hears how many bytes of the body were handed to the network
 */

/**
 * Sends a part once. Returns when the server has it.
 * @param {UploadTarget} target
 * @param {PartRequest} part
 * @returns {Promise<void>}
 * @throws {OnekeyError} as `request`
 */
export function sendPart(target, part) {
  const url = apiUrl(target.server, `/uploads/${target.id}/parts/${part.index}`);
  const headers = {
    Authorization: owner(target.token),
    "Content-Type": "application/octet-stream",
    "Content-Digest": contentDigest(part.digest),
  };
  return typeof XMLHttpRequest === "function" ? byXhr(url, headers, part) : byFetch(url, headers, part);
}

/** RFC 9530: the one place where the protocol has standard base64, with padding. @param {Uint8Array} sha256 */
export const contentDigest = (sha256) => `sha-256=:${btoa(String.fromCharCode(...sha256))}:`;

/** @param {string} url @param {Record<string, string>} headers @param {PartRequest} part */
function byXhr(url, headers, { body, signal, onSent }) {
  return new Promise((/** @type {(nothing: void) => void} */ resolve, reject) => {
    if (signal.aborted) return reject(new OnekeyError("cancelled"));
    const xhr = new XMLHttpRequest();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const wait = (/** @type {number} */ milliseconds) => {
      clearTimeout(timer);
      timer = setTimeout(() => xhr.abort(), milliseconds);
    };
    const cancel = () => xhr.abort();
    const end = (/** @type {OnekeyError | null} */ error) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", cancel);
      if (error === null) return resolve();
      reject(signal.aborted ? new OnekeyError("cancelled") : error);
    };
    xhr.open("PUT", url);
    xhr.responseType = "text";
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = ({ loaded }) => {
      wait(IDLE_WAIT);
      onSent(loaded);
    };
    xhr.upload.onload = () => wait(ANSWER_WAIT);
    xhr.onload = () => end(judged(xhr, url));
    // Aborted by us: cancelled, or silent for too long.
    xhr.onerror = xhr.onabort = () => end(new OnekeyError("network"));
    signal.addEventListener("abort", cancel, { once: true });
    wait(IDLE_WAIT);
    // As a Blob: of what is sent from memory, open developer tools and whatever drives a browser get a copy as text, and that
    // makes sending ten times slower.
    xhr.send(new Blob([body]));
  });
}

/** @param {XMLHttpRequest} xhr @param {string} url @returns {OnekeyError | null} */
function judged(xhr, url) {
  const { status, responseURL, responseText } = xhr;
  // A redirect, which XMLHttpRequest follows. What is not of this origin the page's policy refused.
  if (responseURL !== "" && responseURL !== url) return new OnekeyError("not_onekey", status);
  if (status === 204) return null;
  if (status < 400 || responseText.length > MAX_REFUSAL) return new OnekeyError("not_onekey", status);
  return refusal(status, xhr.getResponseHeader("Retry-After"), responseText);
}

/**
 * For Node, which has no XMLHttpRequest. @param {string} url @param {Record<string, string>} headers
 * @param {PartRequest} part
 */
async function byFetch(url, headers, { body, signal, onSent }) {
  await withDeadline(ANSWER_WAIT, signal, async (within, moving) => {
    const response = await fetch(url, { ...PLAIN, method: "PUT", headers, body, signal: within });
    const answer = await readAnswer(response, moving);
    if (response.status === 204) return;
    if (response.ok) throw new OnekeyError("not_onekey", response.status);
    throw refusal(response.status, response.headers.get("Retry-After"), answer);
  });
  onSent(body.length);
}
