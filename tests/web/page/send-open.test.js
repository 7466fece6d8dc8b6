// Files go through the page: one person sends, another opens with a new browser, and every byte is the same.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { contents, lines, noise, write, writeNoise, writeTree, zipContents } from "../support/files.js";
import { digestOf } from "../support/person.js";
import { temporaryFolder } from "../support/programs.js";
import { scene } from "../support/scene.js";
import { drop, links, open, pressSave, pressSend, save, say, seeSaved, send, arriveToSend, writeText } from "../support/steps.js";

const SIZES = { "nothing.bin": 0, "one.bin": 1, "chunk.bin": 65_536 };
const LARGE = 100 << 20;

for (const browser of /** @type {const} */ (["chromium", "firefox"])) {
  scene(`${browser}: files of 0 bytes, 1 byte and 64 KiB arrive as they were`, {}, async (stage) => {
    const folder = temporaryFolder("files");
    const sender = await stage.person({ browser });
    const receiver = await stage.person({ browser });
    for (const [name, size] of Object.entries(SIZES)) {
      const path = write(join(folder, name), noise(size, name));
      const { link } = await send(sender, [path]);
      assert.match(link, new RegExp(`^${stage.origin}/s#[\\w-]{43}$`));
      await open(receiver, link);
      await receiver.see(name);
      const saved = await save(receiver);
      assert.equal(saved.split("/").at(-1), name);
      assert.equal(digestOf(saved), digestOf(path), name);
    }
  });
}

for (const browser of /** @type {const} */ (["chromium", "firefox"])) {
  scene(`${browser}: 100 MiB arrive as they were, through the service worker (T9, T11, T13)`, {}, async (stage) => {
    const path = writeNoise(join(temporaryFolder("files"), "large.bin"), LARGE);
    const sender = await stage.person({ browser });
    const { link } = await send(sender, [path]);
    await sender.leave();
    const receiver = await stage.person({ browser });
    await open(receiver, link);
    const saved = await save(receiver);
    assert.equal(digestOf(saved), digestOf(path));
    // One grant, however many ranges.
    assert.equal(stage.road.travelled("POST", /\/grants$/).length, 1);
  });
}

scene("100 MiB arrive as they were, through the save picker", {}, async (stage) => {
  const path = writeNoise(join(temporaryFolder("files"), "large.bin"), LARGE);
  const { link } = await send(await stage.person(), [path]);
  const receiver = await stage.person({ saving: "picker" });
  await open(receiver, link);
  await pressSave(receiver);
  await seeSaved(receiver);
  assert.equal(await receiver.pickedDigest(0, LARGE), digestOf(path));
});

scene("T33: 40 files in folders arrive as a zip that unzip and bsdtar read, with names, times, empty file and folder", {}, async (stage) => {
  const tree = writeTree(join(temporaryFolder("tree"), "my tree"));
  const sender = await stage.person();
  await arriveToSend(sender);
  await drop(sender, [tree]);
  await pressSend(sender);
  const { link } = await links(sender);

  const receiver = await stage.person();
  await open(receiver, link);
  await receiver.see("my tree");
  const { files, folders, times } = zipContents(await save(receiver));
  assert.deepEqual(folders, ["my tree/nothing in here/"], "the empty folder");
  assert.deepEqual([...files].sort(), [...contents(dirname(tree))].sort());
  // Zip has the time of the place; the browser and the files here have UTC.
  assert.deepEqual([...times], ["(2023, 11, 14, 22, 13, 20)"], "when they were changed");
});

