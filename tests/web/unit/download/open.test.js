import assert from "node:assert/strict";
import { test } from "node:test";

import { linkState, open } from "../../../../crates/server/web/download/open.js";
import { noise, write } from "../../support/files.js";
import { temporaryFolder } from "../../support/programs.js";
import { failure, fileTarget, got, installDatabase, reloaded, Road, share, startServer, taken } from "./stage.js";

const stores = installDatabase();
const { url, port } = await startServer();
const folder = temporaryFolder("files");
const a = write(`${folder}/a.bin`, noise(200_000, "a"));

/** @param {any} road @param {string} path @param {(answer: any) => void} change of the JSON that the server answers */
const changedOpen = async (key, change) => {
  const original = globalThis.fetch;
  globalThis.fetch = async (address, options) => {
    const response = await original(address, options);
    if (!String(address).endsWith("/open")) return response;
    const answer = await response.json();
    change(answer);
    return Response.json(answer);
  };
  try {
    return await failure(open({ key, password: null }, null, url));
  } finally {
    globalThis.fetch = original;
  }
};

/** @param {string} text @param {number} at */
const flipped = (text, at) => text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);

test("a link opens: title, note, files, limits; nothing is spent", async () => {
  const made = await share(url, [a, "--title", "Fotos", "--note", "for you", "--downloads", "2"]);
  assert.deepEqual(await linkState(made.key, null, url), { password: false });
  const opened = await open({ key: made.key, password: null }, null, url);
  assert.equal(opened.manifest.title, "Fotos");
  assert.equal(opened.manifest.note, "for you");
  assert.deepEqual(opened.manifest.files.map(({ path, size }) => ({ path, size })), [{ path: "a.bin", size: 200_000 }]);
  assert.equal(opened.downloadsLeft, 2);
  assert.equal(opened.granted, false);
  assert.equal(await taken(made), 0);
});

test("keys that are none", async () => {
  for (const key of ["", "x", "A".repeat(42), `${"A".repeat(42)}B`, "A".repeat(44), `${"A".repeat(42)}/`]) {
    assert.equal(await failure(linkState(key, null, url)), "key_malformed");
    assert.equal(await failure(open({ key, password: null }, null, url)), "key_malformed");
  }
  assert.equal(await failure(linkState("A".repeat(43), null, url)), "link_gone");
});

test("passwords: asked for, wrong, right", async () => {
  const made = await share(url, [a, "--password"], { environment: { ONEKEY_PASSWORD: "geheim" } });
  assert.deepEqual(await linkState(made.key, null, url), { password: true });
  const from = async (password) => failure(open({ key: made.key, password }, null, url));
  assert.equal(await from(null), "password_required");
  assert.equal(await from(""), "password_empty");
  assert.equal(await from("falsch"), "proof_rejected");
  assert.equal(await from("geheim"), "none");
});

test("what does not fit the key is not believed", async () => {
  const { key } = await share(url, [a]);
  assert.equal(await changedOpen(key, () => {}), "none");
  assert.equal(await changedOpen(key, (answer) => (answer.envelope = flipped(answer.envelope, 40))), "rejected");
  assert.equal(await changedOpen(key, (answer) => (answer.header = flipped(answer.header, 3))), "header");
  assert.equal(await changedOpen(key, (answer) => (answer.header = flipped(answer.header, 30))), "wrong_key");
  assert.equal(await changedOpen(key, (answer) => (answer.header = flipped(answer.header, 80))), "wrong_key");
  assert.equal(await changedOpen(key, (answer) => (answer.manifest = flipped(answer.manifest, 300))), "rejected");
  assert.equal(await changedOpen(key, (answer) => (answer.size = 65_564 + 27)), "size");
  assert.equal(await changedOpen(key, (answer) => (answer.size = 28)), "manifest");
  assert.equal(await changedOpen(key, (answer) => (answer.size = "28")), "not_onekey");
  assert.equal(await changedOpen(key, (answer) => delete answer.envelope), "not_onekey");
});

