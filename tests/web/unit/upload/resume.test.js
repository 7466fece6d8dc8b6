// Continuing after a crash: only what is missing travels, and under one share key each part has one plaintext.

import assert from "node:assert/strict";
import { test } from "node:test";

import { forget } from "../../../../crates/server/web/upload/forget.js";
import { unfinished } from "../../../../crates/server/web/upload/unfinished.js";
import { crash, failure, get, loadBrotli, random, scene, source, Tab, tree, until } from "./support.js";
import { refusal } from "./road.js";

const PART = 127 * 65_536;

await loadBrotli();
const { road, url } = await scene();

/** Five parts. */
const content = random(4 * PART + 1_000_000);
const changedAt = (place) => {
  const changed = content.slice();
  changed[place] ^= 1;
  return changed;
};

const isPart = ({ method }) => method === "PUT";
const numberOf = ({ path }) => Number(path.split("/").at(-1));
const list = (tab) => unfinished(null, null, tab.place);
const reset = () => {
  road.seen = [];
  road.fate = () => "pass";
};

/**
 * Sends until the first `arrived` parts are there and the next ones are on their way, then crashes.
 * @param {any} request @param {number} arrived
 */
async function crashed(request = {}, arrived = 2) {
  reset();
  const tab = new Tab(url);
  road.fate = (exchange) => (isPart(exchange) && numberOf(exchange) >= arrived ? "hold" : "pass");
  const sending = tab.send({ files: [source("data.bin", content)], compress: false, ...request });
  await until(() => road.travelled("PUT", /parts/).length >= Math.min(arrived + 2, 2 * arrived) && road.travelled("PUT", /parts/).filter(({ status }) => status === 204).length >= arrived);
  // Until what arrived is noted too.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const next = await crash(tab, sending, road);
  const [id] = [...tab.disk.uploads.keys()];
  const created = JSON.parse(road.travelled("POST", /uploads$/)[0].body.toString());
  const sent = road.travelled("PUT", /parts/);
  reset();
  return { tab: next, disk: next.disk, id, created, sent };
}

/** Continues with these bytes. @returns what came of it */
async function continued({ tab, id }, bytes = content, request = {}) {
  const sending = tab.send({ files: [source("data.bin", bytes)], continues: id, ...request });
  const sent = await sending;
  return { sent, last: sending.reports.at(-1), parts: road.parts(id), created: road.travelled("POST", /uploads$/) };
}

async function opens({ link }, bytes = content) {
  reset();
  assert.deepEqual(tree(await get(link)).get("data.bin"), Buffer.from(bytes));
}

/** Everything anew, under keys that the server has not seen. */
function assertAnew(before, { last, sent, created, parts }) {
  assert.equal(last.restarted, true);
  assert.notEqual(sent.share, before.id);
  assert.equal(created.length, 1);
  const body = JSON.parse(created[0].body.toString());
  for (const field of ["header", "owner_verifier", "owner_envelope"]) assert.notEqual(body[field], before.created[field]);
  // Under the old keys nothing more went out.
  assert.deepEqual(parts, []);
  assert.equal(before.disk.uploads.has(before.id), false);
  assert.equal(before.disk.parts.has(before.id), false);
}

const takenBack = (id) => road.travelled("DELETE", new RegExp(`/uploads/${id}$`)).length === 1;

test("only missing parts travel, and the link is that of the first session", async () => {
  const before = await crashed();
  const [listed] = await list(before.tab);
  assert.equal(listed.id, before.id);
  assert.deepEqual([listed.needsFiles, listed.needsPassword], [true, false]);
  assert.deepEqual(listed.files, [{ path: "data.bin", size: content.length, modified: 1_700_000_000_000 }]);
  assert.ok(listed.sent <= listed.expected && listed.total === listed.expected);
  const found = await continued(before);
  assert.equal(found.created.length, 0);
  assert.deepEqual(found.parts, [2, 3, 4]);
  assert.equal(found.last.restarted, false);
  assert.ok(found.last.already > PART && found.last.sent === found.sent.size);
  assert.equal(found.sent.share, before.id);
  await opens(found.sent);
});

