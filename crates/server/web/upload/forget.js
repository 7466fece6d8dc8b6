// Takes back an upload that nobody will continue.

import { ownerValues } from "../container/keys.js";
import { browserPlace } from "./place.js";
import { takeBack } from "./upload.js";

/** @import { Place } from "./place.js" */

/**
 * Forgets an upload, here and on the server. A link that was not seen is forgotten here only.
 * @param {string} id @param {unknown} [_job] @param {Place} [place] @returns {Promise<void>}
 */
export async function forget(id, _job = null, place = browserPlace) {
  const { states, locks, server } = place;
  await locks.hold(id, async () => {
    const state = await states.read(id);
    if (!state) return;
    if (!state.completed) {
      const { token } = await ownerValues(state.ownerSecret);
      await takeBack({ server, id, token }, state.complete !== null);
    }
    await states.erase(id);
  });
}
