// The payload's plaintext as the files lie in it one behind the other, then zeros: any place of it can be read.

import { padded } from "../container/padding.js";
import { OnekeyError } from "../error.js";

/** @import { Bytes } from "../container/bytes.js" */
/** @import { SourceFile } from "../types.js" */

/** @typedef {SourceFile & {size: number, offset: number}} PlacedFile */

export class Layout {
  /** Everything before this place was read: a file that begins there could be read once. */
  #reached = 0;

  /** @param {SourceFile[]} files */
  constructor(files) {
    let offset = 0;
    /** @type {PlacedFile[]} */
    this.files = files.map(({ path, file }) => {
      const placed = { path, file, size: file.size, offset };
      offset += file.size;
      return placed;
    });
    /** Sum of the files' sizes. */
    this.total = offset;
    /** Length of the plaintext, padding included. */
    this.length = padded(offset);
  }

  /**
   * Reads bytes of the plaintext, fewer only at its end.
   * @param {number} start @param {number} length @returns {Promise<Bytes>}
   * @throws {OnekeyError} `file_changed`, `file_unreadable` (detail: place of the file)
   */
  async read(start, length) {
    const end = Math.min(start + length, this.length);
    const slices = [];
    for (let at = this.#fileAt(start); at < this.files.length; at++) {
      const { file, size, offset } = /** @type {PlacedFile} */ (this.files[at]);
      if (offset >= end) break;
      const [from, to] = [Math.max(start - offset, 0), Math.min(end - offset, size)];
      if (from < to) slices.push(file.slice(from, to));
    }
    const content = Math.max(Math.min(end, this.total) - start, 0);
    const bytes = await this.#bytes(slices, start, content);
    if (content === end - start) return bytes;
    const filled = new Uint8Array(end - start);
    filled.set(bytes);
    return filled;
  }

  /** Checks the files without content, which nothing reads. */
  async checkEmpty() {
    for (const [at, { file, size }] of this.files.entries()) {
      if (size > 0) continue;
      const length = await file.arrayBuffer().then((bytes) => bytes.byteLength, () => -1);
      if (length !== 0) throw new OnekeyError("file_changed", at);
    }
  }

  /** @param {Blob[]} slices @param {number} start @param {number} length @returns {Promise<Bytes>} */
  async #bytes(slices, start, length) {
    // Of many files one blob: the browser opens them one after the other.
    const blob = slices.length === 1 ? slices[0] : new Blob(slices);
    try {
      const bytes = new Uint8Array(await /** @type {Blob} */ (blob).arrayBuffer());
      if (bytes.length === length) {
        this.#reached = Math.max(this.#reached, start + length);
        return bytes;
      }
    } catch {
      // Which file it was, no browser says.
    }
    throw await this.#failure(start, length);
  }

  /** @param {number} start @param {number} length */
  async #failure(start, length) {
    for (let at = this.#fileAt(start); at < this.files.length; at++) {
      const { offset } = /** @type {PlacedFile} */ (this.files[at]);
      if (offset >= start + length) break;
      if (await this.#isReadable(at, start, length)) continue;
      return new OnekeyError(offset < this.#reached ? "file_changed" : "file_unreadable", at);
    }
    return new OnekeyError("file_changed");
  }

  /** @param {number} at @param {number} start @param {number} length */
  async #isReadable(at, start, length) {
    const { file, size, offset } = /** @type {PlacedFile} */ (this.files[at]);
    const last = Math.min(start + length - offset, size);
    const bytes = await file.slice(Math.max(last - 1, 0), last).arrayBuffer().catch(() => null);
    return bytes !== null && bytes.byteLength === Math.min(last, 1);
  }

  /** The first file that ends behind `place`. @param {number} place */
  #fileAt(place) {
    let [low, high] = [0, this.files.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { offset, size } = /** @type {PlacedFile} */ (this.files[middle]);
      if (offset + size <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