test("a part that is sent again gets new nonces", async () => {
  const before = await crashed();
  await continued(before);
  const again = road.travelled("PUT", /parts/);
  const both = again.filter(({ path }) => before.sent.some((one) => one.path === path));
  assert.ok(both.length > 0);
  for (const { path, body } of both) {
    const first = before.sent.find((one) => one.path === path);
    assert.notDeepEqual(body.subarray(0, 12), first.body.subarray(0, 12));
  }
});

test("T17: a byte of a part that the server has is another one", async () => {
  const before = await crashed();
  const changed = changedAt(5);
  const found = await continued(before, changed);
  assertAnew(before, found);
  assert.ok(takenBack(before.id));
  await opens(found.sent, changed);
});

test("T17: a byte of a part that was on its way is another one", async () => {
  const before = await crashed();
  assert.ok(before.sent.some((part) => numberOf(part) === 2 && part.status === null));
  const changed = changedAt(2 * PART + 7);
  const found = await continued(before, changed);
  assertAnew(before, found);
  await opens(found.sent, changed);
});

test("what was never recorded may be another: all of it is the file as it is now", async () => {
  const before = await crashed();
  // As if the crash had come before the last parts were read.
  before.disk.parts.get(before.id).delete(3);
  const changed = changedAt(3 * PART + 9);
  const found = await continued(before, changed);
  assert.equal(found.sent.share, before.id);
  await opens(found.sent, changed);
});

test("a part on the server without a record: somebody sent it, maybe of another version", async () => {
  const before = await crashed();
  before.disk.parts.get(before.id).delete(1);
  const found = await continued(before);
  assertAnew(before, found);
  await opens(found.sent);
});

test("part_exists counts as there only for a part whose plaintext was recorded and is the same", async () => {
  const before = await crashed();
  // The server does not tell of what it has.
  const status = { status: 200, body: JSON.stringify({ state: "receiving", received: [], expires_at: 1 }) };
  road.fate = ({ method, path }) => (method === "GET" && path.endsWith(before.id) ? status : "pass");
  const found = await continued(before);
  assert.equal(road.travelled("PUT", /parts/).filter((one) => one.status === 409).length, 2);
  assert.equal(found.sent.share, before.id);
  await opens(found.sent);
});

test("part_exists for a part without a record: new keys, and the upload is left to whoever sent it", async () => {
  const before = await crashed();
  before.disk.parts.set(before.id, new Map());
  const status = { status: 200, body: JSON.stringify({ state: "receiving", received: [], expires_at: 1 }) };
  road.fate = ({ method, path }) => (method === "GET" && path.endsWith(before.id) ? status : "pass");
  const found = await continued(before);
  assert.equal(found.last.restarted, true);
  assert.notEqual(found.sent.share, before.id);
  assert.equal(road.travelled("DELETE", /uploads/).length, 0);
  await opens(found.sent);
});

test("another list of files, and other sizes", async () => {
  for (const files of [
    [source("other.bin", content)], [source("data.bin", content), source("more", "x")], [source("data.bin", content.subarray(1))],
  ]) {
    const before = await crashed();
    const found = await continued(before, content, { files });
    assertAnew(before, found);
    assert.equal(found.sent.files.length, files.length);
  }
});

test("another time of the same bytes is no difference", async () => {
  const before = await crashed();
  const found = await continued(before, content, { files: [source("data.bin", content, { lastModified: 5_000 })] });
  assert.equal(found.sent.share, before.id);
  assert.equal(found.last.restarted, false);
});

test("an upload that the server ended", async () => {
  const before = await crashed();
  road.fate = ({ method, path }) => (method === "GET" && path.endsWith(before.id) ? refusal(404, "not_found") : "pass");
  assertAnew(before, await continued(before));
});

test("it stays what it was to be, also when it begins anew", async () => {
  for (const place of [null, 3]) {
    const before = await crashed({ title: "A title", note: "A note", maxDownloads: 9, expiresIn: 7_200, folders: ["empty"] });
    const nothing = { title: null, note: null, maxDownloads: null, expiresIn: null, folders: [] };
    const found = await continued(before, place === null ? content : changedAt(place), nothing);
    assert.equal(found.last.restarted, place !== null);
    assert.equal(found.sent.maxDownloads, 9);
    assert.ok(found.sent.expiresAt < Date.now() / 1_000 + 7_300);
    assert.equal(tree(await get(found.sent.link)).get("empty"), null);
  }
});

