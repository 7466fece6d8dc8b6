// The network goes and comes back, pages are reloaded, browsers crash, files change: nothing is lost, mixed or spent twice.

import assert from "node:assert/strict";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { put, get } from "../support/cli.js";
import { MODIFIED, lines, noise, write } from "../support/files.js";
import { digestOf } from "../support/person.js";
import { temporaryFolder } from "../support/programs.js";
import { scene } from "../support/scene.js";
import {
  arriveToSend, choose, failure, givePassword, links, open, pressSave, pressSend, save, say, seeSaved, setOptions,
} from "../support/steps.js";
import { TRANSFER, until } from "../support/wait.js";
import { LOST, refusal } from "../support/watch.js";

/** Four parts, and too large to be gathered in memory. */
const SIZE = 34 << 20;
const PART = /\/parts\/\d+$/;
const WAITING = new RegExp(say("stateWaiting").split(".")[0]);
const BOTH = /** @type {const} */ (["chromium", "firefox"]);

const file = (size = SIZE, name = "noise.bin") => write(join(temporaryFolder("files"), name), noise(size, name));

/** Numbers of the parts that the server has taken. @param {import("../support/scene.js").Scene} stage @param {number} [from] */
const taken = (stage, from = 0) =>
  stage.road.exchanges.slice(from).filter(({ method, url, status }) => method === "PUT" && PART.test(url) && status === 204).map(({ url }) => url);

/**
 * Begins to send, and gets to where all parts but the last are with the server, and the last is held on its way.
 * @param {import("../support/scene.js").Scene} stage @param {import("../support/person.js").Person} sender @param {string} path
 * @param {import("../support/steps.js").Options} [options]
 */
async function halfway(stage, sender, path, options) {
  await arriveToSend(sender);
  await choose(sender, [path]);
  if (options) await setOptions(sender, options);
  const from = stage.road.exchanges.length;
  const hold = stage.road.rule({ method: "PUT", path: PART, after: 3, hold: true });
  await pressSend(sender);
  await until("three parts to be taken and the others to be held", () => taken(stage, from).length === 3 && hold.seen.length > 0, TRANSFER);
  return hold;
}

for (const browser of BOTH) {
  scene(`${browser}: sending goes on by itself when the network was cut and came back`, {}, async (stage) => {
    const path = file();
    const sender = await stage.person({ browser });
    sender.watch.expect(...LOST);
    const hold = await halfway(stage, sender, path);
    await stage.road.cut();
    hold.release();
    await sender.see(WAITING);
    const before = taken(stage);
    const from = stage.road.exchanges.length;
    await stage.road.open();
    const { link } = await links(sender);
    assert.deepEqual(taken(stage, from).filter((part) => before.includes(part)), [], "a part that was there travelled again");
    assert.equal(digestOf(join(await get(link), "noise.bin")), digestOf(path));
  });

  scene(`T27: ${browser}: saving goes on by itself when the network was cut and came back, and spends one download`, {}, async (stage) => {
    const path = file();
    const { link } = await put(stage.origin, ["--downloads", "1", path]);
    const receiver = await stage.person({ browser });
    receiver.watch.expect(...LOST, refusal(404));
    await open(receiver, link);
    const cut = stage.road.rule({ method: "GET", path: /\/payload$/, breakReceivedAfter: 2 << 20 });
    await pressSave(receiver);
    await until("a broken download", () => cut.broken > 0);
    await stage.road.cut();
    await receiver.see(WAITING);
    assert.deepEqual(receiver.downloaded(), []);
    cut.release();
    await stage.road.open();
    await seeSaved(receiver);
    assert.equal(digestOf(await receiver.download()), digestOf(path));
    assert.equal(stage.road.travelled("POST", /\/grants$/).length, 1);
  });

  scene(`${browser}: after a reload the same file is picked again and only what is missing travels; leaving asks`, {}, async (stage) => {
    const path = file();
    const sender = await stage.person({ browser });
    sender.watch.expect(...LOST);
    const hold = await halfway(stage, sender, path, { title: "Reloaded", password: "pass word" });
    sender.leaves = true;
    await sender.reload();
    assert.deepEqual(sender.questions, ["beforeunload"], "leaving asks");
    const before = taken(stage);
    const from = stage.road.exchanges.length;
    hold.drop();
    await sender.see(say("unfinishedHeading"));
    await sender.pick(say("unfinishedPickFiles"), [path]);
    await sender.see(say("passwordAgainHeading"));
    await sender.fill(say("passwordField"), "pass word");
    await sender.press("button", say("continue"));
    const { link } = await links(sender);
    const after = taken(stage, from);
    assert.ok(after.length > 0 && before.length >= 3);
    assert.deepEqual(after.filter((part) => before.includes(part)), [], "a part that was there travelled again");
    assert.equal(stage.road.travelled("POST", /\/uploads$/).length, 1, "the same upload");
    const receiver = await stage.person({ browser });
    await receiver.go(link);
    await givePassword(receiver, "pass word");
    await receiver.see("Reloaded");
    assert.equal(digestOf(await save(receiver)), digestOf(path));
    // What was completed is not offered again.
    await arriveToSend(sender);
    assert.equal(await sender.sees(say("unfinishedHeading")), false);
  });
}

