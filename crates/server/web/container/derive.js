// HKDF (RFC 5869) with SHA-256, the one way keys are derived, and SHA-256 itself.

import { source, utf8 } from "./bytes.js";

/** @import { Bytes } from "./bytes.js" */

/**
 * `HKDF(key, salt, info, length)`: extract, then expand.
 * @param {Uint8Array} key
 * @param {Uint8Array | ""} salt
 * @param {Uint8Array | string} info
 * @param {number} length in bytes
 * @returns {Promise<Bytes>}
 */
export async function hkdf(key, salt, info, length) {
  const imported = await crypto.subtle.importKey("raw", source(key), "HKDF", false, ["deriveBits"]);
  const parameters = {
    name: "HKDF",
    hash: "SHA-256",
    salt: salt === "" ? new Uint8Array() : source(salt),
    info: typeof info === "string" ? utf8(info) : source(info),
  };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, imported, 8 * length));
}

/** @param {Uint8Array} bytes @returns {Promise<Bytes>} */
export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", source(bytes)));
}

/** @param {Uint8Array} key 32 bytes @returns {Promise<CryptoKey>} for AES-256-GCM; it cannot be read again */
export function cipherKey(key) {
  return crypto.subtle.importKey("raw", source(key), "AES-GCM", false, ["encrypt", "decrypt"]);
}
