// The rules of a manifest that its JSON does not carry by its form: media types, places, paths (format.md 7).

import { pathRule } from "./path.js";

/** @import { Manifest, ManifestFile } from "../types.js" */

/** Printable ASCII, as it may go into a header field: 1 to 255 characters. */
const MEDIA_TYPE = /^[ -~]{1,255}$/;

/** Sorts before all that a path may hold: it is a control character. */
const LOWEST = "\0";

/**
 * @param {Manifest} manifest @param {number} plaintextLength of its payload
 * @returns {string | null} the first rule that it breaks, in the words of vectors/README.md
 */
export function brokenRule({ files, folders = [] }, plaintextLength) {
  let end = 0;
  for (const file of files) {
    const rule = fileRule(file, end, plaintextLength);
    if (rule !== null) return rule;
    end = file.offset + file.stored;
  }
  return pathsRule([...files.map((file) => file.path), ...folders]);
}

/** @param {ManifestFile} file @param {number} before end of the file before it @param {number} plaintextLength */
function fileRule({ type, size, offset, stored, codec }, before, plaintextLength) {
  if (!MEDIA_TYPE.test(type)) return "media-type";
  if (codec === undefined && stored !== size) return "stored";
  if (offset < before) return "order";
  // Both are below 2^53, so what is rounded here is far beyond every payload.
  return offset + stored > plaintextLength ? "beyond" : null;
}

/** @param {string[]} paths */
function pathsRule(paths) {
  for (const path of paths) {
    const rule = pathRule(path);
    if (rule !== null) return `path ${rule}`;
  }
  // With the separator as the lowest character, what is in a folder stands directly behind the folder.
  // (Split and joined: replacing takes ten times as long for the deepest paths.)
  const sorted = paths.map((path) => path.split("/").join(LOWEST)).sort();
  for (let i = 1; i < sorted.length; i++) {
    const [path, next] = [/** @type {string} */ (sorted[i - 1]), /** @type {string} */ (sorted[i])];
    if (next === path) return "same-path";
    if (next.startsWith(path) && next[path.length] === LOWEST) return "folder-of-another";
  }
  return null;
}
