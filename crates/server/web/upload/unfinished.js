// Uploads of this browser that were not completed, or whose link nobody saw.

import { browserPlace } from "./place.js";

/** @import { UnfinishedUpload } from "../types.js" */
/** @import { Place } from "./place.js" */
/** @import { PartRecord, UploadState } from "./state.js" */

/**
 * @param {unknown} [_nothing] @param {unknown} [_job] @param {Place} [place]
 * @returns {Promise<UnfinishedUpload[]>} newest first, without those that another tab is working on
 */
export async function unfinished(_nothing = null, _job = null, place = browserPlace) {
  const { states, locks, server, now } = place;
  try {
    await states.sweep(now());
    const held = await locks.held();
    const own = (await states.all()).filter((state) => state.server === String(server) && !held.has(state.key));
    const found = own.map(async (state) => described(state, await states.records(state.key)));
    return (await Promise.all(found)).sort((a, b) => b.startedAt - a.startedAt);
  } catch {
    // A browser that keeps nothing has nothing to continue.
    return [];
  }
}

/** @param {UploadState} state @param {PartRecord[]} records @returns {UnfinishedUpload} */
function described(state, records) {
  const { size, stored, complete, completed } = state;
  const sent = completed?.size ?? records.reduce((sum, record) => sum + record.sent, 0);
  const hasAll = complete !== null || completed !== null || (size !== null && stored !== null && sent === size);
  return {
    id: state.key,
    startedAt: state.startedAt,
    sent,
    total: size,
    expected: size ?? state.most,
    files: state.files.map(({ path, size, modified }) => ({ path, size, modified })),
    needsFiles: !hasAll,
    needsPassword: state.password && complete === null && completed === null,
  };
}
