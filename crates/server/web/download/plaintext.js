// Plaintext of the payload in order. Pieces are decrypted a few at a time, ahead of who reads them, and handed on only once
// every chunk of them has authenticated.

import { chunkSize } from "../container/size.js";
import { decryptChunks } from "../container/payload.js";
import { OnekeyError } from "../error.js";
import { fetchPieces } from "./fetch.js";

/** @import { Source } from "./fetch.js" */
/** @import { Run } from "./runs.js" */

/** Pieces on their way at once: one arrives, one is decrypted, one is being used. */
const AHEAD = 3;

/** Plaintext, and its place in all of it. @typedef {{at: number, bytes: Uint8Array<ArrayBuffer>}} Text */

/** Reads places of the plaintext, which ascend. */
export class Plaintext {
  /** @type {AsyncGenerator<Text, void, void>} */
  #texts;
  /** @type {Text} */
  #text = { at: 0, bytes: new Uint8Array() };

  /** @param {Source} source @param {Run[]} runs the chunks that hold every place that is going to be read */
  constructor(source, runs) {
    const size = chunkSize(source.exponent);
    this.#texts = ahead(fetchPieces(source, runs), AHEAD, async ({ first, bytes, end }) => ({
      at: first * size,
      bytes: await decryptChunks(source.payloadKey, source.exponent, first, bytes, end),
    }));
  }

  /**
   * @param {number} start @param {number} end the first byte behind it
   * @returns {AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>}
   */
  async *range(start, end) {
    for (let at = start; at < end; ) {
      while (at >= this.#text.at + this.#text.bytes.length) await this.#next();
      const from = at - this.#text.at;
      if (from < 0) throw new OnekeyError("internal_page");
      const bytes = this.#text.bytes.subarray(from, Math.min(this.#text.bytes.length, end - this.#text.at));
      at += bytes.length;
      yield bytes;
    }
  }

  /** Opens what nobody read: padding and last chunk. */
  async rest() {
    while (!(await this.#texts.next()).done);
  }

  /** Ends the requests. Not waited for: what is under way ends with the job. */
  close() {
    this.#texts.return().catch(() => {});
  }

  async #next() {
    const { done, value } = await this.#texts.next();
    if (done) throw new OnekeyError("truncated");
    this.#text = value;
  }
}

/**
 * Does `work` on what `source` gives, some of it at a time, and gives the results in order.
 * @template T, R
 * @param {AsyncGenerator<T, void, void>} source @param {number} count @param {(value: T) => Promise<R>} work
 * @returns {AsyncGenerator<R, void, void>}
 */
export async function* ahead(source, count, work) {
  /** @type {Promise<{value: R} | null>[]} */
  const queue = [];
  const start = () => {
    const next = source.next().then(async ({ done, value }) => (done ? null : { value: await work(value) }));
    // Nobody waits any more for those behind a failure.
    next.catch(() => {});
    queue.push(next);
  };
  try {
    while (queue.length < count) start();
    for (;;) {
      const next = await queue.shift();
      if (!next) return;
      start();
      yield next.value;
    }
  } finally {
    // Not awaited: a read that is under way ends with the job.
    source.return().catch(() => {});
  }
}
