// Every state that a person can meet: reached as they do, looked at in light, dark and at a phone's width, and judged by
// axe-core. A new state of the page belongs into this list.

import assert from "node:assert/strict";
import { openSync, closeSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import { onekey, put } from "../support/cli.js";
import { upload } from "../support/direct.js";
import { lines, noise, write } from "../support/files.js";
import { PICTURES, clearPictures, look } from "../support/look.js";
import { png } from "../support/media.js";
import { temporaryFolder } from "../support/programs.js";
import { scene } from "../support/scene.js";
import {
  arriveToSend, choose, failure, givePassword, links, open, pressSave, pressSend, say, seeSaved, setOptions,
} from "../support/steps.js";
import { PLAIN } from "../support/trap.js";
import { until } from "../support/wait.js";
import { LOST, refusal } from "../support/watch.js";

const STATES = [
  "send: choose", "send: choose, in German", "send: no scripts", "send: write a text", "send: list", "send: rename", "send: a name that cannot be sent",
  "send: options", "send: downloads are no number", "send: upload secret", "send: upload secret is wrong", "send: sending", "send: paused", "send: waiting for the network",
  "send: cancel?", "send: sent", "send: sent, manage link", "send: unfinished upload", "send: password of an unfinished upload", "send: other files picked", "send: forget?", "send: failed",
  "open: checking", "open: password", "open: password is wrong", "open: too many attempts", "open: one file", "open: many files", "open: none selected", "open: text shown",
  "open: saving", "open: cancel?", "open: saved", "open: granted", "open: damaged", "open: key missing", "open: key malformed", "open: gone", "open: used up", "open: revoked",
  "open: server away", "open: no secure context", "open: escaped link",
  "manage: shown", "manage: add a link", "manage: new link", "manage: change", "manage: revoke?", "manage: revoked", "manage: delete?", "manage: deleted", "manage: wrong secret",
  "manage: secret malformed", "manage: direct link",
  "tools: no secret wanted", "tools: secret wanted", "tools: ShareX", "tools: curl", "tools: Flameshot", "tools: ksnip", "tools: ishare", "tools: Shortcuts", "tools: onekey", "tools: in German",
  "tools: direct links are off", "tools: server away",
  "form: alone", "form: with a secret", "form: where scripts are off", "direct: button", "direct: list", "direct: opened privately",
];

/** @type {Set<string>} */
const seen = new Set();

/** @param {import("../support/person.js").Person} person @param {string} state @param {{scripts?: boolean}} [page] */
async function at(person, state, page) {
  assert.ok(STATES.includes(state), `${state} is in the list`);
  seen.add(state);
  await look(person, state, page);
}

clearPictures();
after(() => console.error(`pictures of ${seen.size} states: ${PICTURES}`));

const small = (name = "a.txt") => write(join(temporaryFolder("files"), name), lines(3_000));
const PART = /\/parts\/\d+$/;

scene("states of sending", { uploadSecret: "swordfish" }, async (stage) => {
  const person = await stage.person();
  person.watch.expect(refusal(403), refusal(401), ...LOST);
  await arriveToSend(person);
  await at(person, "send: choose");
  await person.press("button", say("writeText"));
  await person.fill(say("textField"), "Some text");
  await at(person, "send: write a text");
  await person.press("button", say("cancel"));

  const folder = temporaryFolder("files");
  await choose(person, [small("first file.txt"), small("second.txt"), write(join(folder, "large.bin"), noise(34 << 20, "large"))]);
  await at(person, "send: list");
  await person.press("button", say("rename", { name: "second.txt" }));
  await person.see(say("renameHint"));
  await at(person, "send: rename");
  await person.press("button", say("cancel"));
  await person.pick(say("pickFiles"), [write(join(folder, "bell\u0007.txt"), "x")]);
  await person.see(say("nameControl"));
  await at(person, "send: a name that cannot be sent");
  await person.press("button", /^Remove bell/);
  await person.seeGone(say("nameControl"));
  await at(person, "send: upload secret");
  await setOptions(person, { title: "A title", note: "A note", password: "secret" });
  await at(person, "send: options");
  await setOptions(person, { downloads: /** @type {any} */ ("many") });
  await pressSend(person);
  await person.see(say("downloadsInvalid"));
  await at(person, "send: downloads are no number");
  await setOptions(person, { downloads: 3 });
  await person.fill(say("secretField"), "wrong");
  await pressSend(person);
  await person.see(failure("upload_secret_rejected"));
  await at(person, "send: upload secret is wrong");
  await person.fill(say("secretField"), "swordfish");
  const hold = stage.road.rule({ method: "PUT", path: PART, after: 2, hold: true });
  await pressSend(person);
  await until("parts on their way", () => hold.seen.length > 0);
  await person.see(say("stateSending"));
  await at(person, "send: sending");
  await person.press("button", say("cancel"));
  await person.see(say("cancelSendText"));
  await at(person, "send: cancel?");
  await person.press("button", say("keepSending"));
  await person.press("button", say("pause"));
  await person.see(say("statePaused"));
  await at(person, "send: paused");
  await person.press("button", say("continue"));
  await stage.road.cut();
  hold.release();
  await person.see(new RegExp(say("stateWaiting").split(".")[0]));
  await at(person, "send: waiting for the network");
  const again = stage.road.rule({ method: "PUT", path: PART, hold: true });
  await stage.road.open();
  await person.reload();
  await person.see(say("unfinishedHeading"));
  await at(person, "send: unfinished upload");
  await person.press("button", say("unfinishedForget"));
  await person.see(say("forgetText"));
  await at(person, "send: forget?");
  await person.press("button", say("keep"));
  await person.pick(say("unfinishedPickFiles"), [small("other.txt")]);
  await person.see(say("unfinishedNone"));
  await at(person, "send: other files picked");
  await person.pick(say("unfinishedPickFiles"), [small("first file.txt"), small("second.txt"), join(folder, "large.bin")]);
  await person.see(say("passwordAgainHeading"));
  await at(person, "send: password of an unfinished upload");
  again.release();
});

scene("states of having sent, and of failing", { args: ["--max-size", "100KB"] }, async (stage) => {
  const person = await stage.person();
  person.watch.expect(refusal(413));
  await arriveToSend(person);
  await choose(person, [small()]);
  await setOptions(person, { password: "secret", downloads: 2 });
  await pressSend(person);
  await person.see(say("sentHeading"));
  await until("the QR code", () => person.page.$(".qr-place svg"));
  await at(person, "send: sent");
  await links(person);
  await at(person, "send: sent, manage link");
  await person.press("button", say("sendMore"));
  await choose(person, [write(join(temporaryFolder("files"), "noise.bin"), noise(300_000, "noise"))]);
  await pressSend(person);
  await person.see(failure("too_large"));
  await at(person, "send: failed");

  const german = await stage.person({ language: "de-DE" });
  // Modules are loaded early, and without scripts nobody wants them.
  german.watch.expect(/^request failed: GET .*\/assets\//);
  await german.go("/");
  await german.see("Dateien senden");
  await at(german, "send: choose, in German");
  const session = await german.page.createCDPSession();
  await session.send("Emulation.setScriptExecutionDisabled", { value: true });
  await german.go("/send");
  await at(german, "send: no scripts", { scripts: false });
});

scene("states of opening", {}, async (stage) => {
  const person = await stage.person({ saving: "picker" });
  person.watch.expect(...[403, 404, 410, 429].map(refusal), ...LOST);
  const folder = temporaryFolder("files");
  const one = await put(stage.origin, [small("only file.txt")]);
  const hold = stage.road.rule({ method: "GET", path: /\/api\/v1\/links\//, hold: true });
  await person.go(one.link);
  await person.see(say("openChecking"));
  await at(person, "open: checking");
  hold.release();
  await person.see("only file.txt");
  await at(person, "open: one file");
  await person.press("button", say("viewOne", { name: "only file.txt" }));
  await person.see(say("copyText"));
  await at(person, "open: text shown");

  const environment = { ONEKEY_PASSWORD: "right" };
  const kept = await put(stage.origin, ["--password", small()], { environment });
  await person.go(kept.link);
  await person.see(say("passwordHeading"));
  await at(person, "open: password");
  await givePassword(person, "wrong");
  await person.see(say("passwordWrong"));
  await at(person, "open: password is wrong");
  const [{ url, headers }] = stage.road.travelled("POST", /\/open$/).slice(-1);
  const authorization = headers[headers.findIndex((name) => /^authorization$/i.test(name)) + 1];
  for (let more = 0; more < 10; more += 1) await fetch(stage.origin + url, { method: "POST", headers: { authorization } });
  await givePassword(person, "wrong");
  await person.see(failure("too_many_attempts"));
  await at(person, "open: too many attempts");

  write(join(folder, "photos", "deep", "a very long name that goes on and on and on until it does not fit any more.jpeg"), noise(40_000, "a"));
  for (let n = 0; n < 12; n += 1) write(join(folder, "photos", `picture ${n}.jpg`), noise(n * 50_000, `p${n}`));
  write(join(folder, "photos", "large.bin"), noise(34 << 20, "large"));
  const many = await put(stage.origin, ["--title", "Holiday photos", "--note", "From the lake.\nMore to come.", "--downloads", "3", join(folder, "photos")]);
  await open(person, many.link);
  await at(person, "open: many files");
  await person.press("checkbox", say("selectAll"));
  await person.see(say("saveNone"));
  await at(person, "open: none selected");
  await person.press("checkbox", say("selectAll"));
  const payload = stage.road.rule({ method: "GET", path: /\/payload$/, stallReceivedAfter: 4 << 20 });
  await pressSave(person);
  await until("the middle of saving", () => payload.stalled > 0);
  await person.see(say("savingHeading"));
  await at(person, "open: saving");
  await person.press("button", say("cancel"));
  await person.see(say("cancelSaveText"));
  await at(person, "open: cancel?");
  await person.press("button", say("keepSaving"));
  payload.release();
  await seeSaved(person);
  await at(person, "open: saved");
  await person.press("button", say("backToFiles"));
  await person.see(say("grantKept"));
  await at(person, "open: granted");

  const capped = await put(stage.origin, ["--downloads", "1", small()]);
  await onekey(["get", "-o", `${folder}/`], { environment: { ONEKEY_LINK: capped.link } });
  await person.go(capped.link);
  await person.see(failure("used_up"));
  await at(person, "open: used up");
  const revoked = await put(stage.origin, [small()]);
  assert.equal((await onekey(["rm"], { environment: { ONEKEY_LINK: revoked.manage_link }, input: revoked.manage_link })).code, 0);
  await person.go(revoked.link);
  await person.see(failure("revoked"));
  await at(person, "open: revoked");
  await person.go(`/s#${"A".repeat(43)}`);
  await person.see(failure("link_gone"));
  await at(person, "open: gone");
  await person.go("/s");
  await person.see(failure("key_missing"));
  await at(person, "open: key missing");
  await person.go("/s#half");
  await person.see(failure("key_malformed"));
  await at(person, "open: key malformed");
  await person.go(one.link.replace("#", "%23"));
  await person.see(say("escapedHeading"));
  await at(person, "open: escaped link");

  const before = stage.server.blobs();
  const broken = await put(stage.origin, [write(join(folder, "broken.bin"), noise(200_000, "broken"))]);
  const [blob] = stage.server.blobs().filter((path) => !before.includes(path));
  const file = openSync(blob, "r+");
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, 100_000);
  byte[0] ^= 1;
  writeSync(file, byte, 0, 1, 100_000);
  closeSync(file);
  await open(person, broken.link);
  await pressSave(person);
  await person.see(failure("damaged"));
  await at(person, "open: damaged");

  await open(person, one.link);
  await stage.road.cut();
  // Another link is pasted into the address bar.
  await person.page.evaluate((hash) => void (location.hash = hash), "A".repeat(43));
  await person.see(failure("network"));
  await at(person, "open: server away");
  await stage.road.open();
  const plain = await stage.person({ origin: PLAIN });
  plain.watch.expect(/Cross-Origin-Opener-Policy/);
  await plain.go("/s");
  await plain.see(failure("no_secure_context"));
  await at(plain, "open: no secure context");
});

scene("states of managing", {}, async (stage) => {
  const person = await stage.person();
  person.watch.expect(refusal(403), refusal(404));
  const { manage_link: manage } = await put(stage.origin, ["--label", "for Alice", "--downloads", "5", small()]);
  await person.go(manage);
  await person.see("for Alice");
  await at(person, "manage: shown");
  await person.press("button", say("addLink"));
  await person.see(say("addLinkLabelHint"));
  await at(person, "manage: add a link");
  await person.fill(say("addLinkLabel"), "for Bob");
  await person.press("button", say("addLinkDo"));
  await person.see(say("newLinkHeading"));
  await until("the QR code", () => person.page.$(".qr-place svg"));
  await at(person, "manage: new link");
  await person.press("button", say("change", { name: "for Alice" }));
  await person.see(say("changeDownloadsHint"));
  await at(person, "manage: change");
  await person.press("button", say("cancel"));
  await person.press("button", say("revoke", { name: "for Bob" }));
  await person.see(say("revokeText"));
  await at(person, "manage: revoke?");
  await person.press("button", say("revokeDo"));
  await person.see(say("linkRevoked"));
  await at(person, "manage: revoked");
  await person.press("button", say("deleteShare"));
  await person.see(say("deleteText"));
  await at(person, "manage: delete?");
  await person.press("button", say("deleteDo"));
  await person.see(say("deletedHeading"));
  await at(person, "manage: deleted");
  const other = await put(stage.origin, [small()]);
  await person.go(`${other.manage_link.slice(0, -43)}${"A".repeat(43)}`);
  await person.see(failure("owner_rejected"));
  await at(person, "manage: wrong secret");
  await person.go(other.manage_link.slice(0, -5));
  await person.see(failure("manage_link_malformed"));
  await at(person, "manage: secret malformed");
});

scene("states of setting up tools", { uploadSecret: "swordfish" }, async (stage) => {
  const person = await stage.person();
  await person.go("/tools");
  await person.see(say("netrcLabel"));
  await at(person, "tools: secret wanted");
  for (const tool of ["ShareX", "curl", "Flameshot", "ksnip", "ishare", "Shortcuts", "onekey"]) {
    await person.unfold(tool);
    await at(person, /** @type {any} */ (`tools: ${tool}`));
    await person.fold(tool);
  }
  await person.go("/upload");
  await person.see("Upload-Geheimnis");
  await at(person, "form: with a secret");
});

scene("states of setting up tools, without a secret, in German, with scripts off", {}, async (stage) => {
  const person = await stage.person({ language: "de-DE" });
  person.watch.expect(...LOST, /^request failed: GET .*\/assets\//);
  await person.go("/tools");
  await person.see("Meine Programme einrichten");
  await person.unfold("Flameshot");
  await at(person, "tools: in German");
  const other = await stage.person();
  other.watch.expect(...LOST, /^request failed: GET .*\/assets\//);
  await other.go("/tools");
  await other.see(say("toolsForm"));
  await at(other, "tools: no secret wanted");
  await other.go("/upload");
  await other.see("Plain upload");
  await at(other, "form: alone");
  const away = stage.road.rule({ method: "GET", path: /\/api\//, answer: { status: 502, body: "<p>a proxy</p>" } });
  await other.go("/tools");
  await other.see(failure("not_onekey"));
  await at(other, "tools: server away");
  away.release();
  const session = await other.page.createCDPSession();
  await session.send("Emulation.setScriptExecutionDisabled", { value: true });
  await other.go("/");
  await at(other, "form: where scripts are off", { scripts: false });
});

scene("the state of tools where direct links are off", { args: ["--direct", "off"] }, async (stage) => {
  const person = await stage.person();
  await person.go("/tools");
  await person.see(say("toolsOffHeading"));
  await at(person, "tools: direct links are off");
});

scene("states of direct links", {}, async (stage) => {
  const person = await stage.person();
  const picture = png([220, 30, 60]);
  const one = await upload(stage.origin, [["a picture.png", picture]]);
  await person.go(one.private_url);
  await person.see("a picture.png");
  await at(person, "direct: opened privately");
  await person.go(one.delete_url);
  await person.see(say("linkDirect"));
  await at(person, "manage: direct link");
  const capped = await upload(stage.origin, [["a picture with a long name that goes on and on and on.png", picture]], { downloads: "3" });
  await person.go(capped.url);
  await person.see("a picture with a long name");
  await at(person, "direct: button");
  const several = await upload(stage.origin, [["a picture.png", picture], ["notes & more.txt", "some notes"], ["a file with a long name that goes on and on and on until it does not fit.bin", noise(3_000_000, "n")]]);
  await person.go(several.url);
  await person.see("notes & more.txt");
  await at(person, "direct: list");
});

test("every state of the list was seen", () => {
  assert.deepEqual(STATES.filter((state) => !seen.has(state)), []);
});