scene("a person who does not want to leave stays, and sending goes on", {}, async (stage) => {
  const path = file();
  const sender = await stage.person();
  const hold = await halfway(stage, sender, path);
  sender.leaves = false;
  await sender.page.evaluate(() => void setTimeout(() => location.reload()));
  await until("the question", () => sender.questions.length > 0);
  hold.release();
  const { link } = await links(sender);
  assert.equal(digestOf(join(await get(link), "noise.bin")), digestOf(path));
});

scene("after a crash of the browser the upload is continued", {}, async (stage) => {
  const path = file();
  const sender = await stage.person();
  sender.watch.expect(...LOST);
  const hold = await halfway(stage, sender, path);
  const before = taken(stage);
  await sender.leave({ crash: true });
  hold.drop();
  const from = stage.road.exchanges.length;
  const again = await stage.person({ profile: sender.profile });
  await again.go("/");
  await again.see(say("unfinishedHeading"));
  await again.pick(say("unfinishedPickFiles"), [path]);
  const { link } = await links(again);
  assert.deepEqual(taken(stage, from).filter((part) => before.includes(part)), [], "a part that was there travelled again");
  assert.equal(stage.road.travelled("POST", /\/uploads$/).length, 1);
  assert.equal(digestOf(join(await get(link), "noise.bin")), digestOf(path));
});

for (const [what, time] of /** @type {const} */ ([["with its old size and time", MODIFIED], ["with another time", MODIFIED + 100]])) {
  scene(`T17: a file that changed meanwhile, ${what}, is sent anew under another key, and nothing is mixed`, {}, async (stage) => {
    const path = file();
    const sender = await stage.person();
    sender.watch.expect(...LOST, refusal(404));
    const hold = await halfway(stage, sender, path);
    await sender.reload();
    hold.drop();
    const changed = noise(SIZE, "another version");
    writeFileSync(path, changed);
    utimesSync(path, time, time);
    await sender.see(say("unfinishedHeading"));
    await sender.pick(say("unfinishedPickFiles"), [path]);
    const { link } = await links(sender);
    const uploads = stage.road.travelled("POST", /\/uploads$/);
    assert.equal(uploads.length, 2, "a new upload");
    assert.equal(digestOf(join(await get(link), "noise.bin")), digestOf(path));
  });
}

scene("T17: a file that changed in its unsent end only is sent anew as well", {}, async (stage) => {
  const path = file();
  const sender = await stage.person();
  sender.watch.expect(...LOST, refusal(404));
  const hold = await halfway(stage, sender, path);
  await sender.reload();
  hold.drop();
  const changed = noise(SIZE, "noise.bin");
  changed[SIZE - 1] ^= 1;
  write(path, changed);
  await sender.see(say("unfinishedHeading"));
  await sender.pick(say("unfinishedPickFiles"), [path]);
  const { link } = await links(sender);
  // Whatever was on its way had its record: one version only, the new one.
  assert.equal(digestOf(join(await get(link), "noise.bin")), digestOf(path));
});

