// Whether compressing a file is worth the time, and how it is done. The same numbers as the command-line client's
// (crates/client/src/put/compress.rs).

import { isCompressed } from "./types.js";

/** Up to here a file is compressed whole in memory and compared; larger ones while they are sent. */
export const WHOLE = 64 * 2 ** 20;

/** Bytes of one sample. */
export const SAMPLE = WHOLE / 64;

/** Samples of one file: its start, its middle and its end. */
export const SAMPLES = 3;

/** Samples must lose one byte in so many: what barely shrinks costs more time than it saves. */
export const SAMPLE_GAIN = 20;

/** Smaller files are stored as they are: padding hides more than they could save. */
export const LEAST = 256;

/** @typedef {"raw" | "whole" | "streamed"} Way how a file may be compressed */

/**
 * @param {string} name of the file, or its path @param {number} size
 * @returns {Way} `raw`: it is stored as it is
 */
export function way(name, size) {
  if (size < LEAST || isCompressed(name)) return "raw";
  return size <= WHOLE ? "whole" : "streamed";
}

/** @param {number} size @returns {boolean} whether the file's samples say more than a try would */
export const hasSamples = (size) => size > SAMPLES * SAMPLE;

/**
 * Compresses samples of a file. Reads three small parts of it.
 * @param {Blob} file
 * @param {(bytes: Uint8Array<ArrayBuffer>) => Promise<number>} compressedLength of some bytes
 * @returns {Promise<boolean>} whether they shrink enough
 */
export async function samplesShrink(file, compressedLength) {
  const length = Math.min(SAMPLE, file.size);
  let before = 0;
  let after = 0;
  for (let place = 0; place < SAMPLES; place++) {
    const at = Math.floor(((file.size - length) * place) / (SAMPLES - 1));
    const sample = new Uint8Array(await file.slice(at, at + length).arrayBuffer());
    before += sample.length;
    after += await compressedLength(sample);
  }
  return after <= before - Math.floor(before / SAMPLE_GAIN);
}
