// One grant for each link and browser. It is kept, with what the link's opening gave, so that a reload, another try, other
// tabs and single files spend nothing more, also when the link itself is used up by then.

import { decode } from "../container/base64url.js";
import { ID_LENGTH } from "../container/keys.js";
import { OnekeyError } from "../error.js";
import { takeGrant } from "../protocol/links.js";
import { serves } from "../protocol/payload.js";
import { read, remove, sweep, write } from "../store/database.js";

/** @import { LinkOpened } from "../protocol/links.js" */

/** Longest wait for another tab that takes a grant of the same link, in milliseconds: its own four tries of a request. */
const LOCK_WAIT = 600_000;

/**
 * What stands in the browser's storage. Without the key of the link (and its password) nothing of `answer` can be read;
 * the proof is not stored.
 * @typedef {object} KeptGrant
 * @property {string} key the locator
 * @property {number} expiresAt
 * @property {string} grant
 * @property {number | null} downloadsLeft after it was taken
 * @property {boolean} password whether the link wants one
 * @property {LinkOpened} answer
 */

/** Those of this worker: the browser's storage may not work. @type {Map<string, KeptGrant>} */
const held = new Map();

/** @type {Map<string, Promise<KeptGrant>>} */
const taking = new Map();

/**
 * The grant of a link that this browser has, if the server still knows it.
 * @param {URL | string} server @param {string} locator
 * @returns {Promise<KeptGrant | null>}
 */
export async function keptGrant(server, locator) {
  await sweep(Math.floor(Date.now() / 1_000)).catch(() => {});
  const kept = held.get(locator) ?? (await stored(locator));
  if (kept === null) return null;
  if (await serves(server, kept.grant)) {
    held.set(locator, kept);
    return kept;
  }
  await forgetGrant(locator);
  return null;
}

/**
 * The grant of this browser, or else a new one, which spends a download. It is taken to its end even if nobody waits for it
 * any more: a grant whose answer nobody heard would be lost. For the same reason nothing asks twice.
 * @param {URL | string} server
 * @param {{locator: string, proof: Uint8Array, password: boolean, answer: LinkOpened}} link
 * @returns {Promise<KeptGrant>}
 * @throws {OnekeyError} the server's code; `network` if a download may have been taken
 */
export function grantOf(server, link) {
  const mine = held.get(link.locator);
  if (mine) return Promise.resolve(mine);
  let under = taking.get(link.locator);
  if (!under) {
    under = alone(link.locator, async () => (await stored(link.locator)) ?? take(server, link));
    taking.set(link.locator, under);
    under.then((kept) => held.set(link.locator, kept), () => {}).finally(() => taking.delete(link.locator));
  }
  return under;
}

/** Erases a grant that is over. @param {string} locator */
export async function forgetGrant(locator) {
  held.delete(locator);
  await remove("grants", locator).catch(() => {});
}

/** @param {URL | string} server @param {Parameters<typeof grantOf>[1]} link @returns {Promise<KeptGrant>} */
async function take(server, { locator, proof, password, answer }) {
  const taken = await takeGrant(server, decode(locator, ID_LENGTH), proof);
  /** @type {KeptGrant} */
  const kept = {
    key: locator,
    expiresAt: taken.expires_at,
    grant: taken.grant,
    downloadsLeft: taken.downloads_left,
    password,
    answer,
  };
  // Without storage the grant serves this page only.
  await write("grants", kept).catch(() => {});
  return kept;
}

/** @param {string} locator @returns {Promise<KeptGrant | null>} */
async function stored(locator) {
  return (await /** @type {Promise<KeptGrant | undefined>} */ (read("grants", locator)).catch(() => undefined)) ?? null;
}

/**
 * Two tabs must not take two.
 * @template T @param {string} locator @param {() => Promise<T>} work @returns {Promise<T>}
 */
async function alone(locator, work) {
  const locks = globalThis.navigator?.locks;
  if (!locks) return work();
  const late = AbortSignal.timeout(LOCK_WAIT);
  return locks.request(`onekey grant ${locator}`, { signal: late }, work).catch((error) => {
    throw error instanceof OnekeyError || !late.aborted ? error : new OnekeyError("network");
  });
}