scene("one file of several, and some of several, are saved by themselves", {}, async (stage) => {
  const folder = temporaryFolder("files");
  const paths = ["a.bin", "b.bin", "c.bin"].map((name) => write(join(folder, name), noise(200_000, name)));
  const { link } = await send(await stage.person(), paths);
  const receiver = await stage.person();
  await open(receiver, link);
  await receiver.press("button", say("saveOne", { name: "b.bin" }));
  await seeSaved(receiver);
  assert.equal(digestOf(await receiver.download()), digestOf(paths[1]));

  const before = receiver.downloaded();
  await receiver.press("button", say("backToFiles"));
  await receiver.press("checkbox", say("selectOne", { name: "b.bin" }));
  await receiver.press("button", new RegExp(`^${say("saveSelected", { count: 2 })}`));
  await seeSaved(receiver);
  const zip = await receiver.download(before);
  assert.deepEqual([...zipContents(zip).files.keys()], ["a.bin", "c.bin"]);
  assert.equal(stage.road.travelled("POST", /\/grants$/).length, 1, "the second time uses the same grant");
});

for (const browser of /** @type {const} */ (["chromium", "firefox"])) {
  scene(`${browser}: a written text arrives as a file`, {}, async (stage) => {
    const text = "Zeile eins\nline two: <b>&amp;</b> ☂\n";
    const sender = await stage.person({ browser });
    await arriveToSend(sender);
    await writeText(sender, text, "words.txt");
    await pressSend(sender);
    const { link } = await links(sender);
    const receiver = await stage.person({ browser });
    await open(receiver, link);
    assert.equal(readFileSync(await save(receiver), "utf8"), text);
  });
}

/** Names that somebody would be fooled by, or that a page would stumble over. */
const HOSTILE = [
  "<img src=x onerror=alert(1)>.txt", "\"><script>alert(1)", "a\u202egpj.exe", "con.txt", "-rf", "%2e%2e%2fetc", "c:\\windows\\x.txt",
  "  spaces  ", "dots...", "e\u0301.txt", "\u00e9.txt", "👩‍👩‍👧‍👦.txt", "ﷺ".repeat(40), "$(reboot).txt", "'; drop table.txt", "javascript:alert(1)",
  "__proto__", "constructor", "T\u0130TLE.txt", "zero\u200bwidth.txt",
];

scene("T5: hostile names are only names, in list, title, messages and zip", {}, async (stage) => {
  const folder = join(temporaryFolder("hostile"), "<b>folder");
  mkdirSync(folder);
  for (const name of HOSTILE) write(join(folder, name), noise(100, name));
  const sender = await stage.person();
  await arriveToSend(sender);
  await drop(sender, [folder]);
  await sender.see("<img src=x onerror=alert(1)>.txt");
  await pressSend(sender);
  const { link } = await links(sender);
  const receiver = await stage.person();
  await open(receiver, link);
  await receiver.see("<img src=x onerror=alert(1)>.txt");
  await receiver.see(/\\u\{202e\}/);
  for (const person of [sender, receiver]) {
    const made = await person.page.$$("main img, main script, main b, main iframe");
    assert.equal(made.length, 0, "a name became an element");
  }
  const { files } = zipContents(await save(receiver));
  assert.deepEqual([...files.values()].sort(), [...contents(folder).values()].sort());
  for (const name of files.keys()) assert.doesNotMatch(name, /\\|^[/A-Za-z]:|(^|\/)\.\.(\/|$)/, "a name that leads elsewhere on some system");
});

scene("T5: a hostile title is text, and the window's title, which browsers keep, does not have it", {}, async (stage) => {
  const title = "<img src=x onerror=alert(1)> ‮ & <b>bold</b>";
  const path = write(join(temporaryFolder("files"), "a.txt"), lines(2_000));
  const { link } = await send(await stage.person(), [path], { title, note: "<script>alert(2)</script>\nline two" });
  const receiver = await stage.person();
  await open(receiver, link);
  await receiver.see("<b>bold</b>");
  await receiver.see("<script>alert(2)</script>");
  assert.equal(await receiver.page.title(), `${say("openTitle")} – ${say("brand")}`);
  assert.equal((await receiver.page.$$("main img, main b, main script")).length, 0);
  assert.equal(digestOf(await save(receiver)), digestOf(path));
});
