// What was chosen to be sent: files by path, empty folders, problems of their names. No DOM.

import { comparable, freeName, pathProblem, rootOf } from "./paths.js";

/** @import { SourceFile } from "../types.js" */
/** @import { PathProblem } from "./paths.js" */

/**
 * `file` is null for an empty folder.
 * @typedef {{path: string, file: File | null, problem: PathProblem | null}} Chosen
 */

export class Selection {
  /** @type {Map<string, Chosen>} by path; in the order of choosing */
  #entries = new Map();
  /** @type {Map<string, number>} how many entries stand below each first component, by its comparable form */
  #roots = new Map();
  #size = 0;
  #files = 0;
  #problems = 0;

  /** Bytes of all files. */
  get size() {
    return this.#size;
  }

  get fileCount() {
    return this.#files;
  }

  get folderCount() {
    return this.#entries.size - this.#files;
  }

  get count() {
    return this.#entries.size;
  }

  get problemCount() {
    return this.#problems;
  }

  /**
   * Adds what was chosen at once. What stands in one folder stays together: if the folder's name is there already, the
   * whole folder gets a number.
   * @param {{path: string, file: File | null}[]} batch
   * @returns {{added: number, renumbered: number}}
   */
  add(batch) {
    /** @type {Map<string, string>} old first component to the new one, for folders */
    const folders = new Map();
    const before = new Map(this.#roots);
    let added = 0;
    let renumbered = 0;
    for (const { path, file } of batch) {
      const root = rootOf(path);
      const inFolder = path.includes("/") || file === null;
      let free = inFolder ? folders.get(root) : undefined;
      if (free === undefined) {
        free = freeName(root, inFolder, (name) => (inFolder ? before : this.#roots).has(name));
        if (inFolder) folders.set(root, free);
        if (free !== root) renumbered++;
      }
      if (this.#put(free + path.slice(root.length), file)) added += file ? 1 : 0;
    }
    return { added, renumbered };
  }

  /** @param {string} path @param {File | null} file */
  #put(path, file) {
    if (this.#entries.has(path)) return false;
    const problem = pathProblem(path);
    this.#entries.set(path, { path, file, problem });
    const root = comparable(rootOf(path));
    this.#roots.set(root, (this.#roots.get(root) ?? 0) + 1);
    if (problem) this.#problems++;
    if (file) {
      this.#files++;
      this.#size += file.size;
    }
    return true;
  }

  /** @param {string} path */
  remove(path) {
    const entry = this.#entries.get(path);
    if (!entry) return;
    this.#entries.delete(path);
    const root = comparable(rootOf(path));
    const left = (this.#roots.get(root) ?? 1) - 1;
    if (left > 0) this.#roots.set(root, left);
    else this.#roots.delete(root);
    if (entry.problem) this.#problems--;
    if (entry.file) {
      this.#files--;
      this.#size -= entry.file.size;
    }
  }

  clear() {
    this.#entries.clear();
    this.#roots.clear();
    this.#size = this.#files = this.#problems = 0;
  }

  /**
   * @param {string} from @param {string} to
   * @returns {PathProblem | "nameTaken" | null} why not, or null when it is done
   */
  rename(from, to) {
    if (from === to) return null;
    const problem = pathProblem(to);
    if (problem) return problem;
    const entry = this.#entries.get(from);
    if (!entry) return null;
    const wanted = comparable(to);
    for (const { path } of this.#entries.values()) {
      if (path === from) continue;
      const other = comparable(path);
      // Equal, or one is a folder of the other.
      if (other === wanted || other.startsWith(`${wanted}/`) || wanted.startsWith(`${other}/`)) return "nameTaken";
    }
    // The order of the list stays: a row must not jump away under the finger.
    const all = [...this.#entries.values()];
    this.clear();
    for (const { path, file } of all) this.#put(path === from ? to : path, file);
    return null;
  }

  /** @param {number} most @returns {Chosen[]} the first rows; those with a problem come before all others */
  rows(most) {
    /** @type {Chosen[]} */
    const rows = [];
    if (this.#problems > 0) {
      for (const entry of this.#entries.values()) if (entry.problem && rows.length < most) rows.push(entry);
    }
    for (const entry of this.#entries.values()) {
      if (rows.length >= most) break;
      if (!entry.problem) rows.push(entry);
    }
    return rows;
  }

  /** @returns {SourceFile[]} */
  get files() {
    return [...this.#entries.values()].flatMap(({ path, file }) => (file ? [{ path, file }] : []));
  }

  /** @returns {string[]} */
  get folders() {
    return [...this.#entries.values()].flatMap(({ path, file }) => (file ? [] : [path]));
  }
}
