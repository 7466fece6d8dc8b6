// A long call in the worker: it reports progress, can be paused, and can be cancelled.

import { OnekeyError } from "../error.js";

/** @template P the progress that is reported */
export class Job {
  #aborter = new AbortController();
  /** @type {PromiseWithResolversLike | null} */
  #pause = null;

  /** @param {(progress: P) => void} report */
  constructor(report) {
    this.report = report;
  }

  /** Ends with the call: pass it to every wait. */
  get signal() {
    return this.#aborter.signal;
  }

  get paused() {
    return this.#pause !== null;
  }

  /** Resolves at once, or when a pause is over. @throws {OnekeyError} `cancelled` */
  async running() {
    while (this.#pause && !this.signal.aborted) await this.#pause.promise;
    if (this.signal.aborted) throw new OnekeyError("cancelled");
  }

  pause() {
    this.#pause ??= resolvers();
  }

  resume() {
    this.#pause?.resolve();
    this.#pause = null;
  }

  cancel() {
    this.#aborter.abort(new OnekeyError("cancelled"));
    this.resume();
  }
}

/** @typedef {{promise: Promise<void>, resolve: () => void}} PromiseWithResolversLike */

/** @returns {PromiseWithResolversLike} */
function resolvers() {
  let resolve = () => {};
  const promise = /** @type {Promise<void>} */ (new Promise((done) => (resolve = done)));
  return { promise, resolve };
}
