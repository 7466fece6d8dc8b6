// The manifest: the private list of a share's files and folders, its title and its note (format.md 7). It travels
// sealed.

import { textOf, utf8 } from "./bytes.js";
import { open, OVERHEAD, seal } from "./message.js";
import { known, readForm } from "./manifest-form.js";
import { brokenRule } from "./manifest-rules.js";
import { OnekeyError } from "../error.js";

/** @import { Bytes } from "./bytes.js" */
/** @import { Manifest } from "../types.js" */

/** Bytes of the shortest padded manifest that writers make. */
export const MIN_PADDED = 4096;

/** Bytes of the longest padded manifest. */
export const MAX_PADDED = 8 * 2 ** 20;

/** Every padded manifest is a multiple of so many bytes. */
export const PADDED_MULTIPLE = 512;

const SPACE = 0x20;
const ASSOCIATED_DATA = utf8("manifest");

/**
 * Seals the one manifest that a share key may have.
 * @param {CryptoKey} manifestKey @param {Manifest} manifest
 * @param {number} [plaintextLength] of the payload; without it only `beyond` is left to the caller
 * @returns {Promise<Bytes>}
 * @throws {OnekeyError} `manifest` (detail: the rule that it breaks), `too_many_files`
 */
export async function sealManifest(manifestKey, manifest, plaintextLength = Number.MAX_SAFE_INTEGER) {
  return seal(manifestKey, ASSOCIATED_DATA, printManifest(manifest, plaintextLength));
}

/**
 * Opens a sealed manifest and checks every rule, whoever wrote it.
 * @param {CryptoKey} manifestKey @param {Uint8Array} sealed @param {number} plaintextLength of the payload
 * @returns {Promise<Manifest>} the fields that version 1 knows
 * @throws {OnekeyError} `rejected`, `manifest` (detail: the rule that it breaks)
 */
export async function openManifest(manifestKey, sealed, plaintextLength) {
  // Before it is copied: an answer's length is the server's word.
  if (sealed.length > MAX_PADDED + OVERHEAD) throw new OnekeyError("rejected");
  return parseManifest(await open(manifestKey, ASSOCIATED_DATA, sealed), plaintextLength);
}

/**
 * @param {Manifest} manifest @param {number} plaintextLength
 * @throws {OnekeyError} `manifest` (detail: the first rule that it breaks)
 */
export function checkManifest(manifest, plaintextLength) {
  const rule = readForm(JSON.stringify(known(manifest))) === null ? "json" : brokenRule(manifest, plaintextLength);
  if (rule !== null) throw new OnekeyError("manifest", rule);
}

/**
 * @param {Manifest} manifest @param {number} plaintextLength
 * @returns {Bytes} its padded JSON, which every reader takes
 * @throws {OnekeyError} `manifest`, `too_many_files`
 */
export function printManifest(manifest, plaintextLength) {
  checkManifest(manifest, plaintextLength);
  const json = utf8(JSON.stringify(known(manifest)));
  if (json.length > MAX_PADDED) throw new OnekeyError("too_many_files");
  let length = MIN_PADDED;
  while (length < json.length) length *= 2;
  const padded = new Uint8Array(length).fill(SPACE);
  padded.set(json);
  return padded;
}

/**
 * @param {Uint8Array} padded @param {number} plaintextLength @returns {Manifest}
 * @throws {OnekeyError} `manifest` (detail: the first rule that it breaks)
 */
export function parseManifest(padded, plaintextLength) {
  if (padded.length > MAX_PADDED) throw new OnekeyError("manifest", "padding too-long");
  if (padded.length % PADDED_MULTIPLE !== 0) throw new OnekeyError("manifest", "padding multiple");
  let end = padded.length;
  while (end > 0 && padded[end - 1] === SPACE) end--;
  const text = textOf(padded.subarray(0, end));
  const manifest = text === null ? null : readForm(text);
  if (manifest === null) throw new OnekeyError("manifest", "json");
  const rule = brokenRule(manifest, plaintextLength);
  if (rule !== null) throw new OnekeyError("manifest", rule);
  return manifest;
}
