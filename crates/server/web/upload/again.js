// Continuing an upload that an earlier session began. Any difference to what that one sent, and the upload is taken
// back: nothing more goes out under its keys.

import { normalised } from "../container/password.js";
import { payloadLength } from "../container/size.js";
import { OnekeyError } from "../error.js";
import { describeServer } from "../protocol/server.js";
import { uploadStatus } from "../protocol/uploads.js";
import { compressionOf, RAW, sendAll } from "./anew.js";
import { Layout } from "./layout.js";
import { areSame, placedParts } from "./placed.js";
import { partPlaintext } from "./plan.js";
import { Records } from "./records.js";
import { Restart } from "./restart.js";
import { restoredSecrets } from "./secrets.js";
import { complete, end, forgetShown, publish } from "./upload.js";

/** @import { SendProgress, SendRequest, Sent, SourceFile } from "../types.js" */
/** @import { UploadStatus } from "../protocol/uploads.js" */
/** @import { Job } from "../worker/job.js" */
/** @import { Meter } from "./meter.js" */
/** @import { Place } from "./place.js" */
/** @import { Put } from "./send.js" */
/** @import { PartRecord, UploadState } from "./state.js" */
/** @import { Upload } from "./upload.js" */

/** What an upload is when nothing of it can be used. */
const ENDED = new Set(["aborted", "deleting", "gone"]);

/** What is asked for before anything is done. */
const ASKS = new Set(["password_required", "nothing_to_send"]);

/** Refusals by which the server tells that somebody else sent parts, completed it or took it back meanwhile. */
const ELSEWHERE = new Set(["complete_differs", "wrong_state", "not_found", "owner_rejected"]);

/**
 * @param {SendRequest} request @param {Place} place @param {Meter} meter @param {Job<SendProgress>} job
 * @returns {Promise<Sent | null>} null where it must begin anew: the earlier upload is taken back then and erased
 */
export async function continueUpload(request, place, meter, job) {
  const id = /** @type {string} */ (request.continues);
  if (request.password !== null) normalised(request.password);
  return place.locks.hold(id, async () => {
    // Under the lock: another tab may have gone on with it.
    const state = await place.states.read(id);
    if (!state) return null;
    if (state.completed) {
      forgetShown(place, id);
      return state.completed;
    }
    const records = await place.states.records(id);
    const secrets = await restoredSecrets(state).catch(() => null);
    if (secrets === null) {
      await place.states.erase(id);
      return null;
    }
    const target = { server: place.server, id, token: secrets.owner.token };
    const known = new Records(id, place.states, records, state.form !== RAW);
    const upload = { target, secrets, state, records: known };
    try {
      return await continued(request, place, meter, job, upload, records);
    } catch (error) {
      // It is another tab's or program's now, which has a copy of the state.
      const isElsewhere = error instanceof OnekeyError && ELSEWHERE.has(error.code);
      const reason = isElsewhere ? new Restart("elsewhere") : error;
      // What is asked for first says nothing of the upload.
      if (error instanceof OnekeyError && ASKS.has(error.code)) throw error;
      // Nor that it must begin anew while the server would not let it.
      if (reason instanceof Restart && (await wantsSecret(request, place, job))) {
        throw new OnekeyError("upload_secret_required");
      }
      await end({ place }, upload, reason);
      if (reason instanceof Restart) return null;
      throw error;
    }
  });
}

/** @param {SendRequest} request @param {Place} place @param {Job<SendProgress>} job */
async function wantsSecret({ uploadSecret }, place, job) {
  return !uploadSecret && (await describeServer(null, job, place.server)).upload_secret_required;
}

/**
 * @param {SendRequest} request @param {Place} place @param {Meter} meter @param {Job<SendProgress>} job
 * @param {Upload} upload @param {PartRecord[]} records @returns {Promise<Sent>}
 */
