// Where Brotli runs: in a worker of its own, which is started for the first stream. It is the only one that may run
// WASM.

import { startBrotli, WANTED } from "./brotli-start.js";
import { CoderError, LocalCoder } from "./coder.js";

/** @import { Brotli, Coder, Direction, Step } from "./coder.js" */

/** Longest wait for the worker and its module, in milliseconds: it is 1 MB to fetch. Then gzip takes its place. */
const LOAD_DEADLINE = 20_000;

/** Starts streams. @typedef {(direction: Direction) => Coder} Place */

/** @type {Promise<Place | null> | null} */
let place = null;

/**
 * Runs Brotli right here from now on: where there are no workers, as in Node.
 * @param {Brotli | null} module null: it is not to be had
 */
export function runBrotliHere(module) {
  place = Promise.resolve(module && ((direction) => new LocalCoder(module, direction)));
}

/** @returns {boolean} whether this browser has what Brotli needs; without it only gzip is left */
export const canRunBrotli = () => typeof Worker !== "undefined" && typeof WebAssembly !== "undefined";

/** @param {Direction} direction @returns {Promise<Coder | null>} null if WASM is not to be had */
export async function brotliCoder(direction) {
  place ??= startWorker();
  let found = await place;
  // Gzip takes the place of a compressor that did not load; nothing that of a decompressor, so it is tried again.
  if (found === null && direction === "decompress" && canRunBrotli()) found = await (place = startWorker());
  return found?.(direction) ?? null;
}

/** @returns {Promise<Place | null>} */
function startWorker() {
  return new Promise((resolve) => {
    if (!canRunBrotli()) return resolve(null);
    const { port1: door, port2: itsDoor } = new MessageChannel();
    const { port1: fate, port2: itsFate } = new MessageChannel();
    const timer = setTimeout(() => end(null), LOAD_DEADLINE);
    /** @param {Place | null} found */
    const end = (found) => {
      clearTimeout(timer);
      if (found === null) fate.postMessage("end");
      resolve(found);
    };
    door.onmessage = ({ data }) => end(data === "loaded" ? (direction) => new RemoteCoder(door, fate, direction) : null);
    // Its script was not to be had, is not allowed to run, or broke.
    fate.onmessage = () => end(null);
    const ports = [itsDoor, itsFate];
    if (typeof document === "undefined") self.postMessage(WANTED, { transfer: ports });
    else startBrotli(ports);
  });
}

/** A stream in the worker. @implements {Coder} */
class RemoteCoder {
  #port;
  #fate;
  /** @type {{resolve: (step: Step) => void, reject: (error: CoderError) => void} | null} */
  #waiting = null;

  /** @param {MessagePort} door @param {MessagePort} fate @param {Direction} direction */
  constructor(door, fate, direction) {
    const { port1, port2 } = new MessageChannel();
    this.#fate = fate;
    this.#port = port1;
    port1.onmessage = ({ data: { step, failure } }) => {
      if (failure === "broken") this.#broken();
      else if (failure) this.#waiting?.reject(new CoderError(failure));
      else this.#waiting?.resolve(step);
    };
    fate.addEventListener("message", this.#broken);
    door.postMessage(direction, [port2]);
  }

  /** @param {Uint8Array | null} input @returns {Promise<Step>} */
  step(input) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      // A copy goes over: the bytes are the caller's.
      const copy = input && new Uint8Array(input);
      this.#port.postMessage({ input: copy }, copy ? [copy.buffer] : []);
    });
  }

  close() {
    this.#fate.removeEventListener("message", this.#broken);
    this.#port.postMessage("close");
  }

  #broken = () => {
    // The next stream gets a worker whose memory is sound.
    place = null;
    this.#waiting?.reject(new CoderError("broken"));
  };
}
