// From ticked files to what is saved: one file as it is, several as a zip, everything with its empty folders. No DOM.

/** @import { Manifest } from "../../types.js" */

/**
 * @typedef {object} Choice
 * @property {number[]} files indices into the manifest, ascending
 * @property {boolean} whole
 * @property {"file" | "zip"} as
 * @property {string} name of the file that is saved
 * @property {number} size bytes of the files
 */

/** Name of a zip whose share has no title. */
const UNTITLED = "onekey";

/**
 * @param {Manifest} manifest
 * @param {Iterable<number>} ticked
 * @returns {Choice | null} null if nothing is ticked
 */
export function choiceOf(manifest, ticked) {
  const files = [...ticked].sort((a, b) => a - b);
  const whole = files.length === manifest.files.length;
  const folders = manifest.folders?.length ?? 0;
  const [first] = files;
  // A share of empty folders alone has no file to tick.
  if (first === undefined && !(whole && folders > 0)) return null;
  const size = files.reduce((sum, index) => sum + (manifest.files[index]?.size ?? 0), 0);
  if (files.length === 1 && first !== undefined && !(whole && folders > 0)) {
    const path = manifest.files[first]?.path ?? "";
    return { files, whole, as: "file", name: path.slice(path.lastIndexOf("/") + 1), size };
  }
  return { files, whole, as: "zip", name: `${manifest.title?.trim() || UNTITLED}.zip`, size };
}
