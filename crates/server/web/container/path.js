// The rules of paths in a manifest (format.md 7). What a system cannot hold is for its reader to refuse.

import { utf8 } from "./bytes.js";

/** Bytes of the longest path. */
export const MAX_PATH_LENGTH = 1024;

/** Sorts before all that a path may hold: it is a control character. */
const LOWEST = "\0";

/** Unicode's Cc: C0, DEL and C1. */
const CONTROL = /\p{Cc}/u;

/**
 * @param {string} path
 * @returns {"empty" | "too-long" | "control" | "empty-component" | "dot-component" | null} the rule that it breaks
 */
export function pathRule(path) {
  if (path === "") return "empty";
  // Most paths are far too short to be counted.
  if (path.length > MAX_PATH_LENGTH / 3 && utf8(path).length > MAX_PATH_LENGTH) return "too-long";
  if (CONTROL.test(path)) return "control";
  for (const component of path.split("/")) {
    if (component === "") return "empty-component";
    if (component === "." || component === "..") return "dot-component";
  }
  return null;
}

/**
 * Finds two paths that cannot be in one folder: equal ones, or one that is a folder of the other.
 * @param {string[]} paths that break no rule of their own
 * @returns {{rule: "same-path" | "folder-of-another", place: number} | null} `place` is that of the second of them
 */
export function pathClash(paths) {
  // With the separator as the lowest character, what is in a folder stands directly behind the folder.
  // (Split and joined: replacing takes ten times as long for the deepest paths.)
  const sorted = paths.map((path, place) => ({ path: path.split("/").join(LOWEST), place }));
  sorted.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  let before = null;
  for (const { path, place } of sorted) {
    if (path === before) return { rule: "same-path", place };
    if (before !== null && path.startsWith(before + LOWEST)) return { rule: "folder-of-another", place };
    before = path;
  }
  return null;
}
