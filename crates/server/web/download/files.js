// The bytes of each file: as they are stored, or decompressed.

import { decompress } from "../codec/codec.js";
import { OnekeyError } from "../error.js";

/** @import { ManifestFile } from "../types.js" */
/** @import { Plaintext } from "./plaintext.js" */

/** @typedef {AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>} Bytes */

/**
 * @param {Plaintext} plaintext
 * @param {ManifestFile} file
 * @param {number} index in the manifest
 * @returns {Bytes} exactly `file.size` bytes
 * @throws {OnekeyError} `damaged` (detail: the file's index) if there are more or fewer
 */
export async function* fileBytes(plaintext, file, index) {
  const stored = plaintext.range(file.offset, file.offset + file.stored);
  let left = file.size;
  for await (const bytes of file.codec ? decompressed(stored, file) : stored) {
    left -= bytes.length;
    if (left < 0) break;
    if (bytes.length > 0) yield bytes;
  }
  if (left !== 0) throw new OnekeyError("damaged", index);
}

/** @param {Bytes} stored @param {ManifestFile} file @returns {Bytes} */
async function* decompressed(stored, { codec, size }) {
  const decoder = decompress(/** @type {"br" | "gzip"} */ (codec), size);
  const reader = streamOf(stored).pipeThrough(decoder).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield /** @type {Uint8Array<ArrayBuffer>} */ (value);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** @param {Bytes} bytes @returns {ReadableStream<Uint8Array<ArrayBuffer>>} */
function streamOf(bytes) {
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await bytes.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await bytes.return();
      },
    },
    { highWaterMark: 0 },
  );
}
