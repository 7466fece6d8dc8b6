// The page and `onekey` understand each other: each codec, password, title and note, in both directions.

import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

import { get, onekey, put } from "../support/cli.js";
import { contents, lines, noise, write, writeTree, zipContents } from "../support/files.js";
import { digestOf } from "../support/person.js";
import { temporaryFolder } from "../support/programs.js";
import { scene } from "../support/scene.js";
import { arriveToSend, drop, givePassword, links, open, pressSend, save, send } from "../support/steps.js";

const PASSWORD = "correct hörse ☂";
const TITLE = "Ein Titel & <mehr>";
const NOTE = "first line\nzweite Zeile ☂";

/** Compresses to less than a tenth. */
const LINES = lines(3 << 20);

/** @param {import("../support/scene.js").Scene} stage */
const stored = (stage) => statSync(stage.server.blob()).size;

for (const browser of /** @type {const} */ (["chromium", "firefox"])) {
  scene(`${browser}: what onekey put compressed (br), with password, title and note, opens in the page`, {}, async (stage) => {
    const path = write(join(temporaryFolder("files"), "lines.txt"), LINES);
    const { link } = await put(stage.origin, ["--password", "--title", TITLE, "--note", NOTE, path], { environment: { ONEKEY_PASSWORD: PASSWORD } });
    assert.ok(stored(stage) < LINES.length / 4, "it is compressed");
    const receiver = await stage.person({ browser });
    await receiver.go(link);
    await givePassword(receiver, PASSWORD);
    await receiver.see(TITLE);
    await receiver.see("zweite Zeile ☂");
    assert.equal(digestOf(await save(receiver)), digestOf(path));
  });

  scene(`${browser}: what the page compressed (br), with password, title and note, opens with onekey get`, {}, async (stage) => {
    const path = write(join(temporaryFolder("files"), "lines.txt"), LINES);
    const { link } = await send(await stage.person({ browser }), [path], { password: PASSWORD, title: TITLE, note: NOTE });
    assert.ok(stored(stage) < LINES.length / 4, "it is compressed");
    const environment = { ONEKEY_PASSWORD: PASSWORD, ONEKEY_LINK: link };
    const listed = await onekey(["get", "--list"], { environment });
    assert.match(listed.out + listed.errors, new RegExp(TITLE.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
    assert.match(listed.out + listed.errors, /zweite Zeile ☂/);
    const folder = await get(link, environment);
    assert.equal(digestOf(join(folder, "lines.txt")), digestOf(path));
  });
}

scene("a tree that onekey put opens in the page as the same tree", {}, async (stage) => {
  const tree = writeTree(join(temporaryFolder("tree"), "tree"));
  const { link } = await put(stage.origin, [tree]);
  const receiver = await stage.person();
  await open(receiver, link);
  const { files, folders } = zipContents(await save(receiver));
  assert.deepEqual([...files].sort(), [...contents(dirname(tree))].sort());
  assert.deepEqual(folders, ["tree/nothing in here/"]);
});

scene("a tree that the page sent opens with onekey get as the same tree, with its times", {}, async (stage) => {
  const tree = writeTree(join(temporaryFolder("tree"), "tree"));
  const sender = await stage.person();
  await arriveToSend(sender);
  await drop(sender, [tree]);
  await pressSend(sender);
  const { link } = await links(sender);
  const folder = await get(link);
  assert.deepEqual([...contents(join(folder, "tree"))].sort(), [...contents(tree)].sort());
  assert.ok(statSync(join(folder, "tree", "nothing in here")).isDirectory());
  const name = join("tree", "set 1", "file 1.bin");
  assert.equal(statSync(join(folder, name)).mtimeMs, statSync(join(tree, "..", name)).mtimeMs);
});

scene("without its Brotli module the page compresses with gzip, which page and onekey get open", {}, async (stage) => {
  const path = write(join(temporaryFolder("files"), "lines.txt"), LINES);
  const lost = stage.road.rule({ method: "GET", path: /brotli_wasm/, answer: { status: 503, body: "" } });
  const sender = await stage.person();
  sender.watch.expect(/^console error: Failed to load resource.*503/, /^request failed: GET .*brotli_wasm/);
  const { link } = await send(sender, [path]);
  assert.ok(lost.seen.length > 0, "the module was asked for");
  lost.release();
  assert.ok(stored(stage) < LINES.length / 2, "it is compressed");
  assert.equal(digestOf(join(await get(link), "lines.txt")), digestOf(path));
  const receiver = await stage.person();
  await open(receiver, link);
  assert.equal(digestOf(await save(receiver)), digestOf(path));
  assert.equal(stage.road.travelled("GET", /brotli_wasm.*wasm/).length, lost.seen.filter(({ url }) => url.endsWith(".wasm")).length, "gzip needs no module");
});

scene("what does not get smaller is stored as it is, in both directions", {}, async (stage) => {
  const path = write(join(temporaryFolder("files"), "noise.bin"), noise(2 << 20, "noise"));
  const sent = await send(await stage.person(), [path]);
  assert.ok(stored(stage) >= 2 << 20);
  assert.deepEqual(readFileSync(join(await get(sent.link), "noise.bin")), readFileSync(path));
  const { link } = await put(stage.origin, ["--no-compress", path]);
  const receiver = await stage.person();
  await open(receiver, link);
  assert.equal(digestOf(await save(receiver)), digestOf(path));
});
