// Kinds `stream` and `share`: each streamed, in pieces of several lengths, and small ones byte by byte.

import { decompress } from "../../../crates/server/web/codec/codec.js";
import { concat } from "../../../crates/server/web/container/bytes.js";
import { openHeader, rawKeys } from "../../../crates/server/web/container/header.js";
import { openManifest } from "../../../crates/server/web/container/manifest.js";
import { decryptChunks } from "../../../crates/server/web/container/payload.js";
import { plaintextLength } from "../../../crates/server/web/container/size.js";
import { decryptStream } from "../../../crates/server/web/container/stream.js";
import { OnekeyError } from "../../../crates/server/web/error.js";
import { hex, sha256 } from "./vector.js";

/** @import { Vector } from "./vector.js" */
/** @import { ManifestFile } from "../../../crates/server/web/types.js" */

/** Up to here a body is also fed byte by byte. */
const SMALL = 8_192;

/** Lengths of the pieces that bodies are fed in; the last is longer than every body. */
const PIECES = [1, 1_000, 2 ** 22];

/** @type {Record<string, import("./run.js").Kind>} */
export const streamKinds = {
  async stream(vector) {
    const shareKey = vector.bytes("share-key");
    /** @type {unknown} */
    let failure = null;
    for (const length of PIECES) {
      if (length === 1 && vector.body.length > SMALL) continue;
      const { bytes, error } = await readAll(pieces(vector.body, length).pipeThrough(decryptStream(shareKey)));
      if (error !== null && !(error instanceof OnekeyError)) throw error;
      if (failure !== null && String(failure) !== String(error)) throw new Error(`${vector.name}: ${failure} or ${error}`);
      failure = error;
      // What we lack releases nothing.
      if (error instanceof OnekeyError && error.code === "unsupported_suite") break;
      vector.check("released", bytes.length);
      vector.check("plaintext-sha256", await sha256(bytes));
    }
    if (failure !== null) throw failure;
    const { payload, manifest } = await rawKeys(shareKey, vector.body.subarray(0, 72));
    vector.check("payload-key", payload);
    vector.check("manifest-key", manifest);
    return "ok";
  },

  async share(vector) {
    const at = 72 + vector.number("manifest-length");
    const { exponent, payloadKey, manifestKey } = await openHeader(vector.body.subarray(0, 72), vector.bytes("share-key"));
    const payload = vector.body.subarray(at);
    const length = sizeOf(payload.length, exponent);
    if (length === null) return "size";
    const manifest = await openManifest(manifestKey, vector.body.subarray(72, at), length);
    const plaintext = await decryptChunks(payloadKey, exponent, 0, payload, true);
    const expected = vector.all("file");
    for (const [index, file] of manifest.files.entries()) {
      const content = await contentOf(vector, plaintext.subarray(file.offset, file.offset + file.stored), file);
      if (content === null) return expected.length === index ? `file ${index}` : `file ${index} too early`;
      const described = `${file.size} ${await sha256(content)} ${file.path}`;
      if (described !== expected[index]) throw new Error(`${vector.name}: file ${index} is ${described}`);
    }
    if (expected.length !== manifest.files.length) throw new Error(`${vector.name}: files are missing`);
    return "ok";
  },
};

/** @param {number} length @param {number} exponent */
function sizeOf(length, exponent) {
  try {
    return plaintextLength(length, exponent);
  } catch (error) {
    if (error instanceof OnekeyError && error.code === "size") return null;
    throw error;
  }
}

/** @param {Vector} vector @param {Uint8Array} stored @param {ManifestFile} file @returns {Promise<Uint8Array | null>} null: damaged */
async function contentOf(vector, stored, { codec, size }) {
  if (!codec) return stored;
  /** @type {(string | null)[]} */
  const outcomes = [];
  for (const length of PIECES) {
    const { bytes, error } = await readAll(pieces(stored, length).pipeThrough(decompress(codec, size)));
    if (error !== null && !(error instanceof OnekeyError && error.code === "damaged")) throw error;
    if (bytes.length > size) throw new Error(`${vector.name}: ${bytes.length} bytes came out`);
    outcomes.push(error === null ? hex(bytes) : null);
    if (error === null && length === PIECES.at(-1) && new Set(outcomes).size === 1) return bytes;
  }
  if (outcomes.some((outcome) => outcome !== null)) throw new Error(`${vector.name}: depends on the pieces`);
  return null;
}

/** @param {Uint8Array} bytes @param {number} length @returns {ReadableStream<Uint8Array>} */
export function pieces(bytes, length) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + length));
      at += length;
    },
  });
}

/**
 * Reads all there is, also before a failure.
 * @param {ReadableStream<Uint8Array>} stream
 */
export async function readAll(stream) {
  /** @type {Uint8Array[]} */
  const read = [];
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { bytes: concat(...read), error: null };
      read.push(value);
    }
  } catch (error) {
    return { bytes: concat(...read), error };
  }
}
