// Ciphertext of the payload in order, with one grant. A connection that is lost is made again, and what is missing is asked
// for from the last whole chunk on; so many tries in a row, and it is over.

import { OVERHEAD } from "../container/message.js";
import { encryptedChunkSize } from "../container/size.js";
import { OnekeyError } from "../error.js";
import { payloadRange } from "../protocol/payload.js";
import { Attempts, isPassing, QUESTION_TRIES, sleep, TRANSFER_TRIES } from "../protocol/retry.js";

/** @import { Job } from "../worker/job.js" */
/** @import { Run } from "./runs.js" */

/** Plaintext bytes of a piece, or one chunk if that is more: enough for its costs not to matter, and few fill no memory. */
export const PIECE = 1 << 20;

/**
 * Bytes of one request, about: Firefox reads an answer as fast as it comes, and keeps in memory what nobody has taken yet.
 */
const WINDOW = 64 << 20;

/** Longest wait for the next bytes of a body, in milliseconds: a line that stands still for so long is dead. */
const STALL = 60_000;

/** How often a body is looked at, in milliseconds: cheaper than a timer for each of its pieces. */
const STALL_LOOK = 5_000;

/**
 * What is fetched, and how.
 * @typedef {object} Source
 * @property {URL | string} server
 * @property {string} grant
 * @property {number} size payload bytes, as the opened link said
 * @property {number} exponent
 * @property {CryptoKey} payloadKey
 * @property {Pick<Job<any>, "running" | "signal">} job
 * @property {(seconds: number | null) => void} waiting hears of every wait, and with null of its end
 * @property {() => Promise<void>} over is called when the server knows the grant no more
 */

/**
 * Whole chunks, and which one is the first; `end` if the payload's last chunk is among them.
 * @typedef {{first: number, bytes: Uint8Array<ArrayBuffer>, end: boolean}} Piece
 */

/**
 * @param {Source} source
 * @param {Run[]} runs
 * @returns {AsyncGenerator<Piece, void, void>}
 * @throws {OnekeyError} the server's code, `truncated` or `damaged` when its payload has another length, `network`
 */
export async function* fetchPieces(source, runs) {
  const chunk = encryptedChunkSize(source.exponent);
  const window = Math.floor(WINDOW / chunk) * chunk;
  for (const { first, end } of runs) {
    const stop = Math.min(end * chunk, source.size);
    let at = first * chunk;
    let attempts = tries();
    while (at < stop) {
      try {
        for await (const bytes of body(source, at, Math.min(at + window, stop), chunk)) {
          yield { first: at / chunk, bytes, end: at + bytes.length === source.size };
          at += bytes.length;
          attempts = tries();
        }
      } catch (error) {
        await pause(source, attempts, OnekeyError.from(error));
      }
    }
  }
}

/** A server that says it lost the bytes will say so again; a line comes back. */
const tries = () => ({ refused: new Attempts(QUESTION_TRIES), lost: new Attempts(TRANSFER_TRIES) });

/** @param {Source} source @param {ReturnType<typeof tries>} attempts @param {OnekeyError} error */
async function pause({ job, waiting, over }, attempts, error) {
  if (job.signal.aborted) throw new OnekeyError("cancelled");
  if (error.code === "not_found") {
    await over();
    // To take another one spends a download: that is for the person to ask.
    throw new OnekeyError("grant_ended");
  }
  if (!isPassing(error)) throw error;
  const wait = (error.code === "internal" ? attempts.refused : attempts.lost).after(error);
  waiting(wait / 1_000);
  await sleep(wait, { signal: job.signal, untilOnline: error.code === "network" });
  waiting(null);
}

/**
 * One request, and its bytes in pieces of whole chunks. What came behind the last whole chunk before a failure is dropped.
 * @param {Source} source @param {number} at @param {number} stop @param {number} chunk
 * @returns {AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>}
 */
