// A link before its server knows of it: the same for the first link of a share and for every other.

import { encode } from "../container/base64url.js";
import { sealLabel, wrapShareKey } from "../container/envelope.js";
import { linkValues } from "../container/keys.js";
import { passwordKey } from "../container/password.js";

/**
 * @typedef {object} LinkTerms
 * @property {Uint8Array} linkKey new for this link
 * @property {Uint8Array} shareKey
 * @property {Uint8Array} ownerKey
 * @property {string | null} password
 * @property {string | null} label
 * @property {number | null} maxDownloads
 * @property {number | null} expiresIn seconds; null is never
 */

/**
 * Describes the link to the server: wraps the share key for it, and seals its label.
 * @param {LinkTerms} terms
 * @returns {Promise<{locator: string} & Record<string, unknown>>} the object `link` of protocol.md 6
 */
export async function newLink({ linkKey, shareKey, ownerKey, password, label, maxDownloads, expiresIn }) {
  const stretched = password === null ? null : await passwordKey(linkKey, password);
  const values = await linkValues(linkKey, stretched);
  const envelope = await wrapShareKey(values, shareKey);
  return {
    locator: encode(values.locator),
    verifier: encode(values.verifier),
    envelope: encode(envelope),
    password: stretched !== null,
    direct: false,
    max_downloads: maxDownloads,
    expires_in: expiresIn,
    label: label === null ? null : encode(await sealLabel(ownerKey, values.locator, label)),
  };
}
