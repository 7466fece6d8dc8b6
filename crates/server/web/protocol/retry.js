// What is worth repeating (protocol.md 15), how often, and after which waits: exponential backoff with full jitter, so
// that a server that comes back is not met by everybody at once.

import { OnekeyError } from "../error.js";

/** A gateway's own pages that may be other ones in a moment; 501 and 505 will not change. */
const PASSING_STATUS = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Upper bound of the first wait, in milliseconds. */
const FIRST_WAIT = 500;

/** Upper bound of every wait, in milliseconds. */
const LONGEST_WAIT = 30_000;

/** Longest `Retry-After` that is waited for, in seconds; a server that asks for more is reported instead. */
const LONGEST_RETRY_AFTER = 60;

/** How often a waiting worker looks whether the browser is online again: not every one has the event in workers. */
const ONLINE_LOOK = 1_000;

/** Tries of a question that a person waits for: about three seconds, then they are told. */
export const QUESTION_TRIES = 4;

/** Tries of what belongs to a transfer: about half an hour without any success, a journey through tunnels. */
export const TRANSFER_TRIES = 120;

/** Whether a request that changes nothing more when it is repeated is worth repeating. @param {unknown} error */
export function isPassing(error) {
  if (!(error instanceof OnekeyError)) return false;
  switch (error.code) {
    case "network":
    case "part_busy":
    case "digest_mismatch":
    case "internal":
    case "unavailable":
      return true;
    case "not_onekey":
      return PASSING_STATUS.has(Number(error.detail));
    default:
      return false;
  }
}

/**
 * Whether the request certainly had no effect, so that it may be repeated although a second effect would do harm. That
 * there was no connection at all, no browser tells.
 * @param {unknown} error
 */
export function hadNoEffect(error) {
  return error instanceof OnekeyError && (error.code === "internal" || error.code === "unavailable");
}

/** Upper bound of the wait after so many failures in a row, in milliseconds. @param {number} failed */
export function longestWait(failed) {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(failed - 1, 20));
}

/** The failures in a row of one request. */
export class Attempts {
  #failed = 0;
  #successes = 0;

  /**
   * @param {number} tries in all, the first one counted @param {Successes} [successes] of the transfer this belongs to
   */
  constructor(tries, successes = { count: 0 }) {
    this.tries = tries;
    this.successes = successes;
  }

  /** Forgets the failures, since something was gained. */
  progressed() {
    this.#failed = 0;
  }

  /**
   * How long to wait before the next try, in milliseconds.
   * @param {OnekeyError} error
   * @returns {number}
   * @throws {OnekeyError} the error, when there is to be no other try
   */
  after(error) {
    if (this.successes.count !== this.#successes) {
      this.#successes = this.successes.count;
      this.#failed = 0;
    }
    this.#failed += 1;
    if (this.#failed >= this.tries) throw error;
    const jittered = longestWait(this.#failed) * Math.random();
    if (error.retryAfter === null) return jittered;
    if (error.retryAfter > LONGEST_RETRY_AFTER) throw error;
    // The jitter is added: many clients were told the same number.
    return error.retryAfter * 1_000 + jittered;
  }
}

/** Counts what a transfer gained: while any of its requests succeeds, none of them loses its patience.
 * @typedef {{count: number}} Successes */

/**
 * @typedef {object} RepeatOptions
 * @property {AbortSignal | null} [signal]
 * @property {number} [tries]
 * @property {(error: unknown) => boolean} [again] which failures are repeated
 * @property {Attempts} [attempts]
 * @property {(seconds: number | null) => void} [waiting] hears of every wait, and with null of its end
 */

/**
 * Makes `call` until it succeeds, fails for good, or the tries are used.
 * @template T
 * @param {() => Promise<T>} call
 * @param {RepeatOptions} [options]
 * @returns {Promise<T>}
 */
export async function repeat(call, options = {}) {
  const { signal = null, tries = QUESTION_TRIES, again = isPassing, waiting } = options;
  const attempts = options.attempts ?? new Attempts(tries);
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (signal?.aborted) throw new OnekeyError("cancelled");
      if (!(error instanceof OnekeyError) || !again(error)) throw error;
      const wait = attempts.after(error);
      waiting?.(wait / 1_000);
      // Of what the server says itself, being online again changes nothing.
      await sleep(wait, { signal, untilOnline: error.code === "network" });
      waiting?.(null);
    }
  }
}

/**
 * Waits, or until the browser is online again.
 * @param {number} milliseconds
 * @param {{signal?: AbortSignal | null, untilOnline?: boolean}} [options]
 * @returns {Promise<void>}
 * @throws {OnekeyError} `cancelled`
 */
export function sleep(milliseconds, { signal = null, untilOnline = false } = {}) {
  if (signal?.aborted) return Promise.reject(new OnekeyError("cancelled"));
  return new Promise((resolve, reject) => {
    let wasOnline = isOnline();
    const timer = setTimeout(end, milliseconds);
    const look = untilOnline ? setInterval(lookAgain, ONLINE_LOOK) : undefined;
    if (untilOnline) globalThis.addEventListener?.("online", end);
    signal?.addEventListener("abort", end);
    function lookAgain() {
      if (isOnline() && !wasOnline) end();
      wasOnline = isOnline();
    }
    function end() {
      clearTimeout(timer);
      clearInterval(look);
      globalThis.removeEventListener?.("online", end);
      signal?.removeEventListener("abort", end);
      if (signal?.aborted) reject(new OnekeyError("cancelled"));
      else resolve();
    }
  });
}

function isOnline() {
  return globalThis.navigator?.onLine ?? true;
}
