// The format's face for whoever wants nothing else: a standalone stream, `header || payload`, as two stages of a pipe,
// and the lengths of one (format.md 5, 6).

import { concat } from "./bytes.js";
import { DEFAULT_EXPONENT, HEADER_LENGTH, newHeader, openHeader } from "./header.js";
import { decryptChunks, encryptChunks, PayloadError } from "./payload.js";
import { chunkSize, encryptedChunkSize, payloadLength, plaintextLength } from "./size.js";
import { stage } from "./stage.js";

/** @import { Bytes } from "./bytes.js" */
/** @import { Stage } from "./stage.js" */

/** Bytes that are encrypted at once, if that is more than a chunk: 16 chunks keep every thread busy. */
const BATCH = 2 ** 20;

/**
 * Encrypts. Under one share key there should be one stream.
 * @param {Uint8Array} shareKey 32 bytes @param {number} [exponent] @returns {Stage}
 */
export function encryptStream(shareKey, exponent = DEFAULT_EXPONENT) {
  return stage(async function* (pieces) {
    const header = await newHeader(shareKey, exponent);
    yield header.bytes;
    let index = 0;
    for await (const { bytes, end } of batches(pieces, batchOf(exponent, chunkSize(exponent)))) {
      yield await encryptChunks(header.payloadKey, exponent, index, bytes, end);
      index += bytes.length / chunkSize(exponent);
    }
  });
}

/**
 * Decrypts: releases only plaintext that is authentic, and ends well only behind the last chunk.
 * @param {Uint8Array} shareKey 32 bytes
 * @returns {Stage} It fails with `header`, `unsupported_suite`, `wrong_key`, `damaged` (detail: index of the chunk) or
 *   `truncated`, and stays failed. What was read before is authentic, but not all there was.
 */
export function decryptStream(shareKey) {
  return stage(async function* (pieces) {
    const { head, rest } = await beginning(pieces);
    const { exponent, payloadKey } = await openHeader(head, shareKey);
    const full = encryptedChunkSize(exponent);
    let index = 0;
    for await (const { bytes, end } of batches(rest, batchOf(exponent, full))) {
      try {
        yield await decryptChunks(payloadKey, exponent, index, bytes, end);
      } catch (error) {
        if (error instanceof PayloadError && error.released.length > 0) yield error.released;
        throw error;
      }
      index += bytes.length / full;
    }
  });
}

/** @param {number} length of the plaintext @param {number} [exponent] @returns {number} length of the stream */
export const streamLength = (length, exponent = DEFAULT_EXPONENT) => HEADER_LENGTH + payloadLength(length, exponent);

/** @param {number} length of the stream @param {number} [exponent] @returns {number} length of the plaintext */
export const streamPlaintextLength = (length, exponent = DEFAULT_EXPONENT) =>
  plaintextLength(length - HEADER_LENGTH, exponent);

/** @param {number} exponent @param {number} size of a chunk */
const batchOf = (exponent, size) => size * Math.max(1, BATCH / chunkSize(exponent));

/**
 * Cuts what comes into batches of `size` bytes. The last one is shorter, and may be empty: a full chunk is never last.
 * @param {AsyncIterable<Uint8Array>} pieces @param {number} size
 * @returns {AsyncGenerator<{bytes: Uint8Array, end: boolean}, void>}
 */
async function* batches(pieces, size) {
  let batch = new Uint8Array(size);
  let filled = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + size - filled);
      batch.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < size) continue;
      yield { bytes: batch, end: false };
      filled = 0;
    }
  }
  yield { bytes: batch.subarray(0, filled), end: true };
}

/**
 * Takes the header off.
 * @param {AsyncGenerator<Uint8Array, void>} pieces
 */
async function beginning(pieces) {
  /** @type {Bytes} */
  let head = new Uint8Array();
  while (head.length < HEADER_LENGTH) {
    const { done, value } = await pieces.next();
    if (done) break;
    head = concat(head, value);
  }
  const over = head.subarray(HEADER_LENGTH);
  const rest = (async function* () {
    yield over;
    yield* pieces;
  })();
  return { head: head.subarray(0, HEADER_LENGTH), rest };
}
