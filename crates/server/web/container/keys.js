// Keys and what is derived from them (format.md 2).

import { concat, randomBytes } from "./bytes.js";
import { hkdf, sha256 } from "./derive.js";

/** @import { Bytes } from "./bytes.js" */

/** Bytes of a share key, a link key, an owner secret, a proof, a token, a verifier. */
export const KEY_LENGTH = 32;

/** Bytes of a locator and of a share's id. */
export const ID_LENGTH = 16;

/**
 * Of a link. `locator`, `proof` and `verifier` are for the server, the first two of receivers, the last of senders.
 * @typedef {{locator: Bytes, proof: Bytes, verifier: Bytes, wrapKey: Bytes}} LinkValues
 */

/** @typedef {{token: Bytes, verifier: Bytes, key: Bytes}} OwnerValues */

/** @returns {Bytes} a new share key, link key or owner secret: 32 random bytes */
export const newKey = () => randomBytes(KEY_LENGTH);

/**
 * @param {Uint8Array} linkKey @param {Uint8Array | null} passwordKey see `password.js`
 * @returns {Promise<LinkValues>}
 */
export async function linkValues(linkKey, passwordKey) {
  const both = passwordKey === null ? linkKey : concat(linkKey, passwordKey);
  const [locator, proof, wrapKey] = await Promise.all([
    hkdf(linkKey, "", "onekey/v1/locator", ID_LENGTH),
    hkdf(both, "", "onekey/v1/proof", KEY_LENGTH),
    hkdf(both, "", "onekey/v1/envelope", KEY_LENGTH),
  ]);
  return { locator, proof, verifier: await sha256(proof), wrapKey };
}

/** @param {Uint8Array} ownerSecret @returns {Promise<OwnerValues>} */
export async function ownerValues(ownerSecret) {
  const [token, key] = await Promise.all([
    hkdf(ownerSecret, "", "onekey/v1/owner", KEY_LENGTH),
    hkdf(ownerSecret, "", "onekey/v1/owner-seal", KEY_LENGTH),
  ]);
  return { token, verifier: await sha256(token), key };
}
