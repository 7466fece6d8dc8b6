// Passwords: an optional second factor beside the link key (format.md 3).

import { isUnicode, utf8 } from "./bytes.js";
import { hkdf } from "./derive.js";
import { KEY_LENGTH } from "./keys.js";
import { OnekeyError } from "../error.js";

/** @import { Bytes } from "./bytes.js" */

/** Rounds of PBKDF2: about half a second, once for a person and each time for a guesser. */
export const PBKDF2_ROUNDS = 1_000_000;

/** Longest password, in bytes of UTF-8 after NFC. */
export const MAX_PASSWORD_LENGTH = 1024;

/**
 * @param {string} text as it was typed @returns {Bytes} UTF-8 of its normalisation form C
 * @throws {OnekeyError} `password_empty`, `password_too_long`, `password_not_unicode`
 */
export function normalised(text) {
  if (!isUnicode(text)) throw new OnekeyError("password_not_unicode");
  // NFC shortens a text at most to a third, so this bounds the work before it is done.
  if (utf8(text).length > 3 * MAX_PASSWORD_LENGTH) throw new OnekeyError("password_too_long");
  const bytes = utf8(text.normalize("NFC"));
  if (bytes.length === 0) throw new OnekeyError("password_empty");
  if (bytes.length > MAX_PASSWORD_LENGTH) throw new OnekeyError("password_too_long");
  return bytes;
}

/**
 * Derives `P` for one link. Slow on purpose.
 * @param {Uint8Array} linkKey @param {string} text as it was typed @returns {Promise<Bytes>}
 */
export async function passwordKey(linkKey, text) {
  const password = await crypto.subtle.importKey("raw", normalised(text), "PBKDF2", false, ["deriveBits"]);
  const salt = await hkdf(linkKey, "", "onekey/v1/password-salt", 16);
  const parameters = { name: "PBKDF2", hash: "SHA-256", salt, iterations: PBKDF2_ROUNDS };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, password, 8 * KEY_LENGTH));
}
