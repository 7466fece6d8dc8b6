// What a Brotli stream looks like from outside, wherever it runs, and how it runs: one step at a time, so that nothing
// is made before it is asked for.

/** @import { Bytes } from "../container/bytes.js" */

/**
 * What came of a step. `more`: call again with nothing new, there is more output. `ended`: the stream is complete;
 * `unused` of the input's bytes stand behind its end.
 * @typedef {{output: Bytes, more: boolean, ended: boolean, unused: number}} Step
 */

/**
 * A stream under way. `step` takes the next bytes (none after a step that said `more`), or null at the end. It fails
 * with `CoderError`.
 * @typedef {{step(input: Uint8Array | null): Promise<Step>, close(): void}} Coder
 */

/** @typedef {"compress" | "decompress"} Direction */

/**
 * What came of one call of the module: `code` as below, `input_offset` bytes were taken.
 * @typedef {{code: number, input_offset: number, buf: Uint8Array, free(): void}} BrotliResult
 */

/**
 * The parts of the Brotli module that are used.
 * @typedef {object} Brotli
 * @property {new (quality: number) => {compress(input: Uint8Array | undefined, output: number): BrotliResult, free():
 *   void}} CompressStream
 * @property {new () => {decompress(input: Uint8Array, output: number): BrotliResult, free(): void}} DecompressStream
 */

/**
 * `data`: the input is not a stream of this codec. `broken`: the module failed, and nothing can be said of the data.
 */
export class CoderError extends Error {
  /** @param {"data" | "broken"} kind */
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

/** Brotli's quality: higher ones cost much more time for little. */
const QUALITY = 5;

/** Bytes that come out of one step at most. */
const OUTPUT = 2 ** 18;

/** Bytes that go in at once: what is left of them is copied again with every step. */
export const INPUT = 2 ** 16;

/** The module's result codes. */
const SUCCESS = 1;
const NEEDS_OUTPUT = 3;

/**
 * What the first byte says of a window beyond 24 bits, an extension that is not in RFC 7932: it is the reserved value
 * there.
 */
const LARGE_WINDOW = 0b001_0001;

/** Runs a stream right here. @implements {Coder} */
export class LocalCoder {
  #direction;
  #stream;
  /** @type {Uint8Array} */
  #left = new Uint8Array();
  #isFirst = true;
  #ending = false;

  /** @param {Brotli} brotli @param {Direction} direction */
  constructor(brotli, direction) {
    this.#direction = direction;
    this.#stream = direction === "compress" ? new brotli.CompressStream(QUALITY) : new brotli.DecompressStream();
  }

  /** @param {Uint8Array | null} input @returns {Promise<Step>} */
  async step(input) {
    if (input === null) this.#ending = true;
    else if (input.length > 0) this.#left = input;
    if (this.#direction === "decompress") this.#checkWindow();
    const { code, used, output } = this.#run();
    this.#left = this.#left.subarray(used);
    const ended = code === SUCCESS && (this.#direction === "decompress" || this.#ending);
    return { output, more: code === NEEDS_OUTPUT, ended, unused: this.#left.length };
  }

  close() {
    this.#stream.free();
  }

  #run() {
    try {
      const result =
        "compress" in this.#stream
          ? this.#stream.compress(this.#ending ? undefined : this.#left, OUTPUT)
          : this.#stream.decompress(this.#left, OUTPUT);
      const found = { code: result.code, used: result.input_offset, output: /** @type {Bytes} */ (result.buf) };
      result.free();
      return found;
    } catch (error) {
      throw new CoderError(error instanceof WebAssembly.RuntimeError ? "broken" : "data");
    }
  }

  #checkWindow() {
    if (!this.#isFirst || this.#left.length === 0) return;
    this.#isFirst = false;
    if ((/** @type {number} */ (this.#left[0]) & 0x7f) === LARGE_WINDOW) throw new CoderError("data");
  }
}
