// Paths in a share: which ones the format takes, and numbers for names that are there already.

import { isUnicode } from "../container/bytes.js";
import { pathRule } from "../container/path.js";

/** What a rule of the format says to people, as a key of words.js. */
const PROBLEMS = /** @type {const} */ ({
  control: "nameControl",
  "dot-component": "nameDots",
  empty: "nameEmpty",
  "empty-component": "nameEmpty",
  "too-long": "nameLong",
});

/** @typedef {(typeof PROBLEMS)[keyof typeof PROBLEMS]} PathProblem */

/** @param {string} path @returns {PathProblem | null} */
export function pathProblem(path) {
  // What is no Unicode has no UTF-8 at all.
  if (!isUnicode(path)) return "nameControl";
  const rule = pathRule(path);
  return rule && PROBLEMS[rule];
}

/** @param {string} path @returns {string} its first component */
export const rootOf = (path) => path.split("/", 1)[0] ?? "";

/**
 * What two names are compared by: a receiver's system may not tell capitals or forms of letters apart, and would then
 * refuse one of them.
 * @param {string} name
 */
export const comparable = (name) => name.normalize("NFC").toLowerCase();

/**
 * Puts a number into a name, before its ending.
 * @param {string} name a component @param {number} number @param {boolean} folder
 */
export function numbered(name, number, folder) {
  const dot = folder ? -1 : name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  return `${stem} (${number})${ending}`;
}

/**
 * Returns `name`, or with the first number that makes it a new one.
 * @param {string} name @param {boolean} folder
 * @param {(comparable: string) => boolean} taken
 */
export function freeName(name, folder, taken) {
  let free = name;
  // Ends: only finitely many names are taken.
  for (let number = 2; taken(comparable(free)); number++) free = numbered(name, number, folder);
  return free;
}