async function* body(source, at, stop, chunk) {
  const { job, size } = source;
  await job.running();
  const aborter = new AbortController();
  const abort = () => aborter.abort();
  job.signal.addEventListener("abort", abort, { once: true });
  try {
    const last = stop === size ? null : stop - 1;
    const response = await payloadRange(source.server, source.grant, at, last, aborter.signal).catch(lengthOf);
    checkLength(response, size);
    yield* wholeChunks(response, stop - at, chunk, job, abort);
  } finally {
    // Also when nobody wants the rest.
    aborter.abort();
    job.signal.removeEventListener("abort", abort);
  }
}

/** @param {unknown} error @returns {never} */
function lengthOf(error) {
  // The payload ends before the first byte that was asked for.
  if (error instanceof OnekeyError && error.code === "range_not_satisfiable") throw new OnekeyError("truncated");
  throw error;
}

/**
 * A payload never changes: another length than the link's answer named is another payload.
 * @param {Response} response @param {number} size
 */
function checkLength(response, size) {
  const { headers, status } = response;
  const field = status === 206 ? headers.get("Content-Range")?.split("/")[1] : headers.get("Content-Length");
  // A proxy that encodes anew may leave the length of the whole out; the bytes are counted in any case.
  if (field === undefined || field === null) return;
  const said = Number(field);
  if (said < size) throw new OnekeyError("truncated");
  if (said !== size) throw new OnekeyError("damaged");
}

/**
 * @param {Response} response @param {number} length bytes that must come @param {number} chunk
 * @param {Pick<Job<any>, "running">} job @param {() => void} abort ends the request
 * @returns {AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>}
 */
async function* wholeChunks(response, length, chunk, job, abort) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const piece = Math.max(1, PIECE / (chunk - OVERHEAD)) * chunk;
  const watch = new Watch(abort);
  let left = length;
  let buffer = new Uint8Array(Math.min(piece, left));
  let filled = 0;
  try {
    for (;;) {
      await job.running();
      const { done, value } = await watch.over(reader.read());
      if (done) break;
      for (let from = 0; from < value.length; ) {
        const taken = Math.min(value.length - from, buffer.length - filled);
        // More than the answer announced: whoever sends it is no onekey server.
        if (taken === 0) throw new OnekeyError("not_onekey", response.status);
        buffer.set(value.subarray(from, from + taken), filled);
        from += taken;
        filled += taken;
        if (filled < buffer.length) break;
        left -= filled;
        const full = buffer;
        buffer = new Uint8Array(Math.min(piece, left));
        filled = 0;
        yield full;
      }
    }
  } catch (error) {
    if (error instanceof OnekeyError) throw error;
    if (left === 0) return;
    yield* arrived(buffer, filled, chunk);
    throw new OnekeyError("network", null, { cause: error });
  } finally {
    watch.end();
    reader.cancel().catch(() => {});
  }
  if (left === 0) return;
  yield* arrived(buffer, filled, chunk);
  // A body that ends before its length is a failure of the way (protocol.md 11).
  throw new OnekeyError("network");
}

/**
 * Also before a failure: a line that breaks often must get ahead all the same.
 * @param {Uint8Array<ArrayBuffer>} buffer @param {number} filled @param {number} chunk
 */
function* arrived(buffer, filled, chunk) {
  const whole = filled - (filled % chunk);
  if (whole > 0) yield buffer.slice(0, whole);
}

/** Ends a request whose bytes do not come. Time in which nobody asks for any does not count. */
class Watch {
  #asking = false;
  #looks = 0;

  /** @param {() => void} abort */
  constructor(abort) {
    this.timer = setInterval(() => {
      if (this.#asking && ++this.#looks >= STALL / STALL_LOOK) abort();
    }, STALL_LOOK);
  }

  /** @template T @param {Promise<T>} read @returns {Promise<T>} */
  async over(read) {
    this.#asking = true;
    this.#looks = 0;
    try {
      return await read;
    } finally {
      this.#asking = false;
    }
  }

  end() {
    clearInterval(this.timer);
  }
}
