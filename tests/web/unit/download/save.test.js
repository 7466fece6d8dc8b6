import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { open } from "../../../../crates/server/web/download/open.js";
import { save } from "../../../../crates/server/web/download/save.js";
import { Job } from "../../../../crates/server/web/worker/job.js";
import { contents, lines, noise, write, writeTree } from "../../support/files.js";
import { bsdtar, temporaryFolder, unzip } from "../../support/programs.js";
import { until } from "../../support/wait.js";
import { failure, fileTarget, got, installDatabase, loadBrotli, Road, share, startServer, taken } from "./stage.js";

installDatabase();
await loadBrotli();
const { url, port } = await startServer();
const folder = temporaryFolder("files");

test("one file: nothing, one byte, the edges of chunks, more than a piece", async () => {
  for (const size of [0, 1, 65_535, 65_536, 65_537, 1 << 20, 3_333_333]) {
    const bytes = noise(size, `f${size}`);
    const made = await share(url, [write(join(folder, `f${size}`), bytes)]);
    const { target, error, saved, reports } = await got(url, made.key, { as: "file" });
    assert.equal(error, null);
    assert.ok(target.bytes.equals(bytes), String(size));
    assert.ok(target.closed && !target.aborted);
    assert.deepEqual(saved, { blob: null, bytes: size });
    assert.equal(reports.at(-1).done, size);
    assert.equal(reports.at(-1).state, "finishing");
  }
});

test("the tree of another implementation, Brotli among it, as a zip", async () => {
  const tree = writeTree(join(folder, "tree"));
  const made = await share(url, ["tree"], { cwd: folder });
  const { target, error, opened, reports } = await got(url, made.key);
  assert.equal(error, null);
  assert.ok(opened.manifest.files.some(({ codec }) => codec === "br"));
  assert.equal(reports.at(-1).total, target.bytes.length);
  const out = join(folder, "out");
  mkdirSync(out);
  writeFileSync(join(folder, "made.zip"), target.bytes);
  execFileSync(unzip(), ["-tqq", join(folder, "made.zip")]);
  execFileSync(bsdtar(), ["-xf", join(folder, "made.zip"), "-C", out]);
  assert.deepEqual(contents(join(out, "tree")), contents(tree));
});

test("some files: only their chunks travel, neighbours in one request", async () => {
  const own = join(folder, "some");
  const bytes = [0, 1, 2, 3, 4].map((n) => noise(300_000, `some${n}`));
  bytes.forEach((data, n) => write(join(own, `${n}.bin`), data));
  const made = await share(url, ["some", "--downloads", "1"], { cwd: folder });
  const road = await new Road().open(port);
  const opened = await open({ key: made.key, password: null }, null, road.url);
  const one = async (files, as) => {
    road.seen.length = 0;
    const target = fileTarget();
    const request = { opened: opened.id, files, whole: false, as, to: { kind: "handle", handle: target } };
    await save(request, new Job(() => {}), road.url);
    return target.bytes;
  };
  assert.ok((await one([3], "file")).equals(bytes[3]));
  assert.deepEqual(road.payloads().map(({ range }) => range), [`bytes=${13 * 65_564}-${19 * 65_564 - 1}`]);
  await one([0, 1, 4], "zip");
  assert.equal(road.payloads().length, 2);
  await one([0, 1, 2, 3, 4], "zip");
  assert.deepEqual(road.payloads().map(({ range }) => range), [undefined], "whoever takes every file takes the whole payload");
  assert.equal(await taken(made), 1, "all of that is one download");
});

test("a file without bytes spends nothing", async () => {
  write(join(folder, "e", "empty"), "");
  write(join(folder, "e", "full"), "x");
  const made = await share(url, ["e"], { cwd: folder });
  const opened = await open({ key: made.key, password: null }, null, url);
  const empty = opened.manifest.files.findIndex(({ size }) => size === 0);
  const { error, target } = await got(url, made.key, { files: [empty], whole: false, as: "file" });
  assert.equal(error, null);
  assert.ok(target.closed && target.bytes.length === 0);
  assert.equal(await taken(made), 0);
});

test("in memory: a Blob that is handed out whole, up to the bound", async () => {
  const bytes = lines(20 << 20);
  const made = await share(url, [write(join(folder, "lines.txt"), bytes)]);
  const opened = await open({ key: made.key, password: null }, null, url);
  const request = { opened: opened.id, files: [0], whole: true, as: "file", to: { kind: "memory", type: "text/plain" } };
  const { blob } = await save(request, new Job(() => {}), url);
  assert.equal(blob.type, "text/plain");
  assert.ok(Buffer.from(await blob.arrayBuffer()).equals(bytes));
});

test("more than fits in memory is refused before anything is spent", async () => {
  const path = join(folder, "large.txt");
  writeFileSync(path, Buffer.alloc((256 << 20) + 1, "x"));
  const made = await share(url, [path]);
  const opened = await open({ key: made.key, password: null }, null, url);
  const request = { opened: opened.id, files: [0], whole: true, as: "file", to: { kind: "memory", type: "x/y" } };
  assert.equal(await failure(save(request, new Job(() => {}), url)), "too_large_for_memory");
  assert.equal(await taken(made), 0);
});

test("two saves at once take one grant", async () => {
  const made = await share(url, [write(join(folder, "twice"), noise(100_000, "twice")), "--downloads", "1"]);
  const road = await new Road().open(port);
  const saves = await Promise.all([got(road.url, made.key), got(road.url, made.key), got(road.url, made.key)]);
  assert.deepEqual(saves.map(({ error }) => error), [null, null, null]);
  assert.equal(road.grants(), 1);
});

test("pause holds, resume goes on, cancel leaves nothing", async () => {
  const bytes = noise(12 << 20, "long");
  const made = await share(url, [write(join(folder, "long"), bytes), "--downloads", "1"]);
  let atPause = -1;
  const target = fileTarget();
  const { error } = await got(url, made.key, {
    as: "file",
    target,
    onProgress(progress, job) {
      if (progress.state === "saving" && progress.done > 0 && atPause < 0) {
        atPause = 0;
        job.pause();
        setTimeout(() => (atPause = target.pieces.length), 300);
        setTimeout(() => {
          assert.equal(target.pieces.length, atPause);
          job.resume();
        }, 700);
      }
    },
  });
  assert.equal(error, null);
  assert.ok(atPause > 0 && atPause < 12);
  assert.ok(target.bytes.equals(bytes));

  const road = await new Road().open(port);
  const cancelled = await got(road.url, made.key, { as: "file", onProgress: ({ done }, job) => done > 2 << 20 && job.cancel() });
  assert.equal(cancelled.error.code, "cancelled");
  assert.ok(cancelled.target.aborted && !cancelled.target.closed && cancelled.target.removed);
  await ended(road);
  assert.equal((await got(url, made.key, { as: "file" })).error, null);
  assert.equal(await taken(made), 1);
});

/** No request goes on behind a save that is over. */
const ended = (road) => until("the end of every request", () => road.running === 0, 5_000);

test("a target that is full", async () => {
  const made = await share(url, [write(join(folder, "full"), noise(40 << 20, "full"))]);
  const target = fileTarget();
  target.failAt = 2;
  const road = await new Road().open(port);
  const { error } = await got(road.url, made.key, { as: "file", target });
  assert.equal(error.code, "disk_full");
  assert.ok(target.aborted && !target.closed && target.removed);
  await ended(road);
});