scene("a forgotten upload is gone from the page and from the server", {}, async (stage) => {
  const sender = await stage.person();
  sender.watch.expect(...LOST);
  const hold = await halfway(stage, sender, file());
  await sender.reload();
  hold.drop();
  await sender.see(say("unfinishedHeading"));
  await sender.press("button", say("unfinishedForget"));
  await sender.press("button", say("forgetDo"));
  await sender.seeGone(say("unfinishedHeading"));
  assert.deepEqual(stage.road.travelled("DELETE", /\/uploads\//).map(({ status }) => status), [204]);
});

scene("pause stops sending, continue goes on, cancel deletes what was sent", {}, async (stage) => {
  const path = file(80 << 20);
  const sender = await stage.person();
  sender.watch.expect(...LOST);
  const hold = await halfway(stage, sender, path);
  await sender.press("button", say("pause"));
  await sender.see(say("statePaused"));
  hold.release();
  await sender.press("button", say("continue"));
  const { link } = await links(sender);
  assert.equal(digestOf(join(await get(link), "noise.bin")), digestOf(path));

  await halfway(stage, sender, path);
  await sender.press("button", say("cancel"));
  await sender.press("button", say("cancelSendDo"));
  await sender.see(say("listHeading"));
  await until("the upload's end", () => stage.road.travelled("DELETE", /\/uploads\//).some(({ status }) => status === 204));
});

scene("T27: two tabs that save at the same time spend one download together", {}, async (stage) => {
  const path = file();
  const { link } = await put(stage.origin, ["--downloads", "1", path]);
  const first = await stage.person({ saving: "picker" });
  const second = await first.newTab();
  await open(second, link);
  await first.page.bringToFront();
  await open(first, link);
  const hold = stage.road.rule({ method: "POST", path: /\/grants$/, hold: true });
  await pressSave(first);
  await until("a grant to be asked for", () => hold.seen.length > 0);
  await second.page.bringToFront();
  await pressSave(second);
  hold.release();
  for (const tab of [first, second]) {
    await seeSaved(tab);
    assert.equal(await tab.pickedDigest(0, SIZE), digestOf(path));
  }
  assert.equal(stage.road.travelled("POST", /\/grants$/).length, 1);
});

scene("T27: a reload in the middle of saving, and another try after it, spend one download", {}, async (stage) => {
  const path = file();
  const { link } = await put(stage.origin, ["--downloads", "1", path]);
  const receiver = await stage.person();
  receiver.watch.expect(...LOST, /\/download\//);
  await open(receiver, link);
  const hold = stage.road.rule({ method: "GET", path: /\/payload$/, stallReceivedAfter: 4 << 20 });
  await pressSave(receiver);
  await until("the middle of saving", () => hold.stalled > 0);
  await receiver.see(say("savingHeading"));
  await receiver.reload();
  assert.deepEqual(receiver.questions, ["beforeunload"], "leaving asks");
  hold.release();
  await receiver.see(say("grantKept"));
  assert.deepEqual(receiver.downloaded(), [], "nothing looks finished");
  assert.equal(digestOf(await save(receiver)), digestOf(path));
  assert.equal(stage.road.travelled("POST", /\/grants$/).length, 1);
});

scene("T15: when the browser stops the service worker in the middle, nothing looks finished and the page says so", {}, async (stage) => {
  const path = file();
  const { link } = await put(stage.origin, ["--downloads", "1", path]);
  const receiver = await stage.person();
  receiver.watch.expect(...LOST, /\/download\//);
  await open(receiver, link);
  const hold = stage.road.rule({ method: "GET", path: /\/payload$/, stallReceivedAfter: 4 << 20 });
  await pressSave(receiver);
  // Before the browser has asked for its download another way is taken, which needs no service worker.
  await until("the middle of saving", () => hold.stalled > 0 && receiver.isDownloading());
  const session = await receiver.page.createCDPSession();
  await session.send("ServiceWorker.enable");
  await session.send("ServiceWorker.stopAllWorkers");
  hold.release();
  await receiver.see(say("tryAgain"), TRANSFER);
  assert.deepEqual(receiver.downloaded(), []);
  assert.equal(await receiver.sees(say("savedHeading")), false);
  await receiver.press("button", say("tryAgain"));
  await seeSaved(receiver);
  assert.equal(digestOf(await receiver.download()), digestOf(path));
  assert.equal(stage.road.travelled("POST", /\/grants$/).length, 1);
});

scene("a proxy's page in place of the server is not taken for the server", {}, async (stage) => {
  const { link } = await put(stage.origin, [write(join(temporaryFolder("files"), "a.txt"), lines(1_000))]);
  const receiver = await stage.person();
  receiver.watch.expect(/^console error: Failed to load resource.*502/);
  const portal = stage.road.rule({ method: "GET", path: /\/api\/v1\/links\//, answer: { status: 200, body: "<h1>Welcome to our WLAN</h1>" } });
  await receiver.go(link);
  await receiver.press("button", say("tryAgain"));
  await until("another answer from the proxy", () => portal.seen.length === 2);
  portal.release();
  await receiver.press("button", say("tryAgain"));
  await receiver.see(say("saveFile"));
});

scene("a proxy that refuses large bodies makes the page send in small parts", {}, async (stage) => {
  const path = file(3 << 20);
  const sender = await stage.person();
  sender.watch.expect(refusal(413), ...LOST);
  const proxy = stage.road.rule({ method: "PUT", path: PART, largerThan: 1_000_000, answer: { status: 413, body: "<h1>413</h1>" } });
  await arriveToSend(sender);
  await choose(sender, [path]);
  await pressSend(sender);
  const { link } = await links(sender);
  assert.ok(proxy.seen.length > 0);
  assert.equal(digestOf(join(await get(link), "noise.bin")), digestOf(path));
});

scene("a worker that did not load for want of a network is loaded when one tries again", {}, async (stage) => {
  const path = write(join(temporaryFolder("files"), "a.txt"), lines(1_000));
  const { link } = await put(stage.origin, [path]);
  const receiver = await stage.person();
  receiver.watch.expect(/503/, /^request failed: GET .*transfer-worker/);
  const away = stage.road.rule({ method: "GET", path: /transfer-worker\.js$/, answer: { status: 503, body: "" } });
  await receiver.go(link);
  await receiver.see(failure("network"));
  away.release();
  await receiver.press("button", say("tryAgain"));
  await receiver.see("a.txt");
  assert.equal(digestOf(await save(receiver)), digestOf(path));
});
