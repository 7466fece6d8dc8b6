// The canary: marked files go through the page, then blobs, database, log and everything that travelled are searched for what
// must not be there. And for what must: a search that finds nothing proves nothing.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { decode } from "../../../crates/server/web/container/base64url.js";
import { linkValues, ownerValues } from "../../../crates/server/web/container/keys.js";
import { passwordKey } from "../../../crates/server/web/container/password.js";
import { write } from "../support/files.js";
import { Needles } from "../support/needles.js";
import { digestOf } from "../support/person.js";
import { temporaryFolder } from "../support/programs.js";
import { scene } from "../support/scene.js";
import {
  arriveToSend, choose, givePassword, links, pressSave, pressSend, say, seeSaved, setOptions,
} from "../support/steps.js";
import { refusal } from "../support/watch.js";

const CONTENT = "heron-content-4c09 again and again\n";
const NAME = "marmot-file-61fe.log";
const SECOND = "ibex-file-d083.txt";
const TITLE = "walrus-title-3b14";
const NOTE = "lemur-note-e7f2 with more words";
const PASSWORD = "falcon-password-51d8";
const WRONG = "falcon-password-52e9";
const LABEL = "gannet-label-18c3";
const SECRET = "otter-upload-secret-77c1";

/** More than a part. */
const SIZE = 9 << 20;

