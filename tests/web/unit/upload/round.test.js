// What the page's engine sends, the command line opens: every byte, name and time.

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { failure, get, loadBrotli, random, scene, source, Tab, tree } from "./support.js";
import { onekey } from "../../support/cli.js";

const CHUNK = 65_536;

await loadBrotli();
const { url } = await scene();

/** Sends, fetches with the command line, compares. */
async function round(files, request = {}, environment = {}) {
  const tab = new Tab(url);
  const sending = tab.send({ files, ...request });
  const sent = await sending;
  const got = tree(await get(sent.link, environment));
  for (const { path, file } of files) {
    assert.deepEqual(got.get(path), Buffer.from(await file.arrayBuffer()), path);
  }
  assert.equal(got.size, files.length + (request.folders?.length ?? 0));
  return { sent, got, reports: sending.reports };
}

for (const size of [0, 1, 1_023, CHUNK - 1, CHUNK, CHUNK + 1, 127 * CHUNK - 1, 127 * CHUNK, 127 * CHUNK + 1, 20 << 20]) {
  test(`${size} bytes`, async () => {
    const { reports, sent } = await round([source("some file.bin", random(size))]);
    const last = reports.at(-1);
    assert.equal(last.sent, last.total);
    assert.equal(last.total, sent.size);
    assert.equal(last.state, "completing");
  });
}

test("exact multiples of a part as they are, without padding in between", async () => {
  await round([source("a", random(127 * CHUNK)), source("b", random(127 * CHUNK)), source("c", "")], { compress: false });
});

test("40 files in folders, empty ones among them, and empty folders", async () => {
  const files = Array.from({ length: 40 }, (_, index) => source(`f${index % 5}/g${index % 3}/${index}.bin`, random(index * 997)));
  const { got } = await round([...files, source("f0/empty.txt", "")], { folders: ["empty folder", "f1/empty/deep"] });
  assert.equal(got.get("empty folder"), null);
  assert.equal(got.get("f1/empty/deep"), null);
});

test("names of every script, and hostile ones", async () => {
  const names = ["Straße/日本語.txt", "e\u0301 and é.txt", "👩‍👩‍👧.bin", "<img src=x onerror=alert(1)>.html", "a'b\"c&d", " leading", "-rf"];
  await round(names.map((name) => source(name, name)));
});

test("text is compressed by Brotli, and the payload is smaller for it", async () => {
  const text = "the quick brown fox jumps over the lazy dog; ".repeat(100_000);
  const { sent, reports } = await round([source("a.txt", text), source("b.bin", random(200_000)), source("c.txt", text)]);
  assert.ok(sent.size < 300_000, `${sent.size}`);
  assert.equal(reports.find(({ state }) => state === "sending")?.total, null);
  assert.equal(reports.at(-1).total, sent.size);
});

test("many parts of compressed text", async () => {
  // Six of eight bits stay: more than one part.
  const sixes = random(12 << 20).map((byte) => 32 + (byte % 64));
  const { sent } = await round([source("sixes.txt", sixes)]);
  assert.ok(sent.size > 127 * CHUNK && sent.size < sixes.length, `${sent.size}`);
});

test("without compression everything is as it is", async () => {
  const text = "aaaaaaaaaa".repeat(100_000);
  const { sent, reports } = await round([source("a.txt", text)], { compress: false });
  assert.ok(sent.size > 1_000_000);
  assert.ok(reports.every(({ total, state }) => state === "preparing" || total === sent.size));
});

test("password, title, note, time and limits", async () => {
  const files = [source("a.txt", "hello", { lastModified: 1_234_567_890_987 })];
  const { sent } = await round(files, { password: "p\u00e4ss wort", title: "A title", note: "A note\nof two lines", maxDownloads: 7 }, {
    ONEKEY_PASSWORD: "pa\u0308ss wort",
  });
  assert.equal(sent.maxDownloads, 7);
  assert.ok(sent.expiresAt > Date.now() / 1_000 + 3_500);
  const listed = await onekey(["get", "--list", sent.link], { environment: { ONEKEY_PASSWORD: "päss wort" } });
  assert.match(listed.out + listed.errors, /A title[^]*A note/);
  const folder = await get(sent.link, { ONEKEY_PASSWORD: "päss wort" });
  assert.equal(Math.floor(statSync(join(folder, "a.txt")).mtimeMs / 1_000), 1_234_567_890);
  const wrong = await onekey(["get", sent.link], { environment: { ONEKEY_PASSWORD: "wrong" } });
  assert.equal(wrong.code, 4);
});

test("the manage link deletes what was sent", async () => {
  const sent = await new Tab(url).send({ files: [source("a", "b")] });
  assert.equal((await onekey(["rm", sent.manageLink])).code, 0);
  assert.equal((await onekey(["get", sent.link])).code, 3);
});

test("what is refused before anything is sent", async () => {
  const tab = new Tab(url);
  const sends = (request) => failure(tab.send(request));
  const a = source("a", "a");
  assert.equal(await sends({}), "nothing_to_send");
  for (const path of ["", "/a", "a//b", "a/../b", "./a", "a\u0000", "a\u009b", "x".repeat(1025), "\ud800"]) {
    assert.equal(await sends({ files: [a, source(path, "")] }), "path_refused", JSON.stringify(path));
  }
  assert.equal(await sends({ files: [a, source("a", "b")] }), "same_path");
  assert.equal(await sends({ files: [a, source("a/b", "b")] }), "same_path");
  assert.equal(await sends({ files: [a], folders: ["a"] }), "same_path");
  assert.equal(await sends({ files: [a], password: "" }), "password_empty");
  assert.equal(await sends({ files: [a], password: "x".repeat(1025) }), "password_too_long");
  assert.equal(tab.disk.uploads.size, 0);
});

test("a list beyond every manifest", async () => {
  const files = Array.from({ length: 9_000 }, (_, index) => source(`${"x".repeat(900)}${index}`, ""));
  assert.equal(await failure(new Tab(url).send({ files })), "too_many_files");
});
