// The header: 72 bytes that name the format and commit to the share key (format.md 4).
//
//   offset  0       8         9       10         11      16     40           72
//           | magic | version | suite | exponent | zeros | salt | commitment |
//   bytes       8        1        1        1         5      24        32
//
// The first 40 bytes go into every key that is derived with it.

import { concat, equal, randomBytes, utf8 } from "./bytes.js";
import { cipherKey, hkdf } from "./derive.js";
import { OnekeyError } from "../error.js";

/** @import { Bytes } from "./bytes.js" */

export const HEADER_LENGTH = 72;

/** Bytes before the commitment. */
export const FIXED_LENGTH = 40;

/** What writers take: 64 KiB chunks are full speed, and a range costs little. */
export const DEFAULT_EXPONENT = 16;
export const MIN_EXPONENT = 10;
export const MAX_EXPONENT = 22;

const MAGIC = Uint8Array.of(0x89, 0x6f, 0x6e, 0x65, 0x6b, 0x65, 0x79, 0x0a);
const VERSION = 1;
const AES_256_GCM = 1;
const CHACHA20_POLY1305 = 2;
const SALT_AT = 16;
const SALT_LENGTH = FIXED_LENGTH - SALT_AT;

/**
 * A header whose commitment fits the share key.
 * @typedef {{bytes: Bytes, exponent: number, payloadKey: CryptoKey, manifestKey: CryptoKey}} Header
 */

/**
 * Makes the header of a new container.
 * @param {Uint8Array} shareKey @param {number} [exponent] @returns {Promise<Header>}
 */
export const newHeader = (shareKey, exponent = DEFAULT_EXPONENT) =>
  dangerHeader(shareKey, exponent, randomBytes(SALT_LENGTH));

/**
 * Makes a header with a salt that is given, for known answers: under one key and salt there is one payload.
 * @param {Uint8Array} shareKey @param {number} exponent @param {Uint8Array} salt 24 bytes @returns {Promise<Header>}
 */
export async function dangerHeader(shareKey, exponent, salt) {
  if (!isExponent(exponent)) throw new OnekeyError("header", "exponent");
  const fixed = concat(MAGIC, Uint8Array.of(VERSION, AES_256_GCM, exponent, 0, 0, 0, 0, 0), salt);
  const bytes = concat(fixed, await derive(shareKey, fixed, "onekey/v1/commitment"));
  return { bytes, exponent, ...(await keys(shareKey, bytes)) };
}

/**
 * Reads a header, and derives its keys once the commitment was compared.
 * @param {Uint8Array} bytes @param {Uint8Array} shareKey @returns {Promise<Header>}
 * @throws {OnekeyError} `header` (detail: the field), `unsupported_suite`, `wrong_key`
 */
export async function openHeader(bytes, shareKey) {
  const field = wrongField(bytes);
  if (field !== null) throw new OnekeyError("header", field);
  const own = bytes.slice();
  const commitment = await derive(shareKey, own, "onekey/v1/commitment");
  if (!equal(commitment, own.subarray(FIXED_LENGTH))) throw new OnekeyError("wrong_key");
  // The commitment knows no cipher: with another key or a changed byte this is said, and not that the suite is missing.
  if (own[9] === CHACHA20_POLY1305) throw new OnekeyError("unsupported_suite");
  return { bytes: own, exponent: exponentOf(own), ...(await keys(shareKey, own)) };
}

/** @param {Uint8Array} bytes @returns {number} of a header whose fields were checked */
const exponentOf = (bytes) => /** @type {number} */ (bytes[10]);

/** @param {number} exponent */
const isExponent = (exponent) => Number.isInteger(exponent) && exponent >= MIN_EXPONENT && exponent <= MAX_EXPONENT;

/** @param {Uint8Array} bytes @returns {string | null} the first field that is not sound */
function wrongField(bytes) {
  if (bytes.length !== HEADER_LENGTH) return "truncated";
  if (!equal(bytes.subarray(0, MAGIC.length), MAGIC)) return "magic";
  if (bytes[8] !== VERSION) return "version";
  if (bytes[9] !== AES_256_GCM && bytes[9] !== CHACHA20_POLY1305) return "suite";
  if (!isExponent(exponentOf(bytes))) return "exponent";
  if (bytes.subarray(11, SALT_AT).some((byte) => byte !== 0)) return "reserved";
  return null;
}

/** @param {Uint8Array} shareKey @param {Uint8Array} header */
async function keys(shareKey, header) {
  const { payload, manifest } = await rawKeys(shareKey, header);
  const [payloadKey, manifestKey] = await Promise.all([cipherKey(payload), cipherKey(manifest)]);
  return { payloadKey, manifestKey };
}

/**
 * The keys as bytes: for tests, as keys of WebCrypto cannot be read.
 * @param {Uint8Array} shareKey @param {Uint8Array} header
 */
export async function rawKeys(shareKey, header) {
  const [payload, manifest] = await Promise.all([
    derive(shareKey, header, "onekey/v1/payload"),
    derive(shareKey, header, "onekey/v1/manifest"),
  ]);
  return { payload, manifest };
}

/**
 * `HKDF(S, salt, label || 0x00 || header[0..40], 32)`.
 * @param {Uint8Array} shareKey @param {Uint8Array} header @param {string} label
 */
function derive(shareKey, header, label) {
  const fixed = header.subarray(0, FIXED_LENGTH);
  return hkdf(shareKey, fixed.subarray(SALT_AT), concat(utf8(label), Uint8Array.of(0), fixed), 32);
}
