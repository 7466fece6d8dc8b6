// A small message as one AEAD message: `nonce(12) || AES-256-GCM(key, nonce, aad, text)`.

import { concat, randomBytes, source } from "./bytes.js";
import { OnekeyError } from "../error.js";

/** @import { Bytes } from "./bytes.js" */

export const NONCE_LENGTH = 12;

/** Bytes that a message is longer than its text: nonce and tag. */
export const OVERHEAD = NONCE_LENGTH + 16;

/** @param {CryptoKey} key @param {Uint8Array} aad @param {Uint8Array} text @returns {Promise<Bytes>} */
export const seal = (key, aad, text) => dangerSeal(key, aad, text, randomBytes(NONCE_LENGTH));

/**
 * Seals with a nonce that is given, for known answers: a nonce that is used twice gives both texts away.
 * @param {CryptoKey} key @param {Uint8Array} aad @param {Uint8Array} text @param {Uint8Array} nonce
 * @returns {Promise<Bytes>}
 */
export async function dangerSeal(key, aad, text, nonce) {
  const parameters = { name: "AES-GCM", iv: source(nonce), additionalData: source(aad) };
  return concat(nonce, new Uint8Array(await crypto.subtle.encrypt(parameters, key, source(text))));
}

/**
 * @param {CryptoKey} key @param {Uint8Array} aad @param {Uint8Array} message @returns {Promise<Bytes>}
 * @throws {OnekeyError} `rejected`: another key, another place, or damage
 */
export async function open(key, aad, message) {
  if (message.length < OVERHEAD) throw new OnekeyError("rejected");
  const iv = source(message.subarray(0, NONCE_LENGTH));
  const parameters = { name: "AES-GCM", iv, additionalData: source(aad) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, source(message.subarray(NONCE_LENGTH))));
  } catch {
    throw new OnekeyError("rejected");
  }
}
