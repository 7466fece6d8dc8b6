// One upload on the server, and what is kept of it here: from its creation to its link, or until it is taken back.

import { decode, encode } from "../container/base64url.js";
import { ID_LENGTH } from "../container/keys.js";
import { printLink, printManageLink } from "../container/link.js";
import { sealManifest } from "../container/manifest.js";
import { plaintextLength } from "../container/size.js";
import { OnekeyError } from "../error.js";
import { newLink } from "../protocol/new-link.js";
import { isPassing } from "../protocol/retry.js";
import { deleteShare } from "../protocol/shares.js";
import { abortUpload, completeUpload } from "../protocol/uploads.js";
import { manifestOf } from "./manifest.js";
import { Restart } from "./restart.js";

/** @import { Sent } from "../types.js" */
/** @import { UploadTarget } from "../protocol/uploads.js" */
/** @import { Put } from "./send.js" */
/** @import { Records } from "./records.js" */
/** @import { Secrets } from "./secrets.js" */
/** @import { Stored } from "./manifest.js" */
/** @import { UploadState } from "./state.js" */

/**
 * Longest wait for the server to take an upload back, in milliseconds. What it does not hear of ends there by itself.
 */
const ABORT_WAIT = 5_000;

/**
 * How long a link is kept here after it was handed to the page, in milliseconds. If the page was closed before, the
 * worker was too, and the link is found again among the unfinished uploads.
 */
const SHOWN_AFTER = 5_000;

/** @typedef {{target: UploadTarget, secrets: Secrets, state: UploadState, records: Records}} Upload */

/**
 * Seals the manifest, describes the link, saves what is printed of both, and publishes. Once for each upload.
 * @param {Put} put @param {Upload} upload @param {Stored[]} stored @param {number} size of the payload
 * @returns {Promise<Sent>}
 */
export async function publish(put, upload, stored, size) {
  const { secrets, state } = upload;
  const { header, shareKey, linkKey, owner } = secrets;
  put.meter.total = size;
  put.meter.state = "completing";
  put.meter.tell();
  const terms = { password: put.password, label: null, maxDownloads: state.maxDownloads, expiresIn: state.expiresIn };
  const link = newLink({ linkKey, shareKey, ownerKey: owner.key, ...terms });
  const manifest = manifestOf(state.files, stored, state);
  const sealed = sealManifest(header.manifestKey, manifest, plaintextLength(size, header.exponent));
  const body = JSON.stringify({ size, manifest: encode(await sealed), link: await link });
  if (upload.records.areKept) {
    Object.assign(state, { complete: body, size });
    // Without it a repetition after a crash would be another body. Then nothing is kept at all.
    await put.place.states.write(state).catch(() => put.place.states.erase(state.key).catch(() => {}));
  }
  return complete(put, upload, body, size);
}

/**
 * Sends the body of `complete`, which is the same to the byte whenever it is sent.
 * @param {Pick<Put, "place" | "job" | "meter">} put @param {Upload} upload @param {string} body @param {number} size
 * @returns {Promise<Sent>}
 */
export async function complete({ place, job, meter }, { target, secrets, state, records }, body, size) {
  meter.state = "completing";
  meter.tell();
  const waiting = (/** @type {number | null} */ seconds) => meter.waiting(seconds);
  const { share, expires_at } = await completeUpload(target, body, { signal: job.signal, waiting });
  const server = String(target.server);
  const { linkKey, ownerSecret } = secrets;
  const sent = {
    link: printLink({ server, key: linkKey }),
    manageLink: printManageLink({ server, share: decode(share, ID_LENGTH), secret: ownerSecret }),
    share,
    expiresAt: expires_at,
    maxDownloads: state.maxDownloads,
    size,
    files: state.files.map(({ path, size }) => ({ path, size })),
  };
  if (records.areKept) {
    const nothing = new Uint8Array();
    const keys = { shareKey: nothing, linkKey: nothing, ownerSecret: nothing, header: nothing };
    await place.states.write({ ...state, ...keys, complete: null, completed: sent }).catch(() => {});
    forgetShown(place, state.key);
  }
  return sent;
}

/** Erases a link once the page can be thought to show it. @param {Put["place"]} place @param {string} id */
export function forgetShown({ states }, id) {
  const timer = setTimeout(() => void states.erase(id).catch(() => {}), SHOWN_AFTER);
  // Node waits for timers, browsers do not.
  if (typeof timer === "object") /** @type {{unref(): void}} */ (timer).unref();
}

/**
 * Ends an upload that failed: what cannot be continued is taken back and erased.
 * @param {Pick<Put, "place">} put @param {Upload} upload @param {unknown} error
 */
export async function end({ place }, { target, state, records }, error) {
  await records.flush().catch(() => {});
  if (records.areKept && isPassing(error)) return;
  // What somebody else goes on with is theirs.
  const isElsewhere = error instanceof Restart && error.reason === "elsewhere";
  if (!isElsewhere) await takeBack(target, state.complete !== null);
  await place.states.erase(state.key).catch(() => {});
}

/**
 * Takes an upload back, as far as the server can be reached.
 * @param {UploadTarget} target
 * @param {boolean} completes whether `complete` may have been sent: then it may be a share that nobody has the link of
 */
export async function takeBack(target, completes) {
  const options = { signal: AbortSignal.timeout(ABORT_WAIT) };
  try {
    await abortUpload(target, options);
  } catch (error) {
    const isShare = error instanceof OnekeyError && error.code === "wrong_state";
    // Other failures are no news: whoever takes it back has the one that led here.
    if (completes && isShare) await deleteShare(target.server, target.id, target.token, options).catch(() => {});
  }
}
