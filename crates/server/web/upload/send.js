// Sending: what a person chose becomes a share with one link. Begins anew, with new keys, for each reason that allows
// that.

import { OnekeyError } from "../error.js";
import { describeServer } from "../protocol/server.js";
import { sendAnew } from "./anew.js";
import { check } from "./check.js";
import { continueUpload } from "./again.js";
import { Layout } from "./layout.js";
import { Meter } from "./meter.js";
import { browserPlace } from "./place.js";
import { Restart } from "./restart.js";
import { termsOf, termsWith } from "./terms.js";

/** @import { SendProgress, SendRequest, Sent, ServerDescription } from "../types.js" */
/** @import { Job } from "../worker/job.js" */
/** @import { Place } from "./place.js" */
/** @import { Words } from "./manifest.js" */
/** @import { Terms } from "./terms.js" */

/**
 * What all that belongs to one call of `send` needs.
 * @typedef {object} Put
 * @property {Place} place
 * @property {ServerDescription} server
 * @property {Layout} layout
 * @property {Words} words
 * @property {number | null} expiresIn
 * @property {number | null} maxDownloads
 * @property {boolean} compress
 * @property {string | null} password
 * @property {string | null} uploadSecret
 * @property {Meter} meter
 * @property {Job<SendProgress>} job
 */

/**
 * Sends files, or what is missing of them.
 * @param {SendRequest} request @param {Job<SendProgress>} job @param {Place} [place]
 * @returns {Promise<Sent>}
 */
export async function send(request, job, place = browserPlace) {
  const meter = new Meter(job);
  try {
    // What it cannot remove now it removes later.
    await place.states.sweep(place.now()).catch(() => {});
    const begins = { sent: null, terms: request };
    const { sent, terms } = request.continues === null ? begins : await again(request, place, meter, job);
    return sent ?? (await anew(terms, place, meter, job));
  } finally {
    meter.stop();
  }
}

/**
 * The terms of uploads that had to begin anew, by the id they had: that may fail too, and be tried again. As many as a
 * person continues in one visit.
 * @type {Map<string, Terms>}
 */
const begun = new Map();

/**
 * Continues an earlier upload, or tells with which terms to begin anew.
 * @param {SendRequest} request @param {Place} place @param {Meter} meter @param {Job<SendProgress>} job
 * @returns {Promise<{sent: Sent | null, terms: SendRequest}>}
 */
async function again(request, place, meter, job) {
  const id = /** @type {string} */ (request.continues);
  const state = await place.states.read(id).catch(() => undefined);
  const sent = state ? await continueUpload(request, place, meter, job) : null;
  if (sent) return { sent, terms: request };
  if (state) begun.set(id, termsOf(state));
  const terms = begun.get(id);
  // Without its terms it would be another share than the one that was meant.
  if (!terms || request.files.length === 0) throw new OnekeyError("not_found");
  meter.restarted = true;
  return { sent: null, terms: termsWith(terms, request) };
}

/** @param {SendRequest} request @param {Place} place @param {Meter} meter @param {Job<SendProgress>} job */
async function anew(request, place, meter, job) {
  const { files, folders, title, note, password, uploadSecret, compress, expiresIn, maxDownloads } = request;
  check({ files, folders, password });
  const server = await describeServer(null, job, place.server);
  if (server.upload_secret_required && !uploadSecret) throw new OnekeyError("upload_secret_required");
  const words = { title, note, folders };
  const layout = new Layout(files);
  const put = { place, server, layout, words, expiresIn, maxDownloads, compress, password, uploadSecret, meter, job };
  const ways = { large: true, small: false, keep: true };
  /** Each reason once: whoever refuses what was changed for it would refuse for ever. */
  const reasons = new Set();
  for (;;) {
    try {
      return await sendAnew(put, ways);
    } catch (error) {
      if (!(error instanceof Restart)) throw error;
      if (reasons.has(error.reason)) throw failureOf(error);
      reasons.add(error.reason);
      if (error.reason === "not_smaller") ways.large = false;
      else if (error.reason === "proxy") ways.small = true;
      else if (error.reason === "storage") ways.keep = false;
      else if (error.reason !== "elsewhere") throw failureOf(error);
    }
  }
}

/** @param {Restart} restart */
function failureOf({ reason }) {
  if (reason === "proxy") return new OnekeyError("not_onekey", 413);
  if (reason === "elsewhere") return new OnekeyError("part_exists");
  return new OnekeyError(reason === "storage" ? "storage" : "internal_page");
}
