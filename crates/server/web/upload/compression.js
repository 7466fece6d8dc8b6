// The payload's plaintext where files may be compressed: made from front to back, each file as it gets smallest.
// Nothing of it depends on time or chance, so an upload that is continued makes the same bytes again.

import { compressor, compressWhole } from "../codec/codec.js";
import { hasSamples, samplesShrink, way } from "../codec/worth.js";
import { padded } from "../container/padding.js";
import { piecesOf } from "../container/stage.js";
import { OnekeyError } from "../error.js";
import { Restart } from "./restart.js";

/** @import { Bytes } from "../container/bytes.js" */
/** @import { Layout, PlacedFile } from "./layout.js" */
/** @import { Stored } from "./manifest.js" */
/** @import { PartPlaintext } from "./parts.js" */

/** Files whose samples are looked at before the first byte is sent: if nothing shrinks, the payload's size is known. */
const LOOKS = 32;

/**
 * Bytes of a file that are read at once. A multiple of what the codec takes, so that it always gets the same pieces.
 */
const PIECE = 1 << 20;

/**
 * How a file is stored. @typedef {{kind: "raw" | "streamed"} | {kind: "whole", codec: "br" | "gzip", bytes: Bytes}}
 * Form
 */

/** @param {Uint8Array} bytes */
const compressedLength = async (bytes) => (await compressWhole(bytes))?.bytes.length ?? bytes.length;

export class Compression {
  #layout;
  #large;
  /** Whether samples shrink, by file: they are looked at once. @type {Map<number, Promise<boolean>>} */
  #shrinks = new Map();
  /** How the files are stored, as far as they are made. @type {Stored[]} */
  stored = [];
  /** Bytes of the plaintext, once it is made. @type {number | null} */
  length = null;

  /** @param {Layout} layout @param {boolean} large whether files that are too large for memory are compressed too */
  constructor(layout, large) {
    this.#layout = layout;
    this.#large = large;
  }

  /** What the stored bytes depend on beside the files; the number is for changes of our rules. */
  get word() {
    return `compressed-1-${this.#large ? "streamed" : "raw"}`;
  }