test("compressed files are compressed again, and compared on the way", async () => {
  const bytes = random(12 << 20).map((byte) => 32 + (byte % 64));
  const files = [source("a.txt", bytes.subarray(0, 4 << 20)), source("b.txt", bytes.subarray(4 << 20))];
  for (const changed of [false, true]) {
    const before = await crashed({ files, compress: true }, 1);
    const other = files[0].file.size - 1;
    const bent = bytes.slice(0, 4 << 20);
    bent[other] ^= 1;
    const found = await continued(before, content, { files: changed ? [source("a.txt", bent), files[1]] : files });
    if (changed) assertAnew(before, found);
    else {
      assert.equal(found.sent.share, before.id);
      assert.ok(!found.parts.includes(0) && found.last.already > PART);
    }
    const got = tree(await get(found.sent.link));
    assert.deepEqual(got.get("a.txt"), Buffer.from(changed ? bent : bytes.subarray(0, 4 << 20)));
    assert.deepEqual(got.get("b.txt"), Buffer.from(bytes.subarray(4 << 20)));
  }
});

test("two tabs never work on one upload", async () => {
  const before = await crashed();
  road.fate = (exchange) => (isPart(exchange) ? new Promise((go) => setTimeout(() => go("pass"), 300)) : "pass");
  const first = continued(before);
  await until(() => road.travelled("PUT", /parts/).length > 0);
  const second = before.tab.again();
  assert.deepEqual(await list(second), []);
  assert.equal(await failure(continued({ ...before, tab: second })), "in_use");
  assert.equal(await failure(forget(before.id, null, second.place)), "in_use");
  await opens((await first).sent);
});

test("a password is asked for again, and never kept", async () => {
  const before = await crashed({ password: "first-canary", uploadSecret: "secret-canary" });
  assert.ok(!JSON.stringify([...before.disk.uploads.values()]).includes("canary"));
  assert.equal((await list(before.tab))[0].needsPassword, true);
  assert.equal(await failure(continued(before)), "password_required");
  assert.equal(before.disk.uploads.size, 1);
  const { sent } = await continued(before, content, { password: "second" });
  assert.equal(sent.share, before.id);
  assert.deepEqual(tree(await get(sent.link, { ONEKEY_PASSWORD: "second" })).get("data.bin"), Buffer.from(content));
});

test("all parts are there, and the crash comes before complete: no files are needed", async () => {
  const before = await completing({ password: "x" });
  // As if it had not been printed yet.
  before.disk.uploads.get(before.id).complete = null;
  const [listed] = await list(before.tab);
  assert.deepEqual([listed.needsFiles, listed.needsPassword, listed.sent], [false, true, listed.total]);
  assert.equal(await failure(before.tab.send({ continues: before.id })), "password_required");
  const sent = await before.tab.send({ continues: before.id, password: "y" });
  assert.equal(sent.share, before.id);
  assert.deepEqual(tree(await get(sent.link, { ONEKEY_PASSWORD: "y" })).get("data.bin"), Buffer.from(content));
});

test("T17: all parts are there, and the files are picked all the same: the same go on, others are sent anew", async () => {
  for (const bytes of [content, changedAt(5)]) {
    const before = await completing();
    before.disk.uploads.get(before.id).complete = null;
    reset();
    const found = await continued(before, bytes);
    if (bytes !== content) assertAnew(before, found);
    else assert.deepEqual([found.created.length, found.parts, found.sent.share], [0, [], before.id]);
    await opens(found.sent, bytes);
  }
});

