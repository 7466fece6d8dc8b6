// Lengths of chunks and payloads (format.md 6). Integers only: every step is exact below 2^53.

import { OVERHEAD } from "./message.js";
import { OnekeyError } from "../error.js";

/** A payload has fewer bytes (format.md 5): from here on JavaScript's numbers have gaps. */
export const PAYLOAD_LIMIT = 2 ** 53;

/** A payload has at most so many chunks: their index is below 2^32 (format.md 5). */
export const MAX_CHUNKS = 2 ** 32;

/** @param {number} exponent @returns {number} plaintext bytes of a full chunk, C */
export const chunkSize = (exponent) => 2 ** exponent;

/** @param {number} exponent @returns {number} bytes of a full chunk once encrypted, E */
export const encryptedChunkSize = (exponent) => 2 ** exponent + OVERHEAD;

/**
 * @param {number} length plaintext bytes @param {number} exponent @returns {number} chunks, the last one included
 * @throws {OnekeyError} `size`
 */
export function chunkCount(length, exponent) {
  return payload(length, exponent).chunks;
}

/**
 * @param {number} length plaintext bytes @param {number} exponent @returns {number} payload bytes
 * @throws {OnekeyError} `size` for a plaintext that is too large
 */
export function payloadLength(length, exponent) {
  return payload(length, exponent).bytes;
}

/**
 * @param {number} length payload bytes @param {number} exponent @returns {number} plaintext bytes
 * @throws {OnekeyError} `size` for a length that no payload has (detail `not-a-payload` or `too-large`)
 */
export function plaintextLength(length, exponent) {
  checkNumber(length);
  const full = encryptedChunkSize(exponent);
  const last = length % full;
  if (last < OVERHEAD) throw new OnekeyError("size", "not-a-payload");
  const before = (length - last) / full;
  if (before >= MAX_CHUNKS) throw new OnekeyError("size", "too-large");
  return before * chunkSize(exponent) + last - OVERHEAD;
}

/** @param {number} length @param {number} exponent */
function payload(length, exponent) {
  checkNumber(length);
  const size = chunkSize(exponent);
  const chunks = (length - (length % size)) / size + 1;
  const bytes = length + chunks * OVERHEAD;
  if (chunks > MAX_CHUNKS || bytes >= PAYLOAD_LIMIT) throw new OnekeyError("size", "too-large");
  return { chunks, bytes };
}

/** @param {number} length */
function checkNumber(length) {
  if (length >= PAYLOAD_LIMIT) throw new OnekeyError("size", "too-large");
  if (!Number.isSafeInteger(length) || length < 0) throw new OnekeyError("size", "not-a-payload");
}
