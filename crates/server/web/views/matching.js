// Finds the files of an unfinished upload among those that were picked again. No DOM.

/** @import { SourceFile, UnfinishedUpload } from "../types.js" */
/** @import { Found } from "./entries.js" */

/** @param {string} path */
const nameOf = (path) => path.slice(path.lastIndexOf("/") + 1);

/**
 * A file fits by its path; else by the path below its first folder (which may have got a number), else by name and size
 * if there is only one such file. Whether its bytes are the same is compared later, by the engine.
 * @param {UnfinishedUpload["files"]} wanted
 * @param {Found[]} found
 * @returns {{files: SourceFile[], missing: string[]}} files under the paths of the upload, in its order
 */
export function matchFiles(wanted, found) {
  /** @type {Map<string, File[]>} */
  const known = new Map();
  for (const { path, file } of found) {
    if (!file) continue;
    const below = path.slice(path.indexOf("/") + 1);
    for (const key of [`path ${path}`, `below ${below} ${file.size}`, `name ${nameOf(path)} ${file.size}`]) {
      const others = known.get(key);
      if (others) others.push(file);
      else known.set(key, [file]);
    }
  }
  /** @type {SourceFile[]} */
  const files = [];
  const missing = [];
  for (const { path, size } of wanted) {
    const below = path.slice(path.indexOf("/") + 1);
    const file =
      known.get(`path ${path}`)?.[0] ??
      only(known.get(`below ${below} ${size}`)) ??
      only(known.get(`name ${nameOf(path)} ${size}`));
    if (file) files.push({ path, file });
    else missing.push(path);
  }
  return { files, missing };
}

/** @param {File[] | undefined} files the last one picked is the one that is meant if a file was picked twice */
function only(files) {
  if (!files) return undefined;
  const [first] = files;
  return files.every((file) => file.lastModified === first?.lastModified) ? files.at(-1) : undefined;
}
