// The end of a zip with so many entries that their number needs Zip64. client-zip writes those records only where a size
// or a place needs them (its version 2.5.1), so readers would take 65,535 for the number of the entries.

/** From here on the number of entries stands in the Zip64 record only. */
export const ZIP64_COUNT = 0xffff;

/** A place from which on client-zip writes the records itself. */
const ZIP64_SIZE = 0xffffffff;

const RECORD = 56;
const LOCATOR = 20;
const END = 22;

const RECORD_SIGNATURE = 0x06064b50;
const LOCATOR_SIGNATURE = 0x07064b50;
const END_SIGNATURE = 0x06054b50;

/** Version 4.5 is the first with Zip64. */
const VERSION = 45;

/**
 * Puts the Zip64 records before the end of a zip, unless they are there.
 * @param {AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>} pieces of the zip; the last one is its end record
 * @param {number} count of the entries
 * @returns {AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>}
 */
export async function* withZip64End(pieces, count) {
  /** @type {Uint8Array<ArrayBuffer> | null} */
  let held = null;
  let isThere = false;
  for await (const piece of pieces) {
    if (held) yield held;
    isThere = held !== null && held.length === RECORD + LOCATOR && view(held).getUint32(0, true) === RECORD_SIGNATURE;
    held = piece;
  }
  if (!held || held.length !== END || view(held).getUint32(0, true) !== END_SIGNATURE) throw new TypeError("not a zip");
  if (!isThere) yield records(view(held), count);
  yield held;
}

/**
 * The bytes that this adds.
 * @param {number} count of the entries
 * @param {number} place of the zip's directory: bytes of all entries
 */
export const zip64EndLength = (count, place) => (count >= ZIP64_COUNT && place < ZIP64_SIZE ? RECORD + LOCATOR : 0);

/** @param {DataView} end @param {number} count */
function records(end, count) {
  const size = end.getUint32(12, true);
  const place = end.getUint32(16, true);
  const bytes = new Uint8Array(RECORD + LOCATOR);
  const out = view(bytes);
  out.setUint32(0, RECORD_SIGNATURE, true);
  out.setBigUint64(4, BigInt(RECORD - 12), true);
  out.setUint16(12, VERSION, true);
  out.setUint16(14, VERSION, true);
  out.setBigUint64(24, BigInt(count), true);
  out.setBigUint64(32, BigInt(count), true);
  out.setBigUint64(40, BigInt(size), true);
  out.setBigUint64(48, BigInt(place), true);
  out.setUint32(RECORD, LOCATOR_SIGNATURE, true);
  out.setBigUint64(RECORD + 8, BigInt(place + size), true);
  out.setUint32(RECORD + 16, 1, true);
  return bytes;
}

/** @param {Uint8Array} bytes */
const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
