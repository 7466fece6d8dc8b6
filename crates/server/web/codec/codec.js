// Compression of files before they are encrypted (format.md 8): Brotli, and gzip where that is not to be had.

import { brotliCoder, canRunBrotli } from "./brotli.js";
import { CoderError, INPUT } from "./coder.js";
import { gunzipped, gzipped } from "./gzip.js";
import { concat, source } from "../container/bytes.js";
import { stage } from "../container/stage.js";
import { OnekeyError } from "../error.js";

/** @import { Bytes } from "../container/bytes.js" */
/** @import { Stage } from "../container/stage.js" */
/** @import { Coder } from "./coder.js" */

/** @typedef {"br" | "gzip"} Codec */

/**
 * Compresses in memory.
 * @param {Uint8Array} bytes @returns {Promise<{codec: Codec, bytes: Bytes} | null>} null if it does not get smaller
 */
export async function compressWhole(bytes) {
  const { codec, compress } = await encoder();
  /** @type {Bytes[]} */
  const pieces = [];
  let length = 0;
  for await (const piece of compress(inputs([bytes]))) {
    length += piece.length;
    if (length >= bytes.length) return null;
    pieces.push(piece);
  }
  return { codec, bytes: concat(...pieces) };
}

/**
 * Compresses while the file streams. Whether that pays shows only at its end.
 * @returns {Promise<Stage & {codec: Codec}>}
 */
export async function compressor() {
  const { codec, compress } = await encoder();
  return { codec, ...stage((pieces) => compress(inputs(pieces))) };
}

/**
 * Decompresses a file's stored bytes, which must be exactly one stream. Memory is bounded whatever the stream holds.
 * @param {Codec} codec @param {number} size of the file
 * @returns {Stage} It gives exactly `size` bytes, and never more, or fails: `damaged`; `unsupported_browser` where
 *   there can be no Brotli, `network` where it did not load.
 */
export function decompress(codec, size) {
  return stage(async function* (pieces) {
    let left = size;
    const decoded = codec === "br" ? brotliDecoded(inputs(pieces)) : gunzipped(pieces, size);
    for await (const piece of decoded) {
      left -= piece.length;
      if (left < 0) throw new OnekeyError("damaged");
      if (piece.length > 0) yield piece;
    }
    if (left > 0) throw new OnekeyError("damaged");
  });
}

/** @returns {Promise<{codec: Codec, compress: (pieces: AsyncIterable<Bytes>) => AsyncGenerator<Bytes, void>}>} */
async function encoder() {
  const coder = await brotliCoder("compress");
  if (coder === null) return { codec: "gzip", compress: gzipped };
  return { codec: "br", compress: (pieces) => brotliEncoded(coder, pieces) };
}

/** @param {Coder} coder @param {AsyncIterable<Bytes>} pieces @returns {AsyncGenerator<Bytes, void>} */
async function* brotliEncoded(coder, pieces) {
  try {
    for await (const piece of pieces) yield* outputs(coder, piece);
    yield* outputs(coder, null);
  } catch (error) {
    throw error instanceof CoderError ? new OnekeyError("internal_page", "brotli") : error;
  } finally {
    coder.close();
  }
}

/** @param {AsyncIterable<Bytes>} pieces @returns {AsyncGenerator<Bytes, void>} */
async function* brotliDecoded(pieces) {
  const coder = await brotliCoder("decompress");
  if (coder === null) throw new OnekeyError(canRunBrotli() ? "network" : "unsupported_browser", "brotli");
  let ended = false;
  try {
    for await (const piece of pieces) ended = yield* outputs(coder, piece);
    if (!ended) throw new CoderError("data");
  } catch (error) {
    if (!(error instanceof CoderError)) throw error;
    throw error.kind === "data" ? new OnekeyError("damaged") : new OnekeyError("internal_page", "brotli");
  } finally {
    coder.close();
  }
}

/**
 * Runs the coder until it wants more input.
 * @param {Coder} coder @param {Bytes | null} input @returns {AsyncGenerator<Bytes, boolean>} whether the stream ended
 */
async function* outputs(coder, input) {
  for (let step = await coder.step(input); ; step = await coder.step(input && input.subarray(0, 0))) {
    if (step.output.length > 0) yield step.output;
    // Bytes behind the end, also in a piece that comes after it.
    if (step.ended && step.unused > 0) throw new CoderError("data");
    if (!step.more) return step.ended;
  }
}

/**
 * Cuts into what a coder takes at once, and leaves out what is empty.
 * @param {AsyncIterable<Uint8Array> | Iterable<Uint8Array>} pieces @returns {AsyncGenerator<Bytes, void>}
 */
async function* inputs(pieces) {
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += INPUT) yield source(piece.subarray(at, at + INPUT));
  }
}
