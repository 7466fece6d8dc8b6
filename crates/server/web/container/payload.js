// The payload: chunks, each one AEAD message that is bound to its place and to the end (format.md 5).
//
//   chunk_i = nonce_i(12, random) || AES-256-GCM(payload_key, nonce_i, aad = u64(i) || last, plaintext_i)

import { source, u64be } from "./bytes.js";
import { NONCE_LENGTH, OVERHEAD } from "./message.js";
import { chunkSize, encryptedChunkSize, MAX_CHUNKS } from "./size.js";
import { OnekeyError } from "../error.js";

/** @import { Bytes } from "./bytes.js" */
/** @import { ErrorCode } from "../error.js" */

/** Calls of WebCrypto at once: each runs on a thread of the browser's, and more than eight gain nothing. */
const IN_FLIGHT = 8;

/** Fills a chunk's nonce. @typedef {(nonce: Bytes, index: number) => void} NonceSource */

/** @type {NonceSource} */
const randomNonce = (nonce) => void crypto.getRandomValues(nonce);

/** A payload that does not authenticate. `released` is the plaintext before the failure. */
export class PayloadError extends OnekeyError {
  /** @param {ErrorCode} code @param {number | null} detail @param {Bytes} released */
  constructor(code, detail, released) {
    super(code, detail);
    this.released = released;
  }
}

/**
 * Encrypts a piece of a payload: whole chunks, and with `end` the last one, also if it is empty.
 *
 * Whoever encrypts much passes `into`, a buffer that is used again and has room for the result: browsers take half of
 * the time and more to make a new one for each piece.
 * @param {CryptoKey} key @param {number} exponent @param {number} first index of the piece's first chunk
 * @param {Uint8Array} plaintext a multiple of the chunk size unless `end` @param {boolean} end
 * @param {Uint8Array | null} [into]
 * @returns {Promise<Bytes>} a new array, or the beginning of `into`
 */
export const encryptChunks = (key, exponent, first, plaintext, end, into = null) =>
  dangerEncryptChunks(key, exponent, first, plaintext, end, randomNonce, into);

/**
 * The same with nonces that are given, for known answers: a nonce that is used twice breaks AES-GCM.
 * @param {CryptoKey} key @param {number} exponent @param {number} first @param {Uint8Array} plaintext
 * @param {boolean} end @param {NonceSource} nonceSource @param {Uint8Array | null} [into] @returns {Promise<Bytes>}
 */
export async function dangerEncryptChunks(key, exponent, first, plaintext, end, nonceSource, into = null) {
  const size = chunkSize(exponent);
  const full = encryptedChunkSize(exponent);
  const rest = plaintext.length % size;
  const before = (plaintext.length - rest) / size;
  if (rest > 0 && !end) throw new RangeError("only the end of a payload may be less than a chunk");
  const chunks = before + (end ? 1 : 0);
  checkIndices(first, chunks);
  const payload = room(into, plaintext.length + chunks * OVERHEAD);
  await inFlight(chunks, async (chunk) => {
    const nonce = payload.subarray(chunk * full, chunk * full + NONCE_LENGTH);
    nonceSource(nonce, first + chunk);
    const text = source(plaintext.subarray(chunk * size, (chunk + 1) * size));
    const sealed = await crypto.subtle.encrypt(parameters(nonce, first + chunk, chunk === before), key, text);
    payload.set(new Uint8Array(sealed), chunk * full + NONCE_LENGTH);
  });
  return payload;
}

/**
 * Decrypts a piece of a payload: whole chunks, and with `end` the last one.
 * @param {CryptoKey} key @param {number} exponent @param {number} first index of the piece's first chunk
 * @param {Uint8Array} payload a multiple of the encrypted chunk size unless `end` @param {boolean} end
 * @param {Uint8Array | null} [into] see `encryptChunks`; what it holds after a failure is nobody's
 * @returns {Promise<Bytes>} a new array, or the beginning of `into`
 * @throws {PayloadError} `damaged` (detail: index of the first chunk that does not authenticate), `truncated`
 */
export async function decryptChunks(key, exponent, first, payload, end, into = null) {
  const size = chunkSize(exponent);
  const full = encryptedChunkSize(exponent);
  const rest = payload.length % full;
  const before = (payload.length - rest) / full;
  if (rest > 0 && !end) throw new RangeError("only the end of a payload may be less than a chunk");
  const isCut = end && rest < OVERHEAD;
  const chunks = before + (end && !isCut ? 1 : 0);
  checkIndices(first, chunks);
  const plaintext = room(into, before * size + (chunks > before ? rest - OVERHEAD : 0));
  const sound = await inFlight(chunks, async (chunk) => {
    const sealed = source(payload.subarray(chunk * full, (chunk + 1) * full));
    const values = parameters(sealed.subarray(0, NONCE_LENGTH), first + chunk, chunk === before);
    const text = await crypto.subtle.decrypt(values, key, sealed.subarray(NONCE_LENGTH)).catch(() => null);
    if (text !== null) plaintext.set(new Uint8Array(text), chunk * size);
    return text !== null;
  });
  if (sound < chunks) throw new PayloadError("damaged", first + sound, plaintext.slice(0, sound * size));
  if (isCut) throw new PayloadError("truncated", null, plaintext);
  return plaintext;
}

/** @param {Uint8Array | null} into @param {number} length @returns {Bytes} */
function room(into, length) {
  if (into === null) return new Uint8Array(length);
  if (into.length < length) throw new RangeError("the buffer is too small");
  return source(into.subarray(0, length));
}

/** @param {Bytes} nonce @param {number} index @param {boolean} last */
function parameters(nonce, index, last) {
  const additionalData = new Uint8Array(9);
  additionalData.set(u64be(index));
  additionalData[8] = last ? 1 : 0;
  return { name: "AES-GCM", iv: nonce, additionalData };
}

/** @param {number} first @param {number} chunks */
function checkIndices(first, chunks) {
  const fits = Number.isSafeInteger(first) && first >= 0 && first + chunks <= MAX_CHUNKS;
  if (!fits) throw new OnekeyError("size", "too-large");
}

/**
 * Does `work` for 0 to count - 1, a few at a time and begun in order, until one gives `false`.
 * @param {number} count @param {(index: number) => Promise<boolean | void>} work
 * @returns {Promise<number>} how many gave something else before the first `false`
 */
async function inFlight(count, work) {
  let next = 0;
  let sound = count;
  const lane = async () => {
    while (next < sound) {
      const index = next++;
      if ((await work(index)) === false) sound = Math.min(sound, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, count) }, lane));
  return sound;
}
