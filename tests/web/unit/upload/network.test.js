// Sending while the network does what networks do.

import assert from "node:assert/strict";
import { test } from "node:test";

import { failure, get, loadBrotli, random, scene, source, Tab, tree, until, vanishing } from "./support.js";
import { refusal, sha256 } from "./road.js";

const PART = 127 * 65_536;

await loadBrotli();
const { road, url } = await scene();

/** A share of about three and a half parts. */
const content = random(3 * PART + 1_000_000);
const files = [source("data.bin", content)];

/** @param {any} request @param {(exchange: import("./road.js").Exchange) => import("./road.js").Fate} [fate] */
function sending(request, fate = () => "pass", tab = new Tab(url)) {
  road.seen = [];
  road.mostParts = 0;
  road.fate = fate;
  return Object.assign(tab.send({ files, compress: false, ...request }), { tab });
}

async function opens({ link }, expected = content) {
  road.fate = () => "pass";
  assert.deepEqual(tree(await get(link)).get("data.bin"), Buffer.from(expected));
}

const isPart = ({ method }) => method === "PUT";

/** Lets `fate` happen to the first requests that fit. */
function first(count, fits, fate) {
  let left = count;
  return (exchange) => (fits(exchange) && left-- > 0 ? fate : "pass");
}

for (const [name, fate] of [
  ["a connection that breaks", "drop"], ["an answer that is lost", "lose"], ["a gateway's 502", { status: 502, body: "<h1>Bad gateway</h1>" }],
  ["part_busy", refusal(409, "part_busy")], ["digest_mismatch", refusal(422, "digest_mismatch")], ["unavailable", refusal(503, "unavailable")],
]) {
  test(`${name}: the same bytes go again`, async () => {
    const sent = await sending({}, first(3, isPart, fate));
    const parts = road.travelled("PUT", /parts/);
    assert.equal(parts.length, 4 + 3);
    const digests = new Map();
    for (const { path, headers } of parts) {
      assert.equal(digests.get(path) ?? headers["content-digest"], headers["content-digest"]);
      digests.set(path, headers["content-digest"]);
    }
    assert.equal(road.travelled("POST", /uploads$/).length, 1);
    await opens(sent);
  });
}

test("the network goes away and comes back", async () => {
  const send = sending({});
  await until(() => road.travelled("PUT", /parts/).length > 0);
  await road.cut();
  await until(() => send.reports.some(({ state, retryIn }) => state === "waiting" && retryIn !== null));
  await road.open();
  const sent = await send;
  assert.ok(send.reports.every(({ restarted }) => !restarted));
  assert.equal(send.reports.at(-1).sent, sent.size);
  await opens(sent);
});

test("a lost answer to complete: the same body goes again, and there is one share", async () => {
  const sent = await sending({ password: "x" }, first(2, ({ path }) => path.endsWith("/complete"), "lose"));
  const bodies = road.travelled("POST", /complete$/).map(({ body }) => body.toString());
  assert.equal(bodies.length, 3);
  assert.equal(new Set(bodies).size, 1);
  assert.equal(road.travelled("POST", /uploads$/).length, 1);
  road.fate = () => "pass";
  assert.deepEqual(tree(await get(sent.link, { ONEKEY_PASSWORD: "x" })).get("data.bin"), Buffer.from(content));
});

test("a proxy that refuses large bodies: a new upload under new keys in small parts, and the first is taken back", async () => {
  const tooLarge = { status: 413, body: "<h1>413 Request Entity Too Large</h1>" };
  const send = sending({}, ({ body }) => (body.length > 1_000_000 ? tooLarge : "pass"));
  const sent = await send;
  const [one, two] = road.travelled("POST", /uploads$/).map(({ body }) => JSON.parse(body.toString()));
  assert.equal(two.part_size, 15 * (65_536 + 28));
  // Everything that is made from the share key or random.
  for (const field of ["header", "owner_verifier", "owner_envelope"]) assert.notEqual(one[field], two[field]);
  assert.equal(road.travelled("DELETE", /uploads/).length, 1);
  assert.equal(send.tab.disk.uploads.size, 1);
  assert.ok(send.reports.every(({ restarted }) => !restarted));
  await opens(sent);
});

test("a proxy that refuses every body", async () => {
  const send = sending({}, ({ method }) => (method === "PUT" ? { status: 413, body: "no" } : "pass"));
  await assert.rejects(send, { code: "not_onekey", detail: 413 });
  assert.equal(road.travelled("POST", /uploads$/).length, 2);
  assert.equal(send.tab.disk.uploads.size, 0);
});

test("part_exists where nothing was recorded before: new keys, and the other upload is left alone", async () => {
  const sent = await sending({}, first(1, isPart, refusal(409, "part_exists")));
  const [one, two] = road.travelled("POST", /uploads$/).map(({ body }) => JSON.parse(body.toString()).header);
  assert.notEqual(one, two);
  assert.equal(road.travelled("DELETE", /uploads/).length, 0);
  await opens(sent);
});

test("a refusal for good ends it: taken back, erased, told", async () => {
  const send = sending({}, first(1, isPart, refusal(507, "storage_full")));
  assert.equal(await failure(send), "storage_full");
  assert.equal(road.travelled("DELETE", /uploads/).at(-1)?.status, 204);
  assert.deepEqual([send.tab.disk.uploads.size, send.tab.disk.parts.size], [0, 0]);
});

