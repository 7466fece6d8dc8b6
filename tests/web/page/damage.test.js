// What the server's disk has is not what was sent: nothing may appear as finished, neither a file nor words.

import assert from "node:assert/strict";
import { closeSync, openSync, readSync, statSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";

import { put } from "../support/cli.js";
import { noise, write } from "../support/files.js";
import { temporaryFolder } from "../support/programs.js";
import { scene } from "../support/scene.js";
import { failure, open, pressSave, say } from "../support/steps.js";
import { TRANSFER, neverWhile } from "../support/wait.js";
import { LOST } from "../support/watch.js";

/** An encrypted chunk. */
const CHUNK = 65_536 + 28;

/** Saved by way of memory, as a Blob. */
const SMALL = 6 << 20;

/** Too large for that: it streams, through the service worker or into the picked file. */
const LARGE = 40 << 20;

/** Everything that says: do not use this. */
const REFUSALS = ["damaged", "truncated", "size", "manifest", "internal", "rejected", "network", "range_not_satisfiable"].map((code) => failure(/** @type {any} */ (code)));
const REFUSED = new RegExp(REFUSALS.map((words) => words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"));

const WAITING = new RegExp(say("stateWaiting").split(".")[0]);

/** What browsers report when a download ends as failed. */
const DOWNLOAD_FAILED = /^request failed: GET .*\/download\//;

/** @param {string} path @param {number} at */
function flip(path, at) {
  const file = openSync(path, "r+");
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  byte[0] ^= 1;
  writeSync(file, byte, 0, 1, at);
  closeSync(file);
}

/** @param {string} path @param {number} first @param {number} second */
function swapChunks(path, first, second) {
  const file = openSync(path, "r+");
  const one = Buffer.alloc(CHUNK);
  const other = Buffer.alloc(CHUNK);
  readSync(file, one, 0, CHUNK, first * CHUNK);
  readSync(file, other, 0, CHUNK, second * CHUNK);
  writeSync(file, other, 0, CHUNK, first * CHUNK);
  writeSync(file, one, 0, CHUNK, second * CHUNK);
  closeSync(file);
}

/** @param {import("../support/scene.js").Scene} stage @param {number} size @param {string[]} [args] */
async function share(stage, size, args = []) {
  const path = write(join(temporaryFolder("files"), "noise.bin"), noise(size, "noise"));
  return (await put(stage.origin, [...args, path])).link;
}

/** Whether anything looks finished: a file in the folder, a picked file with its bytes, or words. @param {import("../support/person.js").Person} person */
async function finished(person) {
  if (person.downloaded().length > 0) return true;
  if (person.saving === "picker" && (await person.picked()).some(({ size }) => size > 0)) return true;
  return person.sees(say("savedHeading"));
}

/** Saves, and holds that it ends as refused and never looks finished. @param {import("../support/person.js").Person} person */
async function refuses(person) {
  await pressSave(person);
  await neverWhile("something that looks finished", () => finished(person), person.see(REFUSED, TRANSFER));
  assert.equal(await finished(person), false);
}

/** @type {{name: string, harm: (blob: string) => void}[]} */
const HARMS = [
  { name: "a bit flipped in the middle", harm: (blob) => flip(blob, 3 << 20) },
  { name: "a bit flipped in the padding's last byte", harm: (blob) => flip(blob, statSync(blob).size - 1) },
  { name: "two chunks swapped", harm: (blob) => swapChunks(blob, 5, 6) },
];
const WAYS = [
  { as: "a Blob", size: SMALL },
  { as: "a streamed download", size: LARGE },
  { as: "a picked file", size: LARGE, saving: "picker" },
  { as: "a streamed download", size: LARGE, browser: "firefox" },
];

for (const { as, size, ...way } of /** @type {any[]} */ (WAYS)) {
  for (const { name, harm } of way.browser === "firefox" ? HARMS.slice(0, 1) : HARMS) {
    scene(`T14: ${way.browser ?? "chromium"}, ${as}: ${name}: nothing appears as finished`, {}, async (stage) => {
      const link = await share(stage, size);
      harm(stage.server.blob());
      const receiver = await stage.person(way);
      receiver.watch.expect(DOWNLOAD_FAILED, ...LOST);
      await open(receiver, link);
      await refuses(receiver);
    });
  }
}

scene("T14: a zip whose second file is damaged never appears as finished", {}, async (stage) => {
  const folder = temporaryFolder("files");
  const paths = ["a.bin", "b.bin"].map((name) => write(join(folder, name), noise(LARGE / 2, name)));
  const { link } = await put(stage.origin, paths);
  flip(stage.server.blob(), LARGE - SMALL);
  const receiver = await stage.person();
  receiver.watch.expect(DOWNLOAD_FAILED);
  await open(receiver, link);
  await refuses(receiver);
});

scene("T24: a payload that the disk has cut at a chunk's edge never appears as finished", {}, async (stage) => {
  const link = await share(stage, LARGE);
  truncateSync(stage.server.blob(), 600 * CHUNK);
  const receiver = await stage.person();
  receiver.watch.expect(DOWNLOAD_FAILED, /^console error: Failed to load resource/, ...LOST);
  await open(receiver, link);
  await pressSave(receiver);
  // The server may get its disk back, so the page goes on asking: until the person has enough of it.
  const over = receiver.see(WAITING, TRANSFER).then(async () => {
    await receiver.press("button", say("cancel"));
    await receiver.press("button", say("cancelSaveDo"));
    await receiver.see(say("saveCancelled"));
  });
  await neverWhile("something that looks finished", () => finished(receiver), over);
  assert.equal(await finished(receiver), false);
});

// A server that lies about the size as well: the last chunk's mark and the manifest are all that is left to notice it.
for (const [name, length] of /** @type {const} */ ([["a chunk's edge", 40 * CHUNK], ["the shortest last chunk", 40 * CHUNK + 28], ["one chunk", CHUNK], ["an empty stream", 28]])) {
  scene(`T24: a server that passes off ${name} as the whole payload is not believed`, {}, async (stage) => {
    const link = await share(stage, SMALL, ["--no-pad"]);
    const blob = stage.server.blob();
    await stage.server.stop();
    stage.server.sql(`UPDATE shares SET size = ${length}`);
    truncateSync(blob, length);
    await stage.server.start();
    const receiver = await stage.person();
    receiver.watch.expect(DOWNLOAD_FAILED);
    await receiver.go(link);
    await receiver.see(new RegExp(`${REFUSED.source}|${say("saveFile")}`));
    if (await receiver.sees(REFUSED)) return;
    await refuses(receiver);
  });
}