scene("T1, T34, T36: nothing of the plaintext, no key and no owner secret is stored, logged or sent by the page", { uploadSecret: SECRET, keep: true, args: ["--log", "trace"] }, async (stage) => {
  const folder = temporaryFolder("canary");
  const paths = [write(join(folder, NAME), CONTENT.repeat(SIZE / CONTENT.length)), write(join(folder, SECOND), CONTENT)];
  const sender = await stage.person();
  await arriveToSend(sender);
  await choose(sender, paths);
  await sender.fill(say("secretField"), SECRET);
  // As they are: compressed content would not be found in what leaked.
  await setOptions(sender, { title: TITLE, note: NOTE, password: PASSWORD, compress: false });
  await pressSend(sender);
  const { link, manage } = await links(sender);

  const receiver = await stage.person({ saving: "picker" });
  receiver.watch.expect(refusal(403));
  await receiver.go(link);
  await givePassword(receiver, WRONG);
  await receiver.see(say("passwordWrong"));
  await givePassword(receiver, PASSWORD);
  await receiver.see(TITLE);
  await receiver.see(NAME);
  await pressSave(receiver);
  await seeSaved(receiver);
  const other = await stage.person();
  await other.go(link);
  await givePassword(other, PASSWORD);
  await other.see(TITLE);
  const before = other.downloaded();
  await other.press("button", say("saveOne", { name: NAME }));
  await seeSaved(other);
  assert.equal(digestOf(await other.download(before)), digestOf(paths[0]));

  await sender.go(manage);
  await sender.press("button", say("addLink"));
  await sender.fill(say("addLinkLabel"), LABEL);
  await sender.press("button", say("addLinkDo"));
  await sender.see(LABEL);
  const second = await (await sender.field(say("linkField"))).evaluate((node) => node.value);

  const secrets = new Needles();
  const travels = new Needles();
  for (const [name, text] of Object.entries({ CONTENT: CONTENT.slice(0, 20), NAME, SECOND, TITLE, NOTE, PASSWORD, WRONG, LABEL })) secrets.andDigest(name, text);
  for (const path of paths) secrets.add(`digest of ${path}`, createHash("sha256").update(readFileSync(path)).digest());
  for (const [name, address, password] of /** @type {const} */ ([["link", link, PASSWORD], ["second link", second, null]])) {
    const key = decode(address.slice(-43), 32);
    const values = await linkValues(key, password === null ? null : await passwordKey(key, password));
    secrets.andDigest(`${name}'s key`, key).andDigest(`${name}'s wrap key`, values.wrapKey);
    travels.add(`${name}'s locator`, values.locator);
    if (password !== null) travels.add("proof", values.proof);
  }
  const owner = decode(manage.slice(-43), 32);
  const { token, key } = await ownerValues(owner);
  secrets.andDigest("owner secret", owner).andDigest("owner key", key);
  travels.add("owner token", token).add("upload secret", SECRET);
  const share = manage.slice(0, -44).split("/").at(-1) ?? "";
  travels.add("share", decode(share, 16));

  await stage.server.stop();
  const { exchanges } = stage.road;
  const api = exchanges.filter(({ url }) => url.startsWith("/api/"));
  assert.ok(api.some(({ body }) => body.length > 1 << 20) && api.some(({ answer }) => answer.length > 1 << 20), "the road kept the payload, both ways");
  const wire = Buffer.concat(exchanges.flatMap(({ method, url, headers, body, answerHeaders, answer }) => [
    Buffer.from(`${method} ${url}\n${headers.join("\n")}\n`), body, Buffer.from(`\n${JSON.stringify(answerHeaders)}\n`),
    // What the server serves to everybody has the page's own words in it.
    url.startsWith("/api/") ? answer : Buffer.alloc(0), Buffer.from("\n"),
  ]));
  const files = stage.server.files();
  assert.ok(files.some((path) => path.endsWith("onekey.db")));
  const stored = Buffer.concat(files.flatMap((path) => [Buffer.from(`${path}\n`), readFileSync(path)]));
  const log = Buffer.from(stage.server.log);

  // The search finds what must be there.
  for (const name of ["link's locator", "second link's locator", "proof", "owner token", "upload secret", "share"]) assert.ok(travels.has(name, wire), `${name} travels`);
  for (const name of ["link's locator", "second link's locator", "share"]) assert.ok(travels.has(name, stored), `${name} is stored`);
  assert.ok(log.includes("/api/v1/uploads"), "the log has the routes");
  assert.ok(secrets.has("CONTENT", readFileSync(paths[0])));
  // And not what must not.
  assert.deepEqual(secrets.foundIn(wire), [], "on the wire");
  assert.deepEqual(secrets.foundIn(stored), [], "on the disk");
  assert.deepEqual(secrets.foundIn(log), [], "in the log");
  assert.deepEqual(travels.foundIn(log), [], "in the log");
  // Credentials travel in one header field only, and none of them rests.
  for (const { url, body, headers } of exchanges) {
    const others = headers.filter((_, at) => at % 2 === 1 && !/^authorization$/i.test(headers[at - 1])).join("\n");
    for (const name of ["proof", "owner token", "upload secret"]) {
      assert.equal(travels.has(name, `${url}\n${others}`), false, `${name} outside of Authorization`);
      assert.equal(body.length < 1 << 20 && travels.has(name, body), false, `${name} in a body`);
    }
    assert.equal(/^(referer|cookie)$/im.test(headers.filter((_, at) => at % 2 === 0).join("\n")), false, "a referrer or a cookie");
  }
  for (const name of ["proof", "owner token", "upload secret"]) assert.equal(travels.has(name, stored), false, `${name} on the disk`);
});

test("the search finds every form at every place", () => {
  const secret = Buffer.from(Array.from({ length: 32 }, (_, n) => 100 + n * 5));
  const needles = new Needles().add("secret", secret);
  const base64 = (/** @type {number} */ shift) => Buffer.concat([Buffer.from("abc".slice(0, shift)), secret, Buffer.from("more")]).toString("base64");
  const forms = [secret, secret.toString("hex"), secret.toString("hex").toUpperCase(), base64(0), base64(1), base64(2), secret.toString("base64url")];
  for (const form of forms) {
    for (const before of ["", "x", "xyz".repeat(30_000)]) assert.ok(needles.has("secret", Buffer.concat([Buffer.from(before), Buffer.from(form), Buffer.from("y")])));
  }
  assert.deepEqual(needles.foundIn(secret.subarray(1)).filter((found) => found.includes("plain")), []);
  assert.deepEqual(needles.foundIn("nothing of it"), []);
});