for (const arrives of [false, true]) {
  test(`a crash after complete was sent, which ${arrives ? "arrived" : "did not arrive"}: the same body, the same link`, async () => {
    const before = await completing({ password: "x", maxDownloads: 3 }, arrives);
    const [listed] = await list(before.tab);
    assert.deepEqual([listed.needsFiles, listed.needsPassword], [false, false]);
    const sent = await before.tab.send({ continues: before.id });
    assert.deepEqual(road.travelled("POST", /complete$/).map(({ body }) => body), [before.body]);
    assert.equal(road.travelled("PUT", /parts/).length, 0);
    assert.deepEqual([sent.share, sent.maxDownloads], [before.id, 3]);
    assert.deepEqual(tree(await get(sent.link, { ONEKEY_PASSWORD: "x" })).get("data.bin"), Buffer.from(content));
  });
}

test("a crash after the answer and before anybody saw the link: it is given again, and its keys are gone", async () => {
  reset();
  const tab = new Tab(url);
  const sent = await tab.send({ files: [source("data.bin", content)], compress: false });
  tab.crash();
  const next = tab.again();
  const [listed] = await list(next);
  assert.deepEqual([listed.id, listed.needsFiles, listed.needsPassword, listed.sent], [sent.share, false, false, sent.size]);
  const state = next.disk.uploads.get(sent.share);
  assert.deepEqual([state.shareKey.length, state.ownerSecret.length, state.complete], [0, 0, null]);
  road.seen = [];
  assert.deepEqual(await next.send({ continues: sent.share }), sent);
  assert.equal(road.seen.length, 0);
  await opens(sent);
  // What a tab that lives has shown, it forgets.
  await until(() => next.disk.uploads.size === 0 && next.disk.parts.size === 0);
});

test("forgetting takes back what is not complete, deletes what nobody has the link of, and leaves what somebody saw", async () => {
  const before = await crashed();
  await forget(before.id, null, before.tab.place);
  assert.ok(takenBack(before.id));
  const lost = await completing({}, true);
  await forget(lost.id, null, lost.tab.place);
  assert.equal(road.travelled("DELETE", /shares/).at(-1)?.status, 204);
  reset();
  const tab = new Tab(url);
  const sent = await tab.send({ files: [source("data.bin", content)], compress: false });
  await forget(sent.share, null, tab.place);
  assert.equal(road.travelled("DELETE", /./).length, 0);
  await opens(sent);
  for (const { disk } of [before, lost, tab]) assert.deepEqual([disk.uploads.size, disk.parts.size], [0, 0]);
});

test("after seven days nothing is kept", async () => {
  const before = await crashed();
  before.tab.place.now = () => Date.now() / 1_000 + 7 * 86_400 - 60;
  assert.equal((await list(before.tab)).length, 1);
  before.tab.place.now = () => Date.now() / 1_000 + 7 * 86_400 + 1;
  assert.deepEqual(await list(before.tab), []);
  assert.equal(before.disk.uploads.size, 0);
});

test("an upload of another server of this origin is not ours", async () => {
  const before = await crashed();
  assert.deepEqual(await list(before.tab.again(`${url}/other`)), []);
});

test("what is continued and not known here is not sent on terms that nobody meant", async () => {
  const tab = new Tab(url);
  assert.equal(await failure(tab.send({ files: [source("a", "a")], continues: "A".repeat(22) })), "not_found");
});

test("the network that stays away leaves it to be continued", async () => {
  const before = await crashed();
  await road.cut();
  assert.equal(await failure(continued(before)), "network");
  await road.open();
  assert.equal(before.disk.uploads.size, 1);
  await opens((await continued(before)).sent);
});

/** Sends everything, and crashes once the body of complete is on its way. */
async function completing(request = {}, arrives = false) {
  reset();
  const tab = new Tab(url);
  let answered = 0;
  road.fate = async ({ path }) => {
    if (!path.endsWith("/complete")) return "pass";
    return arrives && answered++ === 0 ? "lose" : "hold";
  };
  const sending = tab.send({ files: [source("data.bin", content)], compress: false, ...request });
  await until(() => road.travelled("POST", /complete$/).length > (arrives ? 1 : 0));
  const next = await crash(tab, sending, road);
  const { body } = road.travelled("POST", /complete$/)[0];
  const created = JSON.parse(road.travelled("POST", /uploads$/)[0].body.toString());
  reset();
  return { tab: next, disk: next.disk, id: [...next.disk.uploads.keys()][0], body, created };
}
