// What a manifest says of files that are sent.

import { printManifest } from "../container/manifest.js";
import { MEDIA_TYPE } from "../container/manifest-rules.js";
import { OnekeyError } from "../error.js";

/** @import { Manifest } from "../types.js" */
/** @import { KeptFile } from "./state.js" */
/** @import { Layout } from "./layout.js" */

/**
 * Where a file's bytes are in the payload's plaintext. @typedef {{offset: number, stored: number, codec?: "br" |
 * "gzip"}} Stored
 */

/** What a share says of itself. @typedef {{title: string | null, note: string | null, folders: string[]}} Words */

/** The type of files of which the browser knows none. */
const UNKNOWN_TYPE = "application/octet-stream";

/** @param {Layout} layout @returns {KeptFile[]} */
export const keptFiles = (layout) =>
  layout.files.map(({ path, file, size }) => ({ path, size, modified: file.lastModified, type: file.type }));

/** Files that are stored as they are. @param {Layout} layout @returns {Stored[]} */
export const storedRaw = (layout) => layout.files.map(({ offset, size }) => ({ offset, stored: size }));

/**
 * @param {KeptFile[]} files @param {Stored[]} stored @param {Words} words @returns {Manifest}
 */
export function manifestOf(files, stored, { title, note, folders }) {
  return {
    files: files.map(({ path, size, modified, type }, at) => ({
      path,
      type: MEDIA_TYPE.test(type) ? type : UNKNOWN_TYPE,
      size,
      .../** @type {Stored} */ (stored[at]),
      // Whole seconds, rounded down also before 1970.
      modified: Math.floor(modified / 1_000),
    })),
    ...(folders.length > 0 ? { folders } : {}),
    ...(title ? { title } : {}),
    ...(note ? { note } : {}),
  };
}

/**
 * Whether the list fits into a manifest however the files are compressed.
 * @param {Layout} layout @param {Words} words @returns {boolean}
 * @throws {OnekeyError} `too_many_files`, `manifest`: it does not fit even as they are
 */
export function checkList(layout, words) {
  const files = keptFiles(layout);
  const raw = storedRaw(layout);
  printManifest(manifestOf(files, raw, words), layout.length);
  try {
    printManifest(manifestOf(files, raw.map((place) => ({ ...place, codec: "gzip" })), words), layout.length);
    return true;
  } catch (error) {
    if (error instanceof OnekeyError && error.code === "too_many_files") return false;
    throw error;
  }
}
