// One encrypted part, sent until the server has it. Repetitions send these very bytes.

import { OnekeyError } from "../error.js";
import { sendPart } from "../protocol/part.js";
import { Attempts, isPassing, sleep, TRANSFER_TRIES } from "../protocol/retry.js";
import { Restart } from "./restart.js";

/** @import { Bytes } from "../container/bytes.js" */
/** @import { UploadTarget } from "../protocol/uploads.js" */
/** @import { Job } from "../worker/job.js" */
/** @import { Meter } from "./meter.js" */

/** How often a part on its way looks whether it is to pause, in milliseconds: quick for people. */
const PAUSE_LOOK = 200;

/** A proxy's refusal of large bodies. */
const TOO_LARGE = 413;

/** `repeated`: an earlier session may have sent it, with the same plaintext.
 * @typedef {{index: number, body: Bytes, digest: Uint8Array, repeated: boolean}} SealedPart */

/**
 * @param {UploadTarget} target @param {SealedPart} part
 * @param {{signal: AbortSignal, successes: {count: number}, meter: Meter, job: Job<any>}} shared
 * @throws {Restart} `proxy`, `elsewhere`
 * @throws {OnekeyError}
 */
export async function deliver(target, part, { signal, successes, meter, job }) {
  const attempts = new Attempts(TRANSFER_TRIES, successes);
  meter.begins(part.index);
  try {
    for (;;) {
      await running(job, signal);
      const error = await attempt(target, part, { signal, meter, job });
      if (signal.aborted) throw new OnekeyError("cancelled");
      if (error === null) break;
      // What was stopped by a pause did not fail.
      if (job.paused) continue;
      if (error.code === "part_exists") {
        // An earlier session sent it, and it had the same plaintext. A try of this one has the same bytes and would be
        // told so: what else is there comes from somebody with a copy of the state, maybe of another version of the
        // file.
        if (part.repeated) break;
        throw new Restart("elsewhere");
      }
      if (error.code === "not_onekey" && error.detail === TOO_LARGE) throw new Restart("proxy");
      if (!isPassing(error)) throw error;
      const wait = attempts.after(error);
      meter.waits(part.index, wait);
      await sleep(wait, { signal, untilOnline: error.code === "network" });
      meter.goesOn(part.index);
    }
    successes.count += 1;
    meter.has(part.index, part.body.length);
  } finally {
    meter.ends(part.index);
  }
}

/** Resolves when there is no pause, or when another part failed. @param {Job<any>} job @param {AbortSignal} signal */
async function running(job, signal) {
  while (job.paused && !signal.aborted) await sleep(PAUSE_LOOK, { signal });
  await job.running();
}

/**
 * @param {UploadTarget} target @param {SealedPart} part
 * @param {{signal: AbortSignal, meter: Meter, job: Job<any>}} shared
 * @returns {Promise<OnekeyError | null>}
 */
async function attempt(target, { index, body, digest }, { signal, meter, job }) {
  const stop = new AbortController();
  const cancel = () => stop.abort();
  signal.addEventListener("abort", cancel, { once: true });
  const look = setInterval(() => job.paused && stop.abort(), PAUSE_LOOK);
  try {
    await sendPart(target, { index, body, digest, signal: stop.signal, onSent: (sent) => meter.sends(index, sent) });
    return null;
  } catch (error) {
    meter.sends(index, 0);
    return OnekeyError.from(error);
  } finally {
    clearInterval(look);
    signal.removeEventListener("abort", cancel);
  }
}
