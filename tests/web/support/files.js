// Files to send: the same bytes for the same name each time.

import { createCipheriv, createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { bsdtar, python, unzip } from "./programs.js";
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

/** Longest that a program may read an archive, in milliseconds. */
const READING = 60_000;

/**
 * What a zip holds, as three programs read it: unzip and bsdtar must find it sound, Python tells names as they stand there
 * (bsdtar composes Unicode) and the bytes.
 * @param {string} path @returns {{files: Map<string, string>, folders: string[], times: Set<string>}} times in UTC, to two seconds
 */
export function zipContents(path) {
  const options = { timeout: READING, encoding: /** @type {const} */ ("utf8"), env: { LC_ALL: "C.UTF-8", TZ: "UTC" }, maxBuffer: 64 << 20 };
  execFileSync(unzip(), ["-tq", path], options);
  const listed = execFileSync(bsdtar(), ["-tf", path], options).trim().split("\n").length;
  const script = `import zipfile,sys,json,hashlib
z=zipfile.ZipFile(sys.argv[1])
print(json.dumps([[i.filename,i.is_dir(),str(i.date_time),"" if i.is_dir() else hashlib.sha256(z.read(i)).hexdigest()] for i in z.infolist()]))`;
  const entries = /** @type {[string, boolean, string, string][]} */ (JSON.parse(execFileSync(python(), ["-c", script, path], options)));
  if (entries.length !== listed) throw new Error(`bsdtar lists ${listed} entries, Python ${entries.length}`);
  return {
    files: new Map(entries.filter(([, folder]) => !folder).map(([name, , , digest]) => [name, digest])),
    folders: entries.filter(([, folder]) => folder).map(([name]) => name),
    times: new Set(entries.filter(([, folder]) => !folder).map(([, , time]) => time)),
  };
}
