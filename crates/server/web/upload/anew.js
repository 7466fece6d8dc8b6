// A new upload, under keys that no server has seen.

import { encryptedChunkSize, payloadLength } from "../container/size.js";
import { OnekeyError } from "../error.js";
import { createUpload } from "../protocol/uploads.js";
import { Compression } from "./compression.js";
import { checkList, keptFiles, storedRaw } from "./manifest.js";
import { sendParts } from "./parts.js";
import { placedParts } from "./placed.js";
import { partPlaintext, partSize, smallPartSize } from "./plan.js";
import { Records } from "./records.js";
import { createBody, newSecrets } from "./secrets.js";
import { LIFETIME } from "./state.js";
import { end, publish } from "./upload.js";

/** @import { Sent } from "../types.js" */
/** @import { PartPlaintext } from "./parts.js" */
/** @import { Put } from "./send.js" */
/** @import { Upload } from "./upload.js" */
/** @import { UploadState } from "./state.js" */

/** The form of files that are stored as they are. */
export const RAW = "raw";

/**
 * How this attempt goes about it. `large`: files too large for memory are compressed while they stream. `small`: parts
 * get through a proxy with the usual limit. `keep`: the browser keeps what is needed to continue.
 * @typedef {{large: boolean, small: boolean, keep: boolean}} Ways
 */

/**
 * @param {Put} put @param {Ways} ways @returns {Promise<Sent>}
 * @throws {import("./restart.js").Restart}
 * @throws {OnekeyError}
 */
export async function sendAnew(put, ways) {
  const { place, layout, job, meter, server } = put;
  meter.state = "preparing";
  const secrets = await newSecrets();
  const { exponent } = secrets.header;
  const compression = await compressionOf(put, ways.large);
  const most = payloadLength(layout.length, exponent);
  const size = compression === null ? most : null;
  const least = compression === null ? most : payloadLength(compression.least, exponent);
  if (server.max_size !== null && least > server.max_size) throw new OnekeyError("too_large", server.max_size);
  meter.reset(size, most);
  const length = ways.small ? smallPartSize(exponent, most, server) : partSize(exponent, most, server);
  if (length === null) throw new OnekeyError("not_onekey", 413);
  const body = await createBody(secrets, length, size);
  const id = await createUpload(place.server, body, put.uploadSecret, { signal: job.signal });
  const form = compression?.word ?? RAW;
  const state = newState(put, secrets, { id, partSize: length, size, most, form });
  return place.locks.hold(id, async () => {
    const kept = ways.keep && (await place.states.write(state).then(() => true, () => false));
    const records = new Records(id, kept ? place.states : null);
    const upload = { target: { server: place.server, id, token: secrets.owner.token }, secrets, state, records };
    try {
      const all = Array.from({ length: Math.ceil(most / length) }, (_, index) => index);
      const plain = partPlaintext(exponent, length);
      const plaintexts = compression ? compression.parts(plain, () => false) : placedParts(layout, plain, all);
      return await sendAll(put, upload, compression, plaintexts, 0);
    } catch (error) {
      await end(put, upload, error);
      throw error;
    }
  });
}

/**
 * How files are compressed, or null if they are stored as they are. The same files give the same answer.
 * @param {Put} put @param {boolean} large @returns {Promise<Compression | null>}
 */
export async function compressionOf({ layout, words, compress }, large) {
  // A list without room for what compression adds to it is better off without.
  const fits = checkList(layout, words);
  if (!compress || !fits) return null;
  const compression = new Compression(layout, large);
  return (await compression.hasChance()) ? compression : null;
}

/**
 * Sends these parts, then publishes.
 * @param {Put} put @param {Upload} upload @param {Compression | null} compression
 * @param {AsyncIterable<PartPlaintext>} plaintexts
 * @param {number} before bytes of the payload that are in no part of these
 * @returns {Promise<Sent>}
 */
export async function sendAll(put, upload, compression, plaintexts, before) {
  const { layout, job, meter } = put;
  const { target, secrets, state, records } = upload;
  const { header } = secrets;
  meter.state = "sending";
  meter.tell();
  const noted = compression ? noting(put, upload, compression, plaintexts) : plaintexts;
  const chunks = state.partSize / encryptedChunkSize(header.exponent);
  const bytes = before + (await sendParts({ target, header, chunks, plaintexts: noted, records, meter, job }));
  await layout.checkEmpty();
  const length = compression ? compression.length : layout.length;
  // A part that is missing here would be a share that nobody can open.
  if (length === null || bytes !== payloadLength(length, header.exponent)) throw new OnekeyError("internal_page");
  await records.flush().catch(() => {});
  return publish(put, upload, compression?.stored ?? storedRaw(layout), bytes);
}

/**
 * Tells how much there may be, and notes how the files are stored before the last part leaves: from then on the upload
 * can be completed without them.
 * @param {Put} put @param {Upload} upload @param {Compression} compression
 * @param {AsyncIterable<PartPlaintext>} plaintexts
 * @returns {AsyncGenerator<PartPlaintext, void>}
 */
async function* noting({ place, meter }, { secrets, state, records }, compression, plaintexts) {
  const { exponent } = secrets.header;
  for await (const part of plaintexts) {
    const most = payloadLength(compression.most, exponent);
    meter.expected = most;
    if (part.last) {
      meter.total = most;
      Object.assign(state, { stored: compression.stored, size: most });
      if (records.areKept) await place.states.write(state).catch(() => {});
    }
    yield part;
  }
}

/**
 * @param {Put} put @param {import("./secrets.js").Secrets} secrets
 * @param {{id: string, partSize: number, size: number | null, most: number, form: string}} cut
 * @returns {UploadState}
 */
function newState({ place, layout, words, compress, password, expiresIn, maxDownloads }, secrets, { id, ...cut }) {
  const startedAt = place.now();
  const { shareKey, linkKey, ownerSecret, header } = secrets;
  return {
    key: id,
    startedAt,
    expiresAt: startedAt + LIFETIME,
    server: String(place.server),
    ...{ shareKey, linkKey, ownerSecret, header: header.bytes },
    ...cut,
    files: keptFiles(layout),
    ...words,
    ...{ expiresIn, maxDownloads, compress },
    password: password !== null,
    stored: cut.size === null ? null : storedRaw(layout),
    complete: null,
    completed: null,
  };
}