test("a cancel takes it back and erases it", async () => {
  const send = sending({}, () => "pass");
  await until(() => road.travelled("PUT", /parts/).length > 0);
  send.job.cancel();
  assert.equal(await failure(send), "cancelled");
  assert.equal(road.travelled("DELETE", /uploads/).at(-1)?.status, 204);
  assert.deepEqual([send.tab.disk.uploads.size, send.tab.disk.parts.size], [0, 0]);
});

test("a pause stops what is on its way, and it goes on where it was", async () => {
  // A part that would never end.
  let holds = true;
  const send = sending({}, (exchange) => (isPart(exchange) && holds ? "hold" : "pass"));
  await until(() => road.travelled("PUT", /parts/).length === 4);
  send.job.pause();
  await until(() => send.reports.at(-1)?.state === "paused");
  await new Promise((resolve) => setTimeout(resolve, 600));
  const before = road.seen.length;
  holds = false;
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.equal(road.seen.length, before);
  send.job.resume();
  await opens(await send);
  assert.equal(road.travelled("POST", /uploads$/).length, 1);
});

test("a file that changes while it is sent", async () => {
  const send = sending({ files: [source("first", random(100)), vanishing("data.bin", content, PART + 5)] });
  await assert.rejects(send, { code: "file_changed", detail: 1 });
  assert.equal(road.travelled("DELETE", /uploads/).at(-1)?.status, 204);
  assert.equal(send.tab.disk.uploads.size, 0);
  await assert.rejects(sending({ files: [vanishing("data.bin", content, 0)] }), { code: "file_unreadable", detail: 0 });
});

test("never more than four parts on their way", async () => {
  const many = random(12 * PART);
  const send = sending({ files: [source("data.bin", many)] }, () => new Promise((go) => setTimeout(() => go("pass"), 50)));
  await opens(await send, many);
  assert.ok(road.mostParts > 1 && road.mostParts <= 4, `${road.mostParts}`);
});

test("each part's plaintext is recorded before the part leaves, and the body of complete before that is sent", async () => {
  const tab = new Tab(url);
  tab.disk.slow = 1_500;
  const missing = [];
  const sent = await sending({}, ({ path, body }) => {
    const [, id, number] = /uploads\/([^/]+)\/parts\/(\d+)/.exec(path) ?? [];
    const record = id && tab.disk.parts.get(id)?.get(Number(number));
    const part = content.subarray(Number(number) * PART, (Number(number) + 1) * PART);
    // The last one is padded.
    if (id && (!record || (part.length === PART && !sha256(part).equals(record.digest)))) missing.push(path);
    if (path.endsWith("/complete") && tab.disk.uploads.get(path.split("/").at(-2))?.complete !== body.toString()) missing.push(path);
    return "pass";
  }, tab);
  assert.deepEqual(missing, []);
  await opens(sent);
});

test("a browser that keeps nothing sends all the same", async () => {
  const tab = new Tab(url);
  tab.disk.broken = true;
  const sent = await sending({}, first(2, isPart, "drop"), tab);
  assert.equal(tab.disk.uploads.size, 0);
  await opens(sent);
});

test("storage that breaks in the middle: it goes on, and what was kept is gone", async () => {
  const tab = new Tab(url);
  tab.disk.breaks = ["record"];
  const sent = await sending({}, undefined, tab);
  assert.equal(tab.disk.uploads.size, 0);
  assert.equal(road.travelled("POST", /uploads$/).length, 1);
  await opens(sent);
});

test("storage that breaks in the middle and cannot even be erased: new keys, of which nothing is kept", async () => {
  const tab = new Tab(url);
  tab.disk.breaks = ["record", "erase"];
  const sent = await sending({}, undefined, tab);
  const [one, two] = road.travelled("POST", /uploads$/).map(({ body }) => JSON.parse(body.toString()).header);
  assert.notEqual(one, two);
  assert.equal(tab.disk.uploads.has(sent.share), false);
  await opens(sent);
});

test("T1, T34: nothing that travels holds the plaintext, a name, a key, or a hash of one", async () => {
  const marker = Buffer.from("canary-3f9c1e7a5b2d4860");
  const bytes = Buffer.concat([marker, Buffer.from(random(70_000)), marker]);
  const secret = source("secret-name-canary.txt", bytes);
  const tab = new Tab(url);
  let kept = "";
  const sent = await sending({ files: [secret], title: "title-canary", note: "note-canary", password: "password-canary" }, ({ path }) => {
    if (path.endsWith("/complete")) kept = JSON.stringify([...tab.disk.uploads.values()]);
    return "pass";
  }, tab);
  assert.ok(!kept.includes("password-canary"));
  const padded = Buffer.concat([bytes, Buffer.alloc(71_680 - bytes.length)]);
  const hashes = [bytes, padded, marker].map(sha256).flatMap((hash) => ["hex", "base64", "base64url"].map((form) => hash.toString(form)));
  const canaries = [marker.toString(), "secret-name-canary", "title-canary", "note-canary", "password-canary", sent.link.split("#")[1], sent.manageLink.split("#")[1]];
  assert.ok(road.seen.length >= 3);
  for (const { path, headers, body } of road.seen) {
    const text = path + JSON.stringify(headers) + body.toString("latin1");
    for (const secret of [...canaries, ...hashes]) assert.ok(!text.includes(secret), secret);
  }
});
