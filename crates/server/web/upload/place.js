// Where uploads are: which server, whose memory, whose locks. Tests bring their own.

import { OnekeyError } from "../error.js";
import { SERVER } from "../trusted.js";
import { browserStates } from "./state.js";

/** @import { States } from "./state.js" */

/**
 * @typedef {object} Locks
 * @property {<T>(id: string, work: () => Promise<T>) => Promise<T>} hold fails with `in_use` if another tab holds it
 * @property {() => Promise<Set<string>>} held ids that are in use in any tab
 */

/** @typedef {{server: URL | string, states: States, locks: Locks, now: () => number}} Place */

/** What the names of our locks begin with. */
const PREFIX = "onekey-upload-";

/** Two tabs never work on one upload. @type {Locks} */
export const browserLocks = {
  async hold(id, work) {
    if (!navigator.locks) return work();
    return navigator.locks.request(PREFIX + id, { ifAvailable: true }, (lock) => {
      if (lock === null) throw new OnekeyError("in_use");
      return work();
    });
  },
  async held() {
    const { held = [] } = (await navigator.locks?.query()) ?? {};
    const names = held.map(({ name = "" }) => name).filter((name) => name.startsWith(PREFIX));
    return new Set(names.map((name) => name.slice(PREFIX.length)));
  },
};

/** Unix seconds. */
export const now = () => Math.floor(Date.now() / 1_000);

/** @type {Place} */
export const browserPlace = { server: SERVER, states: browserStates, locks: browserLocks, now };
