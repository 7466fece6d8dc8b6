import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { collected } from "../../../../crates/server/web/download/sink.js";
import { zip, zipEntries, zipLength } from "../../../../crates/server/web/download/zip.js";
import { bsdtar, removeFolder, temporaryFolder, unzip } from "../../support/programs.js";

const entry = (path, size, more = {}) => ({ path, type: "text/plain", size, offset: 0, stored: size, ...more });

const ZEROS = new Uint8Array(1 << 20);

/** A file of so many bytes. */
async function* zeros(size) {
  for (let left = size; left > 0; left -= ZEROS.length) yield left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS;
}

/** Writes a zip, and gives its path and the length that was predicted. */
async function written(manifest, { whole = true, bytesOf = (index) => zeros(manifest.files[index].size) } = {}) {
  const folder = temporaryFolder("zip");
  const path = join(folder, "made.zip");
  const entries = zipEntries(manifest, manifest.files.map((_, index) => index), whole);
  const file = openSync(path, "w");
  let rests = 0;
  const out = collected({
    write: async (bytes) => void writeSync(file, bytes),
    close: async () => (closeSync(file), null),
    abort: async () => {},
  });
  for await (const bytes of zip(entries, bytesOf, async () => void rests++)) await out.write(bytes);
  await out.close();
  assert.equal(rests, 1, "what follows the last file is looked at once");
  return { folder, path, predicted: await zipLength(entries) };
}

function checked({ path, predicted }) {
  assert.equal(statSync(path).size, predicted, "the length was predicted");
  const unzipped = spawnSync(unzip(), ["-tqq", path], { encoding: "utf8" });
  assert.equal(unzipped.status, 0, unzipped.stdout + unzipped.stderr);
  const listed = spawnSync(bsdtar(), ["-tf", path], { encoding: "utf8", maxBuffer: 1 << 28 });
  assert.equal(listed.status, 0, listed.stderr);
  return listed.stdout.trimEnd().split("\n");
}

test("T33 empty files and empty folders are in the zip, and nothing is", async () => {
  const files = [entry("empty.txt", 0), entry("a/b.txt", 3)];
  const made = await written({ files, folders: ["nothing here", "a/deep/er"] });
  assert.deepEqual(checked(made), ["empty.txt", "a/b.txt", "nothing here/", "a/deep/er/"]);
  const nothing = await written({ files: [] });
  assert.equal(statSync(nothing.path).size, nothing.predicted);
});

test("folders are left out unless all is taken", async () => {
  const made = await written({ files: [entry("a", 1)], folders: ["b"] }, { whole: false });
  assert.deepEqual(checked(made), ["a"]);
});

test("T33 names in UTF-8, times, the right to run", async () => {
  const files = [
    entry("réadme ☂ 日本.md", 5, { modified: 1_700_000_000 }),
    entry("run", 5, { modified: 1_700_000_000, executable: true }),
  ];
  const made = await written({ files });
  assert.deepEqual(checked(made), ["réadme ☂ 日本.md", "run"]);
  execFileSync(unzip(), ["-q", made.path, "-d", made.folder]);
  assert.equal(statSync(join(made.folder, "run")).mode & 0o777, 0o755);
  assert.equal(statSync(join(made.folder, "réadme ☂ 日本.md")).mode & 0o777, 0o644);
  assert.equal(statSync(join(made.folder, "run")).mtimeMs / 1000, 1_700_000_000);
  assert.equal(readFileSync(join(made.folder, "run")).length, 5);
});

test("times that no zip can name become the nearest that it can", async () => {
  const times = [-(2 ** 53 - 1), -1, 0, 4_354_819_200, 2 ** 53 - 1];
  const made = await written({ files: times.map((modified, index) => entry(`t${index}`, 1, { modified })) });
  checked(made);
  // unzip itself writes 2108 for 2107.
  execFileSync(bsdtar(), ["-xf", made.path, "-C", made.folder]);
  const years = times.map((_, index) => statSync(join(made.folder, `t${index}`)).mtime.getFullYear());
  assert.deepEqual(years, [1980, 1980, 1980, 2107, 2107]);
});

test("T33 more than 65,535 files", async () => {
  const count = 65_540;
  const made = await written({ files: Array.from({ length: count }, (_, index) => entry(`f${index}`, index % 2)) });
  assert.equal(checked(made).length, count);
  // Read backwards from the end, as those readers do that do not count for themselves.
  const bytes = readFileSync(made.path);
  const record = bytes.length - 22 - 20 - 56;
  assert.equal(bytes.readUInt32LE(record), 0x06064b50);
  assert.equal(bytes.readBigUInt64LE(record + 32), BigInt(count));
  assert.equal(bytes.readBigUInt64LE(bytes.length - 22 - 20 + 8), BigInt(record));
  removeFolder(made.folder);
});

test("T33 more than 4 GiB", async () => {
  const made = await written({ files: [entry("large", 2 ** 32 + 5), entry("behind 4 GiB", 3), entry("empty", 0)] });
  assert.deepEqual(checked(made), ["large", "behind 4 GiB", "empty"]);
  removeFolder(made.folder);
});

test("a file that fails ends the zip without its end", async () => {
  async function* broken() {
    yield new Uint8Array(10);
    throw new Error("damaged");
  }
  const seen = [];
  const entries = zipEntries({ files: [entry("a", 20)] }, [0], true);
  await assert.rejects(async () => {
    for await (const bytes of zip(entries, broken, async () => {})) seen.push(bytes);
  }, /damaged/);
  assert.equal(Buffer.concat(seen).indexOf("PK\x05\x06"), -1);
});

test("padding and last chunk are looked at before the zip is ended", async () => {
  const seen = [];
  const entries = zipEntries({ files: [entry("a", 20)] }, [0], true);
  const rest = async () => {
    throw new Error("truncated");
  };
  await assert.rejects(async () => {
    for await (const bytes of zip(entries, () => zeros(20), rest)) seen.push(bytes);
  }, /truncated/);
  assert.equal(Buffer.concat(seen).indexOf("PK\x01\x02"), -1);
});
