// Bytes: joined, compared, counted, read as text.

/**
 * Bytes in a buffer of their own kind: what WebCrypto takes. `Uint8Array` alone may also stand on shared memory.
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 */

/** Unpaired surrogates, which no UTF-8 has. */
const UNPAIRED = /\p{Surrogate}/u;

/** @param {string} text @returns {Bytes} its UTF-8 */
export const utf8 = (text) => new TextEncoder().encode(text);

/**
 * Reads UTF-8 and changes nothing: a BOM stays.
 * @param {Uint8Array} bytes @returns {string | null} null for what is not UTF-8
 */
export function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** @param {string} text whether UTF-8 has it @returns {boolean} */
export const isUnicode = (text) => !UNPAIRED.test(text);

/** @param {...Uint8Array} parts @returns {Bytes} */
export function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * Compares in a time that depends on the lengths alone.
 * @param {Uint8Array} a @param {Uint8Array} b @returns {boolean}
 */
export function equal(a, b) {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= /** @type {number} */ (a[i]) ^ /** @type {number} */ (b[i]);
  return difference === 0;
}

/** @param {number} value an integer below 2^53 @returns {Bytes} u64, big-endian */
export function u64be(value) {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(value / 2 ** 32));
  view.setUint32(4, value % 2 ** 32);
  return bytes;
}

/** @param {number} length @returns {Bytes} */
export const randomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

/** Says to the type checker what WebCrypto itself refuses otherwise. @param {Uint8Array} bytes @returns {Bytes} */
export const source = (bytes) => /** @type {Bytes} */ (bytes);