async function continued(request, place, meter, job, upload, records) {
  const { target, state } = upload;
  const { signal } = job;
  meter.reset(state.size, state.most);
  const status = await uploadStatus(target, { signal }).catch((error) => {
    const isGone = error instanceof OnekeyError && (error.code === "not_found" || error.code === "owner_rejected");
    throw isGone ? new Restart("gone") : error;
  });
  if (ENDED.has(status.state)) throw new Restart("gone");
  if (state.complete !== null && state.size !== null) {
    if (status.state === "receiving" && !hasAll(state, status)) throw new Restart("unrecorded");
    meter.had(state.size);
    return complete({ place, job, meter }, upload, state.complete, state.size);
  }
  if (status.state !== "receiving") throw new Restart("unrecorded");
  if (state.password && request.password === null) throw new OnekeyError("password_required");
  const there = partsThere(status, records);
  const server = await describeServer(null, job, place.server);
  const { title, note, folders, expiresIn, maxDownloads, compress } = state;
  const words = { title, note, folders };
  const { password, uploadSecret } = request;
  const terms = { words, expiresIn, maxDownloads, compress, password, uploadSecret };
  /** @param {SourceFile[]} files @returns {Put} */
  const putOf = (files) => ({ place, server, layout: new Layout(files), ...terms, meter, job });
  if (request.files.length === 0) {
    if (state.size === null || state.stored === null || !hasAll(state, status)) throw new OnekeyError("nothing_to_send");
    meter.had(state.size);
    return publish(putOf([]), upload, state.stored, state.size);
  }
  // Also where the server has every part: who picks files means those, and not what they were.
  return continueParts(putOf(matched(state, request.files)), upload, records, there);
}

/**
 * @param {Put} put @param {Upload} upload @param {PartRecord[]} records @param {Set<number>} there
 * @returns {Promise<Sent>}
 */
async function continueParts(put, upload, records, there) {
  const { layout, meter, job } = put;
  const { secrets, state } = upload;
  const { exponent } = secrets.header;
  const most = payloadLength(layout.length, exponent);
  const compression = state.form === RAW ? null : await compressionOf(put, state.form.endsWith("streamed"));
  if (most !== state.most || (compression?.word ?? RAW) !== state.form) throw new Restart("form");
  const plain = partPlaintext(exponent, state.partSize);
  const lengthOf = (/** @type {number} */ index) => Math.min(state.partSize, most - index * state.partSize);
  if (compression) {
    // What comes in order is compared on the way, before anything that was never sent.
    const parts = compression.parts(plain, (index) => there.has(index));
    return sendAll(put, upload, compression, parts, 0);
  }
  // All of what was sent is compared before anything more is.
  const isSame = await areSame(layout, plain, records, job, (index) => {
    if (!there.has(index)) return;
    meter.had(lengthOf(index));
    upload.records.hasSent(index, lengthOf(index));
  });
  if (!isSame) throw new Restart("differs");
  const all = Array.from({ length: Math.ceil(most / state.partSize) }, (_, index) => index);
  const before = [...there].reduce((sum, index) => sum + lengthOf(index), 0);
  const missing = all.filter((index) => !there.has(index));
  return sendAll(put, upload, null, placedParts(layout, plain, missing), before);
}

/** The parts that the server has. @param {UploadStatus} status @param {PartRecord[]} records @returns {Set<number>} */
function partsThere({ received }, records) {
  const known = new Set(records.map(({ index }) => index));
  const there = new Set();
  for (const [first, last] of received) {
    for (let index = first; index <= last; index++) {
      if (!known.has(index)) throw new Restart("unrecorded");
      there.add(index);
    }
  }
  return there;
}

/** @param {UploadState} state @param {UploadStatus} status */
function hasAll({ size, partSize }, { received }) {
  const count = received.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  return size !== null && count === Math.ceil(size / partSize);
}

/**
 * The files of an earlier session, as they were picked again. @param {UploadState} state @param {SourceFile[]} files
 */
function matched(state, files) {
  const picked = new Map(files.map((source) => [source.path, source]));
  if (files.length !== state.files.length) throw new Restart("list");
  return state.files.map(({ path, size }) => {
    const found = picked.get(path);
    if (found?.file.size !== size) throw new Restart("list");
    return /** @type {SourceFile} */ (found);
  });
}
