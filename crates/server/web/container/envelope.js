// Wrapped share keys, a link's and the owner's, and sealed labels (format.md 2).

import { concat, isUnicode, textOf, utf8 } from "./bytes.js";
import { cipherKey } from "./derive.js";
import { FIXED_LENGTH } from "./header.js";
import { KEY_LENGTH } from "./keys.js";
import { open, OVERHEAD, seal } from "./message.js";
import { OnekeyError } from "../error.js";

/** @import { Bytes } from "./bytes.js" */
/** @import { LinkValues } from "./keys.js" */

export const ENVELOPE_LENGTH = KEY_LENGTH + OVERHEAD;

/** Longest label, in bytes of UTF-8 (format.md 2). */
export const MAX_LABEL_LENGTH = 256;

/**
 * @param {Pick<LinkValues, "locator" | "wrapKey">} values @param {Uint8Array} shareKey
 * @returns {Promise<Bytes>} 60 bytes
 */
export async function wrapShareKey(values, shareKey) {
  return seal(await cipherKey(values.wrapKey), values.locator, shareKey);
}

/**
 * @param {Pick<LinkValues, "locator" | "wrapKey">} values @param {Uint8Array} envelope
 * @returns {Promise<Bytes>} the share key
 * @throws {OnekeyError} `rejected`: another key or password, another link's envelope, or damage
 */
export async function unwrapShareKey(values, envelope) {
  return unwrap(values.wrapKey, values.locator, envelope);
}

/**
 * @param {Uint8Array} ownerKey @param {Uint8Array} header 72 bytes @param {Uint8Array} shareKey
 * @returns {Promise<Bytes>} 60 bytes
 */
export async function wrapForOwner(ownerKey, header, shareKey) {
  return seal(await cipherKey(ownerKey), ownerAad(header), shareKey);
}

/**
 * @param {Uint8Array} ownerKey @param {Uint8Array} header @param {Uint8Array} envelope
 * @returns {Promise<Bytes>} the share key
 * @throws {OnekeyError} `rejected`
 */
export async function unwrapForOwner(ownerKey, header, envelope) {
  return unwrap(ownerKey, ownerAad(header), envelope);
}

/**
 * @param {Uint8Array} ownerKey @param {Uint8Array} locator @param {string} text at most 256 bytes of UTF-8
 * @returns {Promise<Bytes>}
 */
export async function sealLabel(ownerKey, locator, text) {
  const bytes = utf8(text);
  if (!isUnicode(text) || bytes.length > MAX_LABEL_LENGTH) throw new OnekeyError("bad_request", "label");
  return seal(await cipherKey(ownerKey), labelAad(locator), bytes);
}

/**
 * @param {Uint8Array} ownerKey @param {Uint8Array} locator @param {Uint8Array} sealed
 * @returns {Promise<string>}
 * @throws {OnekeyError} `rejected`
 */
export async function openLabel(ownerKey, locator, sealed) {
  // Before it is copied: an answer's length is the server's word.
  if (sealed.length > MAX_LABEL_LENGTH + OVERHEAD) throw new OnekeyError("rejected");
  const text = textOf(await open(await cipherKey(ownerKey), labelAad(locator), sealed));
  if (text === null) throw new OnekeyError("rejected");
  return text;
}

/** @param {Uint8Array} header */
export const ownerAad = (header) => concat(utf8("share"), header.subarray(0, FIXED_LENGTH));

/** @param {Uint8Array} locator */
export const labelAad = (locator) => concat(utf8("label"), locator);

/** @param {Uint8Array} key @param {Uint8Array} aad @param {Uint8Array} envelope */
async function unwrap(key, aad, envelope) {
  if (envelope.length !== ENVELOPE_LENGTH) throw new OnekeyError("rejected", "length");
  return open(await cipherKey(key), aad, envelope);
}
