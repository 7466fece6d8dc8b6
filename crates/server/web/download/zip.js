// A zip that is made while it streams. Its length is known before: files are stored, not deflated.

import { utf8 } from "../container/bytes.js";
import { withZip64End, ZIP64_COUNT, zip64EndLength } from "./zip-end.js";
import { zipName } from "./names.js";

/** @import { Manifest, ManifestFile } from "../types.js" */
/** @import { Bytes } from "./files.js" */

/** The first and the last second that a zip can name, in the browser's own time zone, as zips have none. */
const FIRST_TIME = new Date(1980, 0, 1).getTime();
const LAST_TIME = new Date(2107, 11, 31, 23, 59, 58).getTime();

/** Bytes around an entry's own in a zip below 4 GiB: its header and its sizes behind it. */
const AROUND = 46;

const MODE = 0o644;
const MODE_EXECUTABLE = 0o755;

/**
 * What goes into the zip: a file of the manifest, or an empty folder.
 * @typedef {{name: string, lastModified?: Date, mode?: number, size?: number, index: number | null}} Entry
 */

/**
 * @param {Manifest} manifest
 * @param {number[]} files indices
 * @param {boolean} whole with the empty folders
 * @returns {Entry[]}
 */
export function zipEntries(manifest, files, whole) {
  const taken = new Set();
  /** @type {Entry[]} */
  const entries = files.map((index) => {
    const file = /** @type {ManifestFile} */ (manifest.files[index]);
    const entry = { name: zipName(file.path, taken), mode: file.executable ? MODE_EXECUTABLE : MODE, size: file.size, index };
    return file.modified === undefined ? entry : { ...entry, lastModified: time(file.modified) };
  });
  if (!whole) return entries;
  return [...entries, ...(manifest.folders ?? []).map((path) => ({ name: `${zipName(path, taken)}/`, index: null }))];
}

/** @param {Entry[]} entries @returns {Promise<number>} bytes of the zip */
export async function zipLength(entries) {
  const { predictLength } = await zipModule();
  const length = Number(predictLength(entries.map(({ name, size }) => (size === undefined ? { name } : { name, size }))));
  const place = entries.reduce((sum, { name, size = 0 }) => sum + AROUND + utf8(name).length + size, 0);
  return length + zip64EndLength(entries.length, place);
}

/**
 * @param {Entry[]} entries
 * @param {(index: number) => Bytes} bytesOf a file's bytes; asked for in the order of the entries, one at a time
 * @param {() => Promise<void>} rest is waited for behind the last file, before the zip is ended
 * @returns {Bytes}
 */
export async function* zip(entries, bytesOf, rest) {
  const { makeZip } = await zipModule();
  async function* inputs() {
    for (const { name, lastModified, mode, index } of entries) {
      if (index === null) yield { name };
      else yield { name, lastModified, mode, input: bytesOf(index) };
    }
    await rest();
  }
  const reader = makeZip(inputs()).getReader();
  async function* pieces() {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield /** @type {Uint8Array<ArrayBuffer>} */ (value);
    }
  }
  try {
    yield* entries.length < ZIP64_COUNT ? pieces() : withZip64End(pieces(), entries.length);
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** @param {number} modified seconds @returns {Date} */
function time(modified) {
  return new Date(Math.min(Math.max(modified * 1_000, FIRST_TIME), LAST_TIME));
}

/**
 * The parts of client-zip that are used.
 * @typedef {object} ZipModule
 * @property {(entries: AsyncIterable<object>) => ReadableStream<Uint8Array>} makeZip
 * @property {(entries: Iterable<object>) => bigint} predictLength
 */

/** @returns {Promise<ZipModule>} */
const zipModule = () => import(new URL("../modules/client-zip/index.js", import.meta.url).href);
