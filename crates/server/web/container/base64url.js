// Base64url without padding (RFC 4648, section 5), canonical only: a value has one text.

import { OnekeyError } from "../error.js";

/** @import { Bytes } from "./bytes.js" */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** @param {number} bytes @returns {number} characters of so many bytes */
export const textLength = (bytes) => Math.ceil((bytes * 4) / 3);

/** @param {string} text @returns {number} bytes of the value, if it is one */
export const byteLength = (text) => Math.floor((text.length * 3) / 4);

/** @param {Uint8Array} bytes @returns {string} */
export function encode(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const bits = (a << 16) | (b << 8) | c;
    const quad = [bits >> 18, (bits >> 12) & 63, (bits >> 6) & 63, bits & 63].map((value) => ALPHABET.charAt(value));
    text += quad.slice(0, bytes.length - at + 1).join("");
  }
  return text;
}

/**
 * @param {string} text @param {number} length bytes of the value @returns {Bytes}
 * @throws {OnekeyError} `base64url` for every text but the one that `encode` prints for `length` bytes
 */
export function decode(text, length) {
  if (text.length !== textLength(length)) throw new OnekeyError("base64url");
  const bytes = new Uint8Array(length);
  let bits = 0;
  let count = 0;
  let at = 0;
  for (const char of text) {
    const value = ALPHABET.indexOf(char);
    if (value < 0) throw new OnekeyError("base64url");
    bits = ((bits << 6) | value) & 0xfff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[at++] = (bits >> count) & 0xff;
  }
  if ((bits & ((1 << count) - 1)) !== 0) throw new OnekeyError("base64url");
  return bytes;
}
