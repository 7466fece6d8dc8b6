// Which chunks of the payload hold what is wanted.

import { chunkSize, encryptedChunkSize } from "../container/size.js";

/** @import { ManifestFile } from "../types.js" */

/** Chunks from `first` up to but not including `end`. @typedef {{first: number, end: number}} Run */

/**
 * The chunks that hold some files, in runs that ascend. Neighbours are in one run: one file may end in the chunk in which
 * the next begins.
 * @param {ManifestFile[]} files in the order of the manifest
 * @param {number} exponent
 * @returns {Run[]}
 */
export function runsOf(files, exponent) {
  const size = chunkSize(exponent);
  /** @type {Run[]} */
  const runs = [];
  for (const { offset, stored } of files) {
    if (stored === 0) continue;
    const first = Math.floor(offset / size);
    const end = Math.floor((offset + stored - 1) / size) + 1;
    const last = runs.at(-1);
    if (last && first <= last.end) last.end = Math.max(last.end, end);
    else runs.push({ first, end });
  }
  return runs;
}

/**
 * Every chunk. Who takes every file takes padding and last chunk too: nothing was cut off then, and the requests do not
 * tell the true size.
 * @param {number} size payload bytes
 * @param {number} exponent
 * @returns {Run[]}
 */
export function wholeRun(size, exponent) {
  return [{ first: 0, end: Math.ceil(size / encryptedChunkSize(exponent)) }];
}
