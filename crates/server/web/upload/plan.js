// How a payload is cut into parts.

import { chunkSize, encryptedChunkSize } from "../container/size.js";
import { OnekeyError } from "../error.js";
import { MAX_PARTS } from "../protocol/uploads.js";

/** @import { ServerDescription } from "../types.js" */

/** What parts are about, in bytes: enough to amortise a request, little enough to send again. */
const USUAL = 8 << 20;

/** Parts behind a proxy that refuses more than 1 MB, as nginx does by default, have fewer bytes than this. */
const PROXY_LIMIT = 1_000_000;

/** Parts double until there are no more of them. */
const PLENTY = 9_000;

/** Most bytes of a part (protocol.md 4). */
const MAX_PART_SIZE = 64 << 20;

/** @typedef {Pick<ServerDescription, "min_part_size" | "max_part_size">} PartLimits */

/**
 * The part size for a payload of at most `length` bytes: a multiple of the encrypted chunk that the server takes.
 * @param {number} exponent @param {number} length @param {PartLimits} server @returns {number}
 * @throws {OnekeyError} `too_large`; `not_onekey` for limits that leave no size
 */
export function partSize(exponent, length, { min_part_size, max_part_size }) {
  const chunk = encryptedChunkSize(exponent);
  const least = Math.max(1, Math.ceil(min_part_size / chunk)) * chunk;
  const most = down(Math.min(max_part_size, MAX_PART_SIZE), chunk);
  if (most < least) throw new OnekeyError("not_onekey", 200);
  let size = Math.min(Math.max(down(USUAL, chunk), least), most);
  while (Math.ceil(length / size) > PLENTY && size < most) size = Math.min(size * 2, most);
  return checked(length, size);
}

/**
 * The part size that gets through a proxy with the usual limit, or null if the server does not take that.
 * @param {number} exponent @param {number} length @param {PartLimits} server @returns {number | null}
 */
export function smallPartSize(exponent, length, { min_part_size }) {
  const size = down(PROXY_LIMIT - 1, encryptedChunkSize(exponent));
  if (size === 0 || size < min_part_size) return null;
  return checked(length, size);
}

/** Plaintext bytes of a whole part. @param {number} exponent @param {number} size */
export const partPlaintext = (exponent, size) => (size / encryptedChunkSize(exponent)) * chunkSize(exponent);

/** @param {number} value @param {number} chunk */
const down = (value, chunk) => Math.floor(value / chunk) * chunk;

/** @param {number} length @param {number} size */
function checked(length, size) {
  const limit = size * MAX_PARTS;
  if (length > limit) throw new OnekeyError("too_large", limit);
  return size;
}
