// The page "Set up my tools": every text is copied as it stands, runs in a shell as it stands, and ends at the file.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { write } from "../support/files.js";
import { png } from "../support/media.js";
import { temporaryFolder } from "../support/programs.js";
import { scene } from "../support/scene.js";
import { arriveToSend, pattern, say } from "../support/steps.js";
import { until } from "../support/wait.js";

/** @import { Person } from "../support/person.js" */

const SECRET = "otter-9d4b-secret";
const PLACEHOLDER = "YOUR_UPLOAD_SECRET";

/** Longest a command may take. */
const COMMAND = 60_000;

/** Every part of the page, and the labels of its texts. */
const TEXTS = /** @type {const} */ ({
  curl: ["curlFile", "curlPipe", "curlPut", "curlLimits"],
  onekey: ["onekeyLabel"],
});

/** @param {Person} person */
async function arrive(person) {
  await person.go("/tools");
  await person.see(say("toolsLead").slice(0, 20));
}

/** A text of the page, by its label. @param {Person} person @param {string} label @returns {Promise<string>} */
const text = (person, label) => until(`text ${label}`, async () => (await person.field(label))?.evaluate((node) => node.value));

/**
 * Runs a text in a shell, with programs of ours before those of the machine.
 * @param {string} script @param {{folder: string, home: string, programs?: Record<string, string>, args?: string[]}} where
 * @returns {Promise<{code: number, out: string, errors: string}>}
 */
function run(script, { folder, home, programs = {}, args = [] }) {
  const bin = temporaryFolder("bin");
  for (const [name, body] of Object.entries(programs)) chmodSync(write(join(bin, name), `#!/bin/sh\n${body}\n`), 0o755);
  const env = { PATH: `${bin}${delimiter}${process.env.PATH}`, HOME: home, TMPDIR: folder };
  return new Promise((resolve) => {
    execFile("sh", ["-c", script, "sh", ...args], { cwd: folder, env, timeout: COMMAND }, (error, out, errors) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, out, errors });
    });
  });
}

/** @param {string} link @returns {Promise<Buffer>} */
async function fetched(link) {
  const answer = await fetch(link);
  assert.equal(answer.status, 200, "the link opens");
  return Buffer.from(await answer.arrayBuffer());
}

const PICTURE = png([200, 40, 90]);

for (const secret of [true, false]) {
  scene(`texts run as they stand, ${secret ? "with" : "without"} an upload secret`, secret ? { uploadSecret: SECRET } : {}, async (stage) => {
    const person = await stage.person();
    await arrive(person);
    const folder = temporaryFolder("tools");
    const home = temporaryFolder("home");
    write(join(folder, "photo.png"), PICTURE);
    assert.equal(await person.sees(PLACEHOLDER), secret, "the words of the secret");
    if (secret) chmodSync(write(join(home, ".netrc"), (await text(person, say("netrcLabel"))).replace(PLACEHOLDER, SECRET)), 0o600);
    const where = { folder, home };

    await person.unfold("curl");
    const sent = await run(await text(person, say("curlFile")), where);
    assert.match(sent.out, new RegExp(`^${stage.origin}/[\\w-]{43}\\.png\\n$`), sent.errors);
    assert.deepEqual(await fetched(sent.out.trim()), PICTURE);
    const piped = await run(await text(person, say("curlPipe")), { ...where, programs: { git: "echo '+ a line'" } });
    assert.equal((await fetched(piped.out.trim())).toString(), "+ a line\n", piped.errors);
    const put = await run(await text(person, say("curlPut")), where);
    assert.deepEqual(await fetched(put.out.trim()), PICTURE, put.errors);
    // With a cap there is a button in place of the file.
    const limited = await run(await text(person, say("curlLimits")), where);
    assert.equal((await fetch(limited.out.trim())).status, 403, limited.errors);

    await person.unfold("Flameshot");
    const script = await text(person, say("scriptLabel", { name: "Flameshot" }));
    const programs = {
      flameshot: `[ "$*" = "gui --raw" ] && cat '${join(folder, "photo.png")}'`,
      xclip: `[ "$*" = "-selection clipboard" ] && cat >'${join(folder, "clipboard")}'`,
      "notify-send": `echo "$1" >>'${join(folder, "notices")}'`,
    };
    const taken = await run(script, { ...where, programs });
    assert.equal(taken.code, 0, taken.errors);
    const clipboard = readFileSync(join(folder, "clipboard"), "utf8");
    assert.match(clipboard, new RegExp(`^${stage.origin}/[\\w-]{43}\\.png$`));
    assert.deepEqual(await fetched(clipboard), PICTURE);
    assert.equal(readFileSync(join(folder, "notices"), "utf8"), `${say("scriptDone")}\n`);
    const before = stage.road.travelled("POST", /./).length;
    assert.equal((await run(script, { ...where, programs: { ...programs, flameshot: "echo 'Screenshot aborted.'" } })).code, 0);
    assert.equal((await run(script, { ...where, programs: { ...programs, flameshot: "exit 1" } })).code, 0);
    assert.equal(stage.road.travelled("POST", /./).length, before, "nothing was taken, nothing is sent");

    await person.unfold("ksnip");
    const ksnip = await text(person, say("scriptLabel", { name: "ksnip" }));
    const odd = write(join(folder, "ksnip-tmp 1;2,3.png"), PICTURE);
    const uploaded = await run(ksnip, { ...where, args: [odd] });
    assert.deepEqual([uploaded.code, uploaded.errors], [0, ""], "ksnip takes anything on standard error for a failure");
    assert.deepEqual(await fetched(uploaded.out), PICTURE);
    if (secret) {
      const elsewhere = temporaryFolder("home");
      chmodSync(write(join(elsewhere, ".netrc"), "machine 127.0.0.1 login onekey password wrong\n"), 0o600);
      const refused = await run(ksnip, { folder, home: elsewhere, args: [odd] });
      assert.equal(refused.out, "", "what is in the clipboard stays");
      assert.ok(refused.code !== 0 && /secret/.test(refused.errors), refused.errors);
      const failed = await run(script, { folder, home: elsewhere, programs });
      assert.ok(failed.code !== 0 && readFileSync(join(folder, "notices"), "utf8").endsWith(`${say("scriptFailed")}\n`));
    }

    await person.unfold("ishare");
    const ishare = JSON.parse((await text(person, say("ishareLabel"))).replace(PLACEHOLDER, SECRET));
    const form = new FormData();
    for (const [name, value] of Object.entries(ishare.formData ?? {})) form.append(name, /** @type {string} */ (value));
    form.append(ishare.fileFormName, new Blob([PICTURE]), "ishare.png");
    const told = await (await fetch(ishare.requestURL, { method: "POST", headers: ishare.headers, body: form })).json();
    assert.deepEqual(await fetched(told[/^\{\{(\w+)\}\}$/.exec(ishare.responseURL)[1]]), PICTURE);

    await person.unfold("onekey");
    const commands = await text(person, say("onekeyLabel"));
    assert.ok(commands.includes(`ONEKEY_SERVER=${stage.origin}\n`), commands);
    assert.equal(commands.includes(PLACEHOLDER), secret);
  });
}

