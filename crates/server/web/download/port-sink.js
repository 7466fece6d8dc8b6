// Bytes to the service worker, which hands them to the browser's download. It says how many pieces it has room for, so that
// memory stays bounded, and confirms at the end that the browser took every byte.
//
//   to the service worker     a piece (Uint8Array) · {end: bytes} · {error: true} · "alive?"
//   from it                   "taken" · "lost" (the browser ended the download) · {closed: bytes} · "alive"

import { OnekeyError } from "../error.js";

/** Pieces on their way to the browser at once: hides the way there and back, in 4 MiB. */
const AHEAD = 4;

/** How often the service worker is asked whether it lives, in milliseconds: browsers stop an idle one after 30 seconds. */
const BEAT = 10_000;

/** Questions without an answer after which it is gone. Beats are counted and not time: a sleeping machine asks nothing. */
const MISSED_BEATS = 3;

/** Sends pieces, no more than there is room for. */
export class PortSink {
  #port;
  #room = AHEAD;
  #missed = 0;
  #sent = 0;
  /** @type {OnekeyError | null} */
  #failure = null;
  /** @type {number | null} */
  #closed = null;
  /** @type {() => void} */
  #wake = () => {};
  #beat;

  /** @param {MessagePort} port @param {() => void} alive is called with every beat */
  constructor(port, alive) {
    this.#port = port;
    port.onmessage = ({ data }) => {
      this.#missed = 0;
      if (data === "taken") this.#room += 1;
      else if (data === "lost") this.#fail();
      else if (typeof data?.closed === "number") this.#closed = data.closed;
      this.#wake();
    };
    this.#beat = setInterval(() => {
      if (++this.#missed > MISSED_BEATS) return this.#fail();
      port.postMessage("alive?");
      alive();
    }, BEAT);
  }

  /** @param {Uint8Array<ArrayBuffer>} bytes owning its buffer, which is given away */
  async write(bytes) {
    await this.#until(() => this.#room > 0);
    this.#room -= 1;
    this.#sent += bytes.length;
    this.#port.postMessage(bytes, [bytes.buffer]);
  }

  /** @returns {Promise<null>} */
  async close() {
    this.#port.postMessage({ end: this.#sent });
    await this.#until(() => this.#closed !== null);
    this.#end();
    if (this.#closed !== this.#sent) throw new OnekeyError("download_lost");
    return null;
  }

  async abort() {
    this.#port.postMessage({ error: true });
    this.#end();
  }

  /** @param {() => boolean} condition */
  async #until(condition) {
    while (!this.#failure && !condition()) await /** @type {Promise<void>} */ (new Promise((wake) => (this.#wake = wake)));
    if (this.#failure) throw this.#failure;
  }

  #fail() {
    this.#failure ??= new OnekeyError("download_lost");
    this.#wake();
  }

  #end() {
    clearInterval(this.#beat);
    this.#port.close();
  }
}
