// What is refused before anything is sent.

import { isUnicode } from "../container/bytes.js";
import { normalised } from "../container/password.js";
import { pathClash, pathRule } from "../container/path.js";
import { OnekeyError } from "../error.js";

/** @import { SendRequest } from "../types.js" */

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
  const clash = pathClash(paths);
  if (clash) throw new OnekeyError("same_path", clash.place);
}
