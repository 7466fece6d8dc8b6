// The rule of a path in a manifest (format.md 7). What a system cannot hold is for its reader to refuse.

import { utf8 } from "./bytes.js";

/** Bytes of the longest path. */
export const MAX_PATH_LENGTH = 1024;

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
