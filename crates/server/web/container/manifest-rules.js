// The rules of a manifest that its JSON does not carry by its form: media types, places, paths (format.md 7).

import { pathClash, pathRule } from "./path.js";

/** @import { Manifest, ManifestFile } from "../types.js" */

/** Printable ASCII, as it may go into a header field: 1 to 255 characters. */
export const MEDIA_TYPE = /^[ -~]{1,255}$/;

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
  return pathClash(paths)?.rule ?? null;
}
