// What a manage link opens and changes, on a real server.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { sealLabel } from "../../../../crates/server/web/container/envelope.js";
import { changeOwned, describeOwned } from "../../../../crates/server/web/protocol/owned.js";
import { describeServer } from "../../../../crates/server/web/protocol/server.js";
import { onekey } from "../../support/cli.js";
import { failure, get, scene, source, Tab } from "../upload/support.js";
import { refusal } from "../upload/road.js";

const { road, url } = await scene({ uploadSecret: "upload-secret" });

/** A share of one small text, and what its manage link holds. */
async function shared() {
  road.fate = () => "pass";
  const sent = await new Tab(url).send({ files: [source("a.txt", "hello")], uploadSecret: "upload-secret", maxDownloads: 5 });
  const [, share, secret] = /manage\/([^#]+)#(.+)$/.exec(sent.manageLink) ?? [];
  const owned = () => describeOwned({ share, secret }, null, url);
  const change = (action) => changeOwned({ share, secret, action }, null, url);
  return { sent, share, secret, owned, change };
}

const content = async (link, environment) => readFileSync(join(await get(link, environment), "a.txt"), "utf8");

test("the server is described, and asks for a secret", async () => {
  const described = await describeServer(null, null, url);
  assert.equal(described.upload_secret_required, true);
  const files = [source("a", "a")];
  assert.equal(await failure(new Tab(url).send({ files })), "upload_secret_required");
  assert.equal(await failure(new Tab(url).send({ files, uploadSecret: "wrong" })), "upload_secret_rejected");
});

test("something that is no onekey server is none", async () => {
  for (const body of ["{}", "[]", "null", '"x"', "<html>"]) {
    road.fate = () => ({ status: 200, body });
    assert.equal(await failure(describeServer(null, null, url)), "not_onekey");
  }
});

test("a share is described as its owner sees it", async () => {
  const { owned, sent, share } = await shared();
  const described = await owned();
  assert.deepEqual([described.share, described.size, described.canAddLinks, described.links.length], [share, sent.size, true, 1]);
  const { locator, createdAt, ...link } = { ...described.links[0], createdAt: described.createdAt };
  assert.match(locator, /^[A-Za-z0-9_-]{22}$/);
  assert.ok(Math.abs(createdAt - Date.now() / 1_000) < 60);
  assert.deepEqual(link, {
    label: null, password: false, direct: false, maxDownloads: 5, downloads: 0, downloadsLeft: 5, expiresAt: sent.expiresAt,
    state: "live", lastUsedAt: null,
  });
});

test("a link is added with a label that only the owner reads, and a password; the command line opens it", async () => {
  const { owned, change, sent } = await shared();
  const { link } = await change({ kind: "add", label: "für Bob ✓", password: "pä", maxDownloads: 1, expiresIn: null });
  assert.equal(await content(link, { ONEKEY_PASSWORD: "pä" }), "hello");
  const added = (await owned()).links[1];
  assert.deepEqual([added.label, added.password, added.downloads, added.state, added.expiresAt], ["für Bob ✓", true, 1, "used_up", null]);
  const listed = await onekey(["info", sent.manageLink]);
  assert.match(listed.out, /für Bob ✓/);
  assert.ok(road.seen.every(({ body, path }) => !body.toString().includes("Bob") && !path.includes("Bob")));
});

test("a lost answer to an added link: it was added once", async () => {
  const { owned, change } = await shared();
  let lost = 0;
  road.fate = ({ path }) => (path.endsWith("/links") && lost++ === 0 ? "lose" : "pass");
  const { link } = await change({ kind: "add", label: null, password: null, maxDownloads: null, expiresIn: 3_600 });
  assert.equal((await owned()).links.length, 2);
  assert.equal(await content(link), "hello");
});

test("limits are changed: what is left out stays, null takes one away", async () => {
  const { owned, change } = await shared();
  const { locator, expiresAt } = (await owned()).links[0];
  await change({ kind: "change", locator, maxDownloads: null });
  let [link] = (await owned()).links;
  assert.deepEqual([link.maxDownloads, link.expiresAt], [null, expiresAt]);
  await change({ kind: "change", locator, expiresIn: null });
  [link] = (await owned()).links;
  assert.deepEqual([link.maxDownloads, link.expiresAt], [null, null]);
  await change({ kind: "change", locator, maxDownloads: 2, expiresIn: 60 });
  [link] = (await owned()).links;
  assert.equal(link.maxDownloads, 2);
  assert.ok(Math.abs(link.expiresAt - Date.now() / 1_000 - 60) < 10);
});

test("a link is revoked, and a share deleted; both may be said twice", async () => {
  const { owned, change, sent } = await shared();
  const { locator } = (await owned()).links[0];
  await change({ kind: "revoke", locator });
  await change({ kind: "revoke", locator });
  assert.equal((await owned()).links[0].state, "revoked");
  assert.equal((await onekey(["get", sent.link])).code, 3);
  await change({ kind: "delete" });
  await change({ kind: "delete" });
  assert.equal(await failure(owned()), "not_found");
});

test("a wrong or malformed manage link changes nothing", async () => {
  const { share, secret } = await shared();
  const other = `${secret.slice(0, -1)}${secret.endsWith("A") ? "E" : "A"}`;
  for (const action of [{ kind: "delete" }, { kind: "revoke", locator: "A".repeat(22) }]) {
    assert.equal(await failure(changeOwned({ share, secret: other, action }, null, url)), "owner_rejected");
  }
  const before = road.seen.length;
  for (const [wrong, text] of [["../../server", secret], [share, "x"], [share, `${secret}A`], ["", secret]]) {
    assert.equal(await failure(describeOwned({ share: wrong, secret: text }, null, url)), "manage_link_malformed");
  }
  assert.equal(await failure(changeOwned({ share, secret, action: { kind: "revoke", locator: "../shares/x" } }, null, url)), "base64url");
  assert.equal(road.seen.length, before);
});

test("a server that gives another header or envelope gets no new link from us", async () => {
  const { share, owned, change } = await shared();
  const other = await shared();
  const add = () => change({ kind: "add", label: null, password: null, maxDownloads: null, expiresIn: 60 });
  const described = (id) => road.seen.filter(({ method, path }) => method === "GET" && path.endsWith(id)).length;
  await owned();
  const answers = await Promise.all([share, other.share].map((id) => answerOf(id, id === share ? owned : other.owned)));
  // The envelope is bound to all of the header but the commitment.
  const commitment = answers[0].header.slice(0, 60) + answers[1].header.slice(60);
  for (const [field, value] of [["header", answers[1].header], ["header", commitment], ["owner_envelope", answers[1].owner_envelope]]) {
    road.seen = [];
    const body = JSON.stringify({ ...answers[0], [field]: value });
    road.fate = ({ method, path }) => (method === "GET" && path.endsWith(share) ? { status: 200, body } : "pass");
    assert.match(await failure(add()), /^(rejected|wrong_key)$/);
    assert.equal(described(share), 1);
    assert.equal(road.travelled("POST", /./).length, 0);
  }
});

test("a label that does not open hides no link", async () => {
  const { share, owned } = await shared();
  const answer = await answerOf(share, owned);
  const foreign = Buffer.from(await sealLabel(new Uint8Array(32), new Uint8Array(16), "x")).toString("base64url");
  for (const label of [foreign, "A", ""]) {
    const body = JSON.stringify({ ...answer, links: [{ ...answer.links[0], label }] });
    road.fate = () => ({ status: 200, body });
    const { links } = await owned();
    assert.deepEqual([links.length, links[0].label], [1, null]);
  }
});

test("continuing that must begin anew asks for the upload secret before it gives anything up", async () => {
  const tab = new Tab(url);
  const files = [source("a.bin", new Uint8Array(9_000_000))];
  const request = { files, compress: false, uploadSecret: "upload-secret" };
  road.fate = ({ method }) => (method === "PUT" ? refusal(503, "unavailable") : "pass");
  const sending = tab.send(request);
  while (tab.disk.parts.size === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  tab.crash();
  sending.job.cancel();
  sending.catch(() => {});
  road.fate = () => "pass";
  const next = tab.again();
  const [id] = next.disk.uploads.keys();
  const again = { ...request, continues: id, files: [source("other.bin", new Uint8Array(5))] };
  assert.equal(await failure(next.send({ ...again, uploadSecret: null })), "upload_secret_required");
  assert.equal(next.disk.uploads.size, 1);
  const sent = await next.send(again);
  assert.notEqual(sent.share, id);
});

/** The server's own words about a share. */
async function answerOf(id, owned) {
  await owned();
  const { headers, path } = road.travelled("GET", new RegExp(`/shares/${id}$`)).at(-1);
  return (await fetch(url + path, { headers: { authorization: String(headers.authorization) } })).json();
}
