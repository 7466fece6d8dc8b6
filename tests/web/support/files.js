// Files to send: the same bytes for the same name each time.

import { createCipheriv, createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { filesBelow } from "./server.js";

/** Written at once when a large file is made. */
const PIECE = 8 << 20;

/** When every file was changed last, in seconds: even, as a zip counts in steps of two. */
export const MODIFIED = 1_700_000_000;

/** Bytes that no compressor makes smaller. @param {number} size @param {string} name */
export function noise(size, name) {
  return keystream(name).update(Buffer.alloc(size));
}

/** @param {string} name */
const keystream = (name) => createCipheriv("aes-256-ctr", createHash("sha256").update(name).digest(), Buffer.alloc(16));

/** Lines that a compressor likes. @param {number} size */
export function lines(size) {
  let text = "";
  for (let n = 0; text.length < size; n += 1) text += `${n} the quick brown fox ${n % 7} jumps over the lazy dog\n`;
  return Buffer.from(text.slice(0, size));
}

/** Writes a file, with folders. @param {string} path @param {Buffer | string} bytes */
export function write(path, bytes) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  utimesSync(path, MODIFIED, MODIFIED);
  return path;
}

/** Writes a large file of noise without holding it. @param {string} path @param {number} size */
export function writeNoise(path, size) {
  mkdirSync(dirname(path), { recursive: true });
  const stream = keystream(path);
  const file = openSync(path, "w");
  const zeros = Buffer.alloc(Math.min(PIECE, size));
  for (let at = 0; at < size; at += PIECE) writeSync(file, stream.update(zeros.subarray(0, Math.min(PIECE, size - at))));
  closeSync(file);
  utimesSync(path, MODIFIED, MODIFIED);
  return path;
}

/** 40 files in folders, an empty file and an empty folder among them. @param {string} folder */
export function writeTree(folder) {
  for (let n = 0; n < 36; n += 1) write(join(folder, `set ${n % 4}`, `file ${n}.bin`), noise(n * 1_000, `tree ${n}`));
  write(join(folder, "set 0", "deep", "er", "lines.txt"), lines(100_000));
  write(join(folder, "empty.txt"), "");
  write(join(folder, "page.html"), "<script>alert(1)</script>".repeat(40));
  write(join(folder, "réadme ☂ 日本.md"), "# äöü\n");
  mkdirSync(join(folder, "nothing in here"));
  return folder;
}

/** Paths and bytes below a folder. @param {string} folder @returns {Map<string, string>} */
export function contents(folder) {
  return new Map(filesBelow(folder).map((path) => [relative(folder, path), createHash("sha256").update(readFileSync(path)).digest("hex")]));
}
