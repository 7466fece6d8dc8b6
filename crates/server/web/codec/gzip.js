// gzip by the browser's own streams: the fallback for compression, and for reading what others compressed so.

import { source } from "../container/bytes.js";
import { piecesOf } from "../container/stage.js";
import { OnekeyError } from "../error.js";

/** @import { Bytes } from "../container/bytes.js" */

/**
 * Bytes that go in at once: deflate grows at most about a thousandfold, and browsers decode all of a piece: 4 MiB come
 * out.
 */
const INPUT = 2 ** 12;

/** Bytes of the length at the end of a member, modulo 2^32 (RFC 1952). */
const LENGTH_FIELD = 4;

/** @param {AsyncIterable<Bytes>} pieces @returns {AsyncGenerator<Bytes, void>} */
export async function* gzipped(pieces) {
  yield* through(pieces, new CompressionStream("gzip"), (error) => error);
}

/**
 * Decodes one member that ends with the input. Browsers refuse what stands behind it; Node takes a second member, so
 * the length at the end is compared too.
 * @param {AsyncIterable<Uint8Array>} pieces @param {number} size that must come out
 * @returns {AsyncGenerator<Bytes, void>}
 */
export async function* gunzipped(pieces, size) {
  const tail = new Uint8Array(LENGTH_FIELD);
  /** @param {Uint8Array} piece */
  const remember = (piece) => {
    tail.copyWithin(0, Math.min(piece.length, LENGTH_FIELD));
    tail.set(piece.subarray(-LENGTH_FIELD), LENGTH_FIELD - Math.min(piece.length, LENGTH_FIELD));
  };
  yield* through(slices(pieces, remember), new DecompressionStream("gzip"), () => new OnekeyError("damaged"));
  if (new DataView(tail.buffer).getUint32(0, true) !== size % 2 ** 32) throw new OnekeyError("damaged");
}

/** @param {AsyncIterable<Uint8Array>} pieces @param {(piece: Uint8Array) => void} look */
async function* slices(pieces, look) {
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += INPUT) {
      const slice = source(piece.subarray(at, at + INPUT));
      look(slice);
      yield slice;
    }
  }
}

/**
 * Passes pieces through a stream of the browser's.
 * @param {AsyncGenerator<Bytes, void> | AsyncIterable<Bytes>} pieces @param {GenericTransformStream} transform
 * @param {(error: unknown) => unknown} explain what a failure of the stream means
 * @returns {AsyncGenerator<Bytes, void>}
 */
async function* through(pieces, transform, explain) {
  /** @type {{error: unknown} | null} */
  let sourceFailure = null;
  const iterator = pieces[Symbol.asyncIterator]();
  /** @type {ReadableStream<Bytes>} */
  const input = new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await iterator.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          sourceFailure = { error };
          throw error;
        }
      },
    },
    { highWaterMark: 0 },
  );
  const reader = input.pipeThrough(/** @type {ReadableWritablePair<Bytes, Bytes>} */ (transform)).getReader();
  try {
    yield* piecesOf(reader);
  } catch (error) {
    // A failure of where the bytes come from stays what it is.
    throw sourceFailure ? /** @type {{error: unknown}} */ (sourceFailure).error : explain(error);
  } finally {
    reader.cancel().catch(() => {});
  }
}