  /** Whether any file may get smaller. @returns {Promise<boolean>} */
  async hasChance() {
    let looks = 0;
    for (const [at, file] of this.#layout.files.entries()) {
      if (this.#way(file) === "raw") continue;
      if (!hasSamples(file.size) || looks === LOOKS) return true;
      looks += 1;
      if (await this.#samplesShrink(at)) return true;
    }
    return false;
  }

  /** Bytes of plaintext that are stored whatever compression does. */
  get least() {
    const raw = this.#layout.files.filter((file) => this.#way(file) === "raw");
    return padded(raw.reduce((sum, { size }) => sum + size, 0));
  }

  /** Bytes that the plaintext can have, by what is made of it so far. */
  get most() {
    if (this.length !== null) return this.length;
    const rest = this.#layout.total - (this.#layout.files[this.stored.length]?.offset ?? this.#layout.total);
    return padded(this.#made + rest);
  }

  /**
   * @param {number} size plaintext bytes of a part @param {(index: number) => boolean} isThere
   * @returns {AsyncGenerator<PartPlaintext, void>}
   */
  async *parts(size, isThere) {
    // No file gets larger.
    const room = Math.min(size, this.#layout.length);
    let part = new Uint8Array(room);
    let [index, filled] = [0, 0];
    for await (const piece of this.#plaintext()) {
      for (let at = 0; at < piece.length; ) {
        const taken = Math.min(room - filled, piece.length - at);
        part.set(piece.subarray(at, at + taken), filled);
        [at, filled] = [at + taken, filled + taken];
        if (filled < size) continue;
        yield { index, plaintext: part, last: false, there: isThere(index) };
        [part, index, filled] = [new Uint8Array(room), index + 1, 0];
      }
    }
    yield { index, plaintext: part.subarray(0, filled), last: true, there: isThere(index) };
  }

  /** Bytes of the files that are made. */
  get #made() {
    const last = this.stored.at(-1);
    return last ? last.offset + last.stored : 0;
  }

  /** @returns {AsyncGenerator<Bytes, void>} */
  async *#plaintext() {
    const { files } = this.#layout;
    this.stored = [];
    let next = this.#ahead(0);
    for (const [at, file] of files.entries()) {
      const form = await next;
      // One file ahead: it is compressed while this one is encrypted and sent.
      next = this.#ahead(at + 1);
      const offset = this.#made;
      if (form.kind === "raw") {
        yield* this.#raw(file);
        this.stored.push({ offset, stored: file.size });
      } else if (form.kind === "whole") {
        yield form.bytes;
        this.stored.push({ offset, stored: form.bytes.length, codec: form.codec });
      } else {
        this.stored.push({ offset, ...(yield* this.#streamed(file)) });
      }
    }
    const made = this.#made;
    this.length = padded(made);
    for (let left = this.length - made; left > 0; left -= PIECE) yield new Uint8Array(Math.min(left, PIECE));
  }

  /** @param {number} at */
  #ahead(at) {
    const form = this.#form(at);
    // Whoever waits for it hears of its failure.
    form.catch(() => {});
    return form;
  }

  /** @param {number} at @returns {Promise<Form>} */
  async #form(at) {
    const file = this.#layout.files[at];
    if (!file) return { kind: "raw" };
    const found = this.#way(file);
    if (found === "raw" || (hasSamples(file.size) && !(await this.#samplesShrink(at)))) return { kind: "raw" };
    if (found === "streamed") return { kind: "streamed" };
    const compressed = await compressWhole(await this.#layout.read(file.offset, file.size));
    return compressed === null ? { kind: "raw" } : { kind: "whole", ...compressed };
  }

  /** @param {PlacedFile} file @returns {AsyncGenerator<Bytes, void>} */
  async *#raw({ offset, size }) {
    for (let at = 0; at < size; at += PIECE) yield await this.#layout.read(offset + at, Math.min(PIECE, size - at));
  }

  /** @param {PlacedFile} file @returns {AsyncGenerator<Bytes, {stored: number, codec: "br" | "gzip"}>} */
  async *#streamed(file) {
    const { codec, readable, writable } = await compressor();
    /** @type {{error: unknown} | null} */
    let unread = null;
    const feeding = this.#feed(file, writable.getWriter()).catch((error) => (unread = { error }));
    const reader = readable.getReader();
    let stored = 0;
    try {
      for await (const piece of piecesOf(reader)) {
        stored += piece.length;
        // What left before is taken back with its share key.
        if (stored >= file.size) throw new Restart("not_smaller");
        yield piece;
      }
      await feeding;
    } catch (error) {
      throw /** @type {{error: unknown} | null} */ (unread)?.error ?? error;
    } finally {
      reader.cancel().catch(() => {});
    }
    return { stored, codec };
  }

  /** @param {PlacedFile} file @param {WritableStreamDefaultWriter<Uint8Array>} writer */
  async #feed(file, writer) {
    try {
      for await (const piece of this.#raw(file)) await writer.write(piece);
      await writer.close();
    } catch (error) {
      await writer.abort(error).catch(() => {});
      throw error;
    }
  }

  /** @param {PlacedFile} file */
  #way({ path, size }) {
    const found = way(path, size);
    return found === "streamed" && !this.#large ? "raw" : found;
  }

  /** @param {number} at */
  #samplesShrink(at) {
    const file = /** @type {PlacedFile} */ (this.#layout.files[at]);
    const found =
      this.#shrinks.get(at) ??
      samplesShrink(file.file, compressedLength).catch((error) => {
        throw error instanceof OnekeyError ? error : new OnekeyError("file_unreadable", at);
      });
    this.#shrinks.set(at, found);
    return found;
  }
}
