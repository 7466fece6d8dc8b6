// Parts of files that are stored as they are: any of them can be read at any time.

import { equal } from "../container/bytes.js";
import { sha256 } from "../container/derive.js";

/** @import { Job } from "../worker/job.js" */
/** @import { Layout } from "./layout.js" */
/** @import { PartPlaintext } from "./parts.js" */
/** @import { PartRecord } from "./state.js" */

/** Parts that are read and compared at once: one from the disk, one in the hash. */
const COMPARED_AT_ONCE = 2;

/**
 * @param {Layout} layout @param {number} size plaintext bytes of a part @param {Iterable<number>} indices
 * @returns {AsyncGenerator<PartPlaintext, void>}
 */
export async function* placedParts(layout, size, indices) {
  const last = Math.floor(layout.length / size);
  for (const index of indices) {
    yield { index, plaintext: await layout.read(index * size, size), last: index === last, there: false };
  }
}

/**
 * Reads again what an earlier session recorded, before anything more is sent (protocol.md 7).
 * @param {Layout} layout @param {number} size @param {PartRecord[]} records @param {Job<any>} job
 * @param {(index: number) => void} same hears of every part that is the same
 * @returns {Promise<boolean>} false at the first that is not
 */
export async function areSame(layout, size, records, job, same) {
  const rest = records.values();
  let sound = true;
  const lane = async () => {
    for (const { index, length, digest } of rest) {
      await job.running();
      if (!sound) return;
      const plaintext = await layout.read(index * size, size);
      const isSame = plaintext.length === length && equal(digest, await sha256(plaintext));
      // Never back to true: the other lane may have found a difference meanwhile.
      if (!isSame) sound = false;
      else same(index);
    }
  };
  await Promise.all(Array.from({ length: COMPARED_AT_ONCE }, lane));
  return sound;
}
