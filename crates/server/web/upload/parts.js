// Reads, encrypts, records and sends parts: several at once, and never more of them in memory than a window.

import { encryptChunks } from "../container/payload.js";
import { sha256 } from "../container/derive.js";
import { chunkSize, encryptedChunkSize, payloadLength } from "../container/size.js";
import { OnekeyError } from "../error.js";
import { deliver } from "./deliver.js";
import { Restart } from "./restart.js";

/** @import { Bytes } from "../container/bytes.js" */
/** @import { Header } from "../container/header.js" */
/** @import { Job } from "../worker/job.js" */
/** @import { UploadTarget } from "../protocol/uploads.js" */
/** @import { Meter } from "./meter.js" */
/** @import { Records } from "./records.js" */

/** Parts on their way at once: one connection would wait for each answer. */
const IN_FLIGHT = 4;

/** Parts in memory at once: those on their way, one that is encrypted and one that is read. */
const WINDOW = IN_FLIGHT + 2;

/**
 * The plaintext of a part. `there`: the server has it, so that it is only compared.
 * @typedef {{index: number, plaintext: Bytes, last: boolean, there: boolean}} PartPlaintext
 */

/**
 * What sends parts needs.
 * @typedef {object} Sending
 * @property {UploadTarget} target
 * @property {Header} header
 * @property {number} chunks chunks of a whole part
 * @property {AsyncIterable<PartPlaintext>} plaintexts
 * @property {Records} records
 * @property {Meter} meter
 * @property {Job<any>} job
 */

/**
 * Sends all parts. Returns the bytes of the payload that the server then has of them.
 * @param {Sending} sending
 * @returns {Promise<number>}
 * @throws {Restart}
 * @throws {OnekeyError}
 */
export async function sendParts(sending) {
  const { plaintexts, job } = sending;
  const aborter = new AbortController();
  const cancel = () => aborter.abort();
  job.signal.addEventListener("abort", cancel, { once: true });
  const flight = new Slots(IN_FLIGHT);
  const successes = { count: 0 };
  /**
   * Buffers of encrypted parts go round: a new one for each part costs browsers more than encrypting it.
   * @type {Bytes[]}
   */
  const buffers = [];
  /** @type {Set<Promise<void>>} */
  const running = new Set();
  /** @type {{error: unknown} | null} */
  let failure = null;
  const fail = (/** @type {unknown} */ error) => {
    failure ??= { error };
    aborter.abort();
  };
  let bytes = 0;
  try {
    for await (const part of plaintexts) {
      const task = sendOne(sending, part, { signal: aborter.signal, flight, successes, buffers })
        .then((length) => void (bytes += length), fail)
        .finally(() => running.delete(task));
      running.add(task);
      // One more may be read now than what is in this window, and that is the last one of it.
      while (running.size >= WINDOW - 1) await Promise.race(running);
      if (failure) break;
      await job.running();
    }
  } catch (error) {
    fail(error);
  }
  await Promise.all(running);
  job.signal.removeEventListener("abort", cancel);
  if (job.signal.aborted) throw new OnekeyError("cancelled");
  if (failure) throw /** @type {{error: unknown}} */ (failure).error;
  return bytes;
}

/**
 * @param {Sending} sending @param {PartPlaintext} part
 * @param {{signal: AbortSignal, flight: Slots, successes: {count: number}, buffers: Bytes[]}} shared
 * @returns {Promise<number>} bytes of the part in the payload
 */
async function sendOne({ target, header, chunks, records, meter, job }, part, { signal, flight, successes, buffers }) {
  const { index, last, there } = part;
  // The last part may be far smaller than others.
  const buffer = there || last ? null : (buffers.pop() ?? new Uint8Array(chunks * encryptedChunkSize(header.exponent)));
  const sealing = there ? null : seal(header, index * chunks, part, buffer);
  // Another failure ends this one first.
  sealing?.catch(() => {});
  const repeated = await records.admit(index, part.plaintext, last);
  if (sealing === null) {
    // It was recorded, else there would be nothing to compare it with.
    if (!repeated) throw new Restart("unrecorded");
    const length = payloadOf(part, header);
    meter.had(length);
    records.hasSent(index, length);
    return length;
  }
  part.plaintext = new Uint8Array();
  const { body, digest } = await sealing;
  await flight.take(signal);
  try {
    await deliver(target, { index, body, digest, repeated }, { signal, successes, meter, job });
  } finally {
    flight.give();
  }
  if (buffer) buffers.push(buffer);
  records.hasSent(index, body.length);
  return body.length;
}

/** @param {Header} header @param {number} first @param {PartPlaintext} part @param {Bytes | null} buffer */
async function seal({ payloadKey, exponent }, first, { plaintext, last }, buffer) {
  const body = await encryptChunks(payloadKey, exponent, first, plaintext, last, buffer);
  return { body, digest: await sha256(body) };
}

/** Bytes of a part in the payload. @param {PartPlaintext} part @param {Header} header */
function payloadOf({ plaintext: { length }, last }, { exponent }) {
  return last ? payloadLength(length, exponent) : (length / chunkSize(exponent)) * encryptedChunkSize(exponent);
}

/** Places that are taken and given back. */
class Slots {
  /** @type {(() => void)[]} */
  #waiting = [];

  /** @param {number} free */
  constructor(free) {
    this.free = free;
  }

  /** @param {AbortSignal} signal */
  async take(signal) {
    while (this.free === 0 && !signal.aborted) {
      await new Promise((/** @type {(nothing: void) => void} */ resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    if (signal.aborted) throw new OnekeyError("cancelled");
    this.free -= 1;
  }

  give() {
    this.free += 1;
    this.#waiting.shift()?.();
  }
}
