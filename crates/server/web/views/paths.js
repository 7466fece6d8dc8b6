// Paths in a share: which ones the format takes, and numbers for names that are there already.

/** @typedef {"nameControl" | "nameLong" | "nameEmpty" | "nameDots"} PathProblem what is wrong, as a key of words.js */

/** Most bytes of a path in UTF-8 (format.md 7). */
const MOST_BYTES = 1024;

const encoder = new TextEncoder();

/** @param {string} path @returns {PathProblem | null} */
export function pathProblem(path) {
  const parts = path.split("/");
  if (parts.some((part) => part === "")) return "nameEmpty";
  if (parts.some((part) => part === "." || part === "..")) return "nameDots";
  // Lone surrogates (Cs) have no UTF-8 at all.
  if (/[\p{Cc}\p{Cs}]/u.test(path)) return "nameControl";
  if (encoder.encode(path).length > MOST_BYTES) return "nameLong";
  return null;
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
