// From a link's key to what is in its share. Spends nothing.

import { byteLength, decode, encode } from "../container/base64url.js";
import { ENVELOPE_LENGTH, unwrapShareKey } from "../container/envelope.js";
import { HEADER_LENGTH, openHeader } from "../container/header.js";
import { KEY_LENGTH, linkValues } from "../container/keys.js";
import { openManifest } from "../container/manifest.js";
import { passwordKey } from "../container/password.js";
import { plaintextLength } from "../container/size.js";
import { OnekeyError } from "../error.js";
import { describeLink, openLink } from "../protocol/links.js";
import { SERVER } from "../trusted.js";
import { forgetGrant, keptGrant } from "./grant.js";
import { remember } from "./opened.js";

/** @import { LinkValues } from "../container/keys.js" */
/** @import { LinkOpened } from "../protocol/links.js" */
/** @import { Opened } from "../types.js" */
/** @import { Job } from "../worker/job.js" */
/** @import { KeptGrant } from "./grant.js" */

/** What links of this page want, by locator: it never changes. @type {Map<string, boolean>} */
const wanted = new Map();

/**
 * Whether a link wants a password.
 * @param {string} key 43 characters
 * @param {Pick<Job<any>, "signal"> | null} [job]
 * @param {URL | string} [server]
 * @returns {Promise<{password: boolean}>}
 * @throws {OnekeyError} `key_malformed`; why it is gone, if it had no password, else `link_gone`
 */
export async function linkState(key, job = null, server = SERVER) {
  const values = await linkValues(keyOf(key), null);
  const described = await describe(server, values.locator, job);
  if (described !== null) return { password: described };
  const kept = await keptGrant(server, encode(values.locator));
  if (kept !== null) return { password: kept.password };
  // Only a right proof learns why: without a password this one is.
  await openLink(server, values.locator, values.proof, options(job)).catch(whyGone);
  return { password: false };
}

/**
 * Opens a link, and checks all that the server said before any of it is believed.
 * @param {{key: string, password: string | null}} link
 * @param {Pick<Job<any>, "signal"> | null} [job]
 * @param {URL | string} [server]
 * @returns {Promise<Opened>}
 * @throws {OnekeyError} `key_malformed`, `password_required`, `proof_rejected` for a wrong password, why the link is gone, what
 *   does not fit the key
 */
export async function open({ key, password }, job = null, server = SERVER) {
  const linkKey = keyOf(key);
  const { locator } = await linkValues(linkKey, null);
  const name = encode(locator);
  const kept = await keptGrant(server, name);
  const described = await describe(server, locator, job);
  // Of a link that is gone only who has a password for it knows that it wants one.
  const wantsPassword = described ?? kept?.password ?? password !== null;
  if (wantsPassword && password === null) throw new OnekeyError("password_required");
  const stretched = wantsPassword ? await passwordKey(linkKey, /** @type {string} */ (password)) : null;
  const values = await linkValues(linkKey, stretched);
  const { answer, isKept } = await answerOf(server, values, { kept, described, name, job });
  const opened = await check(values, answer).catch((error) => {
    // No server compared this proof: the envelope does.
    throw isKept && wantsPassword && error.code === "rejected" ? new OnekeyError("proof_rejected") : error;
  });
  const { header, manifest } = opened;
  const id = remember({
    locator: name,
    proof: values.proof,
    password: wantsPassword,
    header,
    manifest,
    size: answer.size,
    answer,
  });
  return {
    id,
    manifest,
    size: answer.size,
    expiresAt: answer.expires_at,
    downloadsLeft: isKept && kept ? kept.downloadsLeft : answer.downloads_left,
    granted: kept !== null,
  };
}

/** @param {string} key @returns {Uint8Array} */
function keyOf(key) {
  try {
    return decode(key, KEY_LENGTH);
  } catch {
    throw new OnekeyError("key_malformed");
  }
}

/**
 * @param {URL | string} server @param {Uint8Array} locator @param {Pick<Job<any>, "signal"> | null} job
 * @returns {Promise<boolean | null>} null for a link that is not live
 */
async function describe(server, locator, job) {
  const name = encode(locator);
  const known = wanted.get(name);
  if (known !== undefined) return known;
  try {
    const { password } = await describeLink(server, locator, options(job));
    wanted.set(name, password);
    return password;
  } catch (error) {
    if (error instanceof OnekeyError && error.code === "link_gone") return null;
    throw error;
  }
}

/**
 * What the server says of the link, or what it said when the grant was taken: a link that is used up or has expired opens no
 * more while its grant still serves.
 * @param {URL | string} server @param {LinkValues} values
 * @param {{kept: KeptGrant | null, described: boolean | null, name: string, job: Pick<Job<any>, "signal"> | null}} more
 * @returns {Promise<{answer: LinkOpened, isKept: boolean}>}
 */
async function answerOf(server, values, { kept, described, name, job }) {
  try {
    return { answer: await openLink(server, values.locator, values.proof, options(job)), isKept: false };
  } catch (error) {
    const { code } = OnekeyError.from(error);
    if (code === "revoked") await forgetGrant(name);
    const isOver = code === "used_up" || code === "expired" || code === "link_gone";
    if (kept && isOver) return { answer: kept.answer, isKept: true };
    if (described === null) whyGone(error);
    throw error;
  }
}

/** @param {unknown} error of a link that is not live @returns {never} */
function whyGone(error) {
  const { code } = OnekeyError.from(error);
  // Whatever a second answer says of the proof, the first one was true.
  if (code === "proof_rejected" || code === "too_many_attempts") throw new OnekeyError("link_gone");
  throw error;
}

/**
 * Checks header, commitment, envelope, size and manifest (format.md 2, 4, 6, 7).
 * @param {LinkValues} values @param {LinkOpened} answer
 */
async function check(values, answer) {
  const shareKey = await unwrapShareKey(values, decode(answer.envelope, ENVELOPE_LENGTH));
  const header = await openHeader(decode(answer.header, HEADER_LENGTH), shareKey);
  const length = plaintextLength(answer.size, header.exponent);
  const sealed = decode(answer.manifest, byteLength(answer.manifest));
  return { header, manifest: await openManifest(header.manifestKey, sealed, length) };
}

/** @param {Pick<Job<any>, "signal"> | null} job */
const options = (job) => ({ signal: job?.signal ?? null });
