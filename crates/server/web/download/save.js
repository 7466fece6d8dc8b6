// Saves files of an opened link: takes a grant unless one is kept, fetches, decrypts, decompresses, and writes. Only what was
// verified to its end and counted is closed; everything else is aborted.

import { OnekeyError } from "../error.js";
import { SERVER } from "../trusted.js";
import { fileBytes } from "./files.js";
import { forgetGrant, grantOf } from "./grant.js";
import { openedLink } from "./opened.js";
import { Plaintext } from "./plaintext.js";
import { runsOf, wholeRun } from "./runs.js";
import { openSink } from "./sink.js";
import { zip, zipEntries, zipLength } from "./zip.js";

/** @import { ManifestFile, Saved, SaveProgress, SaveRequest } from "../types.js" */
/** @import { Job } from "../worker/job.js" */
/** @import { Bytes } from "./files.js" */
/** @import { OpenedLink } from "./opened.js" */

/**
 * @param {SaveRequest} request
 * @param {Job<SaveProgress>} job
 * @param {URL | string} [server]
 * @returns {Promise<Saved>}
 * @throws {OnekeyError} after which nothing at the target looks finished
 */
export async function save(request, job, server = SERVER) {
  const link = openedLink(request.opened);
  const files = request.files.map((index) => fileOf(link, index));
  // Everything that is wanted is taken whole, whoever asks (format.md 6).
  const whole = request.whole || files.length === link.manifest.files.length;
  const entries = request.as === "zip" ? zipEntries(link.manifest, request.files, whole) : null;
  if (!entries && files.length !== 1) throw new OnekeyError("internal_page");
  const total = entries ? await zipLength(entries) : /** @type {ManifestFile} */ (files[0]).size;

  /** @type {SaveProgress} */
  let progress = { state: "preparing", done: 0, total, downloadsLeft: null, retryIn: null };
  /** @param {Partial<SaveProgress>} [change] */
  const report = (change = {}) => job.report((progress = { ...progress, ...change }));

  // Before anything is spent: there may be no room, or no way.
  const sink = await openSink(request.to, total, report);
  // Ends whatever still runs ahead when this is over.
  const ended = new AbortController();
  /** @type {Plaintext | null} */
  let plaintext = null;
  try {
    report();
    const { exponent } = link.header;
    const opened = (plaintext = await open(link, whole ? wholeRun(link.size, exponent) : runsOf(files, exponent)));
    const source = entries
      ? zip(entries, (index) => fileBytes(opened, fileOf(link, index), index), () => rest(opened))
      : oneFile(opened);
    for await (const bytes of source) {
      const { length } = bytes;
      if (job.paused) report({ state: "paused" });
      await job.running();
      if (progress.state !== "saving") report({ state: "saving" });
      await cancellable(sink.write(bytes), job.signal);
      report({ done: progress.done + length });
    }
    if (progress.done !== total) throw new OnekeyError("damaged");
    await job.running();
    report({ state: "finishing" });
    const blob = await cancellable(sink.close(), job.signal);
    return { blob, bytes: progress.done };
  } catch (error) {
    const failure = OnekeyError.from(error);
    await sink.abort(failure);
    throw failure;
  } finally {
    ended.abort();
    plaintext?.close();
  }

  /** @param {OpenedLink} link @param {import("./runs.js").Run[]} runs */
  async function open(link, runs) {
    // Of files without any bytes nothing is fetched, and nothing spent.
    const kept = runs.length > 0 ? await cancellable(grantOf(server, link), job.signal) : null;
    report({ downloadsLeft: kept?.downloadsLeft ?? null });
    return new Plaintext(
      {
        server,
        grant: kept?.grant ?? "",
        size: link.size,
        exponent: link.header.exponent,
        payloadKey: link.header.payloadKey,
        job: { running: () => job.running(), signal: AbortSignal.any([job.signal, ended.signal]) },
        waiting: (seconds) => report({ state: seconds === null ? "saving" : "waiting", retryIn: seconds }),
        over: () => forgetGrant(link.locator),
      },
      runs,
    );
  }

  /** @param {Plaintext} plaintext @returns {Bytes} */
  async function* oneFile(plaintext) {
    yield* fileBytes(plaintext, /** @type {ManifestFile} */ (files[0]), /** @type {number} */ (request.files[0]));
    await rest(plaintext);
  }

  /** @param {Plaintext} plaintext */
  async function rest(plaintext) {
    if (whole) await plaintext.rest();
  }
}

/** @param {OpenedLink} link @param {number} index */
function fileOf(link, index) {
  const file = link.manifest.files[index];
  if (!file) throw new OnekeyError("internal_page");
  return file;
}

/**
 * What `promise` gives, unless the job is cancelled before. `promise` goes on.
 * @template T @param {Promise<T>} promise @param {AbortSignal} signal @returns {Promise<T>}
 */
async function cancellable(promise, signal) {
  /** @type {() => void} */
  let stop = () => {};
  const cancelled = /** @type {Promise<never>} */ (
    new Promise((_, reject) => {
      stop = () => reject(new OnekeyError("cancelled"));
      if (signal.aborted) stop();
      signal.addEventListener("abort", stop, { once: true });
    })
  );
  try {
    return await Promise.race([promise, cancelled]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
