// What is refused before anything is sent.

import { isUnicode } from "../container/bytes.js";
import { normalised } from "../container/password.js";
import { pathRule } from "../container/path.js";
import { OnekeyError } from "../error.js";

/** @import { SendRequest } from "../types.js" */

/** Sorts before all that a path may hold. */
const LOWEST = "\0";

/**
 * @param {Pick<SendRequest, "files" | "folders" | "password">} request
 * @throws {OnekeyError} `nothing_to_send`, `path_refused` and `same_path` (detail: place in files, then folders), and
 *   what is wrong with the password
 */
export function check({ files, folders, password }) {
  if (files.length + folders.length === 0) throw new OnekeyError("nothing_to_send");
  checkPaths([...files.map(({ path }) => path), ...folders]);
  if (password !== null) normalised(password);
}

/** @param {string[]} paths */
function checkPaths(paths) {
  paths.forEach((path, place) => {
    if (!isUnicode(path) || pathRule(path) !== null) throw new OnekeyError("path_refused", place);
  });
  // With the separator as the lowest character, what is in a folder stands directly behind the folder.
  const sorted = paths.map((path, place) => ({ path: path.replaceAll("/", LOWEST), place }));
  sorted.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  sorted.forEach(({ path, place }, at) => {
    const before = sorted[at - 1]?.path;
    if (before !== undefined && (path === before || path.startsWith(before + LOWEST))) {
      throw new OnekeyError("same_path", place);
    }
  });
}