for (const browser of /** @type {const} */ (["chromium", "firefox"])) {
  scene(`${browser}: a copy button copies its text, and a file is saved as it stands`, {}, async (stage) => {
    const person = await stage.person({ browser });
    await arrive(person);
    // Where what was copied can be seen.
    await person.page.evaluate(() => {
      const field = document.createElement("textarea");
      field.setAttribute("aria-label", "pasted");
      document.body.append(field);
    });
    for (const [tool, labels] of Object.entries(TEXTS)) {
      await person.unfold(tool);
      for (const label of labels.map((key) => say(key))) {
        await person.press("button", say("copyNamed", { name: label }));
        await person.see(say("copied"));
        const field = await person.field("pasted");
        await field.evaluate((node) => (node.value = ""));
        await field.focus();
        await person.page.keyboard.down("Control");
        await person.page.keyboard.press("v");
        await person.page.keyboard.up("Control");
        const expected = await text(person, label);
        await until(`${label} in the clipboard`, async () => (await field.evaluate((node) => node.value)) === expected);
      }
    }
    await person.unfold("ishare");
    const before = person.downloaded();
    await person.press("link", say("saveAs", { name: "onekey.iscu" }));
    const path = await person.download(before);
    assert.equal(readFileSync(path, "utf8"), await text(person, say("ishareLabel")));
    assert.match(path, /\.iscu$/);
  });
}

scene("ShareX: its file is downloaded from the page, and means this server", { uploadSecret: SECRET }, async (stage) => {
  const person = await stage.person();
  await arrive(person);
  await person.unfold("ShareX");
  const before = person.downloaded();
  await person.press("link", say("shareXLink"));
  const path = await person.download(before);
  assert.match(path, /\.sxcu$/);
  const uploader = JSON.parse(readFileSync(path, "utf8"));
  assert.equal(uploader.RequestURL, `${stage.origin}/`);
  assert.equal(readFileSync(path, "utf8").includes(SECRET), false, "a secret");
});

scene("the page leads to the tools, and says so where plain files are not taken", { args: ["--direct", "off", "--max-size", "100MB"] }, async (stage) => {
  const person = await stage.person();
  await arriveToSend(person);
  // The limit comes from the same answer: when it is there, a link would be.
  await person.see(pattern("sizeLimit"));
  assert.equal(await person.sees(say("toolsHint")), false);
  await person.go("/tools");
  await person.see(say("toolsOffHeading"));
  await person.press("link", say("sendHeading"));
  await person.see(say("dropHere"));
  assert.equal((await fetch(`${stage.origin}/upload`)).status, 404);
});

scene("from the page that sends, the tools are one link away, and back", {}, async (stage) => {
  const person = await stage.person();
  await arriveToSend(person);
  await person.press("link", say("toolsHint"));
  await person.see(say("toolsHonest").slice(0, 30));
  await person.press("link", say("brand"));
  await person.see(say("sendHeading"));
});
