// Files and folders from a drop, a paste or a file field, with the tree and with empty folders.

import { OnekeyError } from "../error.js";

/** @typedef {{path: string, file: File | null}} Found `file` is null for an empty folder */
/** @typedef {{found: Found[], unreadable: number}} Read */

/** Most files and folders read from one drop: a manifest of 8 MiB holds fewer, and a drop of `/` must end. */
const MOST_ENTRIES = 100_000;
/** Files asked of the browser at once: one by one is slow, all at once holds thousands of requests. */
const AT_ONCE = 32;
/** Deepest folder that is read: a path of 1,024 bytes has no more levels. */
const DEEPEST = 512;

/**
 * Takes what a drop or paste carries. Must be called within the event: afterwards the browser has emptied it.
 * @param {DataTransfer} transfer
 * @returns {{entries: FileSystemEntry[], files: File[]}}
 */
export function takeItems(transfer) {
  /** @type {FileSystemEntry[]} */
  const entries = [];
  /** @type {File[]} */
  const files = [];
  for (const item of transfer.items) {
    if (item.kind !== "file") continue;
    const entry = item.webkitGetAsEntry?.();
    // A picture from the clipboard has no entry; a single file is simpler without one.
    if (entry?.isDirectory) entries.push(entry);
    else {
      const file = item.getAsFile();
      if (file) files.push(file);
    }
  }
  return { entries, files };
}

/** @param {Iterable<File>} files of a field; those of a folder field carry their path @returns {Found[]} */
export const fromFiles = (files) => Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file }));

/** @param {FileSystemDirectoryReader} reader @returns {Promise<FileSystemEntry[]>} the next ones; none at the end */
const nextEntries = (reader) => new Promise((resolve, reject) => reader.readEntries(resolve, reject));

/** @param {FileSystemFileEntry} entry @returns {Promise<File>} */
const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

/**
 * Walks folders.
 * @param {FileSystemEntry[]} entries
 * @param {(count: number) => void} [onProgress] files so far
 * @returns {Promise<Read>}
 */
export async function walk(entries, onProgress = () => {}) {
  /** @type {Read} */
  const read = { found: [], unreadable: 0 };
  for (const entry of entries) await walkEntry(entry, entry.name, 1, read, onProgress);
  return read;
}

/**
 * @param {FileSystemEntry} entry @param {string} path @param {number} depth
 * @param {Read} read @param {(count: number) => void} onProgress
 * @returns {Promise<void>}
 */
async function walkEntry(entry, path, depth, read, onProgress) {
  if (!entry.isDirectory) return takeFiles([{ entry, path }], read);
  if (depth > DEEPEST) throw new OnekeyError("path_refused");
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {{entry: FileSystemEntry, path: string}[]} */
  const files = [];
  /** @type {{entry: FileSystemEntry, path: string}[]} */
  const folders = [];
  try {
    // A reader gives about a hundred entries a time, and none when it is through.
    for (let some = await nextEntries(reader); some.length > 0; some = await nextEntries(reader)) {
      for (const child of some) {
        (child.isDirectory ? folders : files).push({ entry: child, path: `${path}/${child.name}` });
      }
      if (read.found.length + files.length + folders.length > MOST_ENTRIES) throw new OnekeyError("too_many_files");
    }
  } catch (error) {
    if (error instanceof OnekeyError) throw error;
    read.unreadable++;
    return;
  }
  if (files.length + folders.length === 0) read.found.push({ path, file: null });
  await takeFiles(files, read);
  onProgress(read.found.length);
  for (const folder of folders) await walkEntry(folder.entry, folder.path, depth + 1, read, onProgress);
}

/** @param {{entry: FileSystemEntry, path: string}[]} files @param {Read} read */
async function takeFiles(files, read) {
  for (let first = 0; first < files.length; first += AT_ONCE) {
    const some = files.slice(first, first + AT_ONCE);
    const taken = await Promise.allSettled(some.map(({ entry }) => fileOf(/** @type {FileSystemFileEntry} */ (entry))));
    taken.forEach((result, index) => {
      const path = some[index]?.path ?? "";
      if (result.status === "fulfilled") read.found.push({ path, file: result.value });
      else read.unreadable++;
    });
  }
}