test("why a link is gone", async () => {
  const once = await share(url, [a, "--downloads", "1"]);
  assert.equal((await got(url, once.key)).error, null);
  const other = await reloaded();
  stores.get("grants").clear();
  assert.equal(await failure(other.linkState(once.key, null, url)), "used_up");
  assert.equal(await failure(other.open({ key: once.key, password: null }, null, url)), "used_up");
});

test("T15 T27 T35 a grant outlives the page, also when the link is used up", async () => {
  const made = await share(url, [a, "--downloads", "1"]);
  const road = await new Road().open(port);
  assert.equal((await got(road.url, made.key)).error, null);
  for (let n = 0; n < 2; n += 1) {
    const page = await reloaded();
    assert.deepEqual(await page.linkState(made.key, null, road.url), { password: false });
    const opened = await page.open({ key: made.key, password: null }, null, road.url);
    assert.equal(opened.granted, true);
    assert.equal(opened.downloadsLeft, 0);
    const target = fileTarget();
    await page.save({ opened: opened.id, files: [0], whole: true, as: "file", to: { kind: "handle", handle: target } }, new page.Job(() => {}), road.url);
    assert.ok(target.bytes.equals(noise(200_000, "a")) && target.closed);
  }
  assert.equal(road.grants(), 1);
  assert.equal(await taken(made), 1);
});

test("T15 T27 a tab that opened the link before another one took the grant uses that", async () => {
  const made = await share(url, [a, "--downloads", "1"]);
  const road = await new Road().open(port);
  const tabs = await Promise.all([reloaded(), reloaded()]);
  const opened = [];
  for (const tab of tabs) opened.push(await tab.open({ key: made.key, password: null }, null, road.url));
  for (const [n, tab] of tabs.entries()) {
    assert.equal(opened[n].granted, false);
    const to = { kind: "handle", handle: fileTarget() };
    await tab.save({ opened: opened[n].id, files: [0], whole: true, as: "file", to }, new tab.Job(() => {}), road.url);
  }
  assert.equal(road.grants(), 1);
});

test("the kept grant says nothing without the key: no proof, no key, no name in it", async () => {
  const made = await share(url, [a, "--password"], { environment: { ONEKEY_PASSWORD: "geheim" } });
  await got(url, made.key, { password: "geheim" });
  const kept = [...stores.get("grants").values()].at(-1);
  assert.deepEqual(Object.keys(kept).sort(), ["answer", "downloadsLeft", "expiresAt", "grant", "key", "password"]);
  assert.ok(!JSON.stringify(kept).includes("a.bin"));
  assert.ok(!JSON.stringify(kept).includes(made.key));
});

test("a kept grant of a link with a password wants it still, and a wrong one is wrong", async () => {
  const made = await share(url, [a, "--downloads", "1", "--password"], { environment: { ONEKEY_PASSWORD: "geheim" } });
  await got(url, made.key, { password: "geheim" });
  const page = await reloaded();
  assert.deepEqual(await page.linkState(made.key, null, url), { password: true });
  const from = (password) => page.open({ key: made.key, password }, null, url);
  assert.equal(await failure(from(null)), "password_required");
  assert.equal(await failure(from("falsch")), "proof_rejected");
  assert.equal((await from("geheim")).granted, true);
});

test("a grant is erased when its time is over, and when the server knows it no more", async () => {
  const made = await share(url, [a]);
  await got(url, made.key);
  const [name, kept] = [...stores.get("grants")].at(-1);
  stores.get("grants").set(name, { ...kept, expiresAt: 1 });
  let page = await reloaded();
  assert.equal((await page.open({ key: made.key, password: null }, null, url)).granted, false);
  assert.equal(stores.get("grants").has(name), false);

  stores.get("grants").set(name, { ...kept, grant: "A".repeat(43) });
  page = await reloaded();
  assert.equal((await page.open({ key: made.key, password: null }, null, url)).granted, false);
  assert.equal(stores.get("grants").has(name), false);
});
