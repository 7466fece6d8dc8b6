// Sending and opening without a mouse: Tab, Enter, Space and the arrows reach everything, in the order it is read, and the
// focus is never lost.

import assert from "node:assert/strict";
import { join } from "node:path";

import { lines, write } from "../support/files.js";
import { digestOf } from "../support/person.js";
import { temporaryFolder } from "../support/programs.js";
import { scene } from "../support/scene.js";
import { arriveToSend, links, say, seeSaved } from "../support/steps.js";
import { PATIENCE, until } from "../support/wait.js";

/** Most presses of Tab until something must have the focus. */
const MOST = 40;

/** What has the focus, in words. @param {import("../support/person.js").Person} person */
const focus = (person) =>
  person.page.evaluate(() => {
    const node = document.activeElement;
    const label = node.getAttribute("aria-label") ?? (node.labels?.length ? node.labels[0].textContent : node.innerText ?? "");
    const box = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    return {
      tag: node.tagName.toLowerCase(),
      name: label.replace(/\s+/g, " ").trim(),
      seen: node === document.body || (box.width > 0 && (style.outlineStyle !== "none" || style.boxShadow !== "none")),
    };
  });

/** Presses Tab until something has the focus; all that has it on the way must show it. @param {import("../support/person.js").Person} person @param {string | RegExp} name */
async function tabTo(person, name) {
  const passed = [];
  for (let press = 0; press < MOST; press += 1) {
    await person.page.keyboard.press("Tab");
    const now = await focus(person);
    passed.push(now.name || now.tag);
    assert.ok(now.seen, `the focus on ${now.tag} ${now.name} can be seen`);
    if (typeof name === "string" ? now.name === name : name.test(now.name)) return passed;
  }
  throw new Error(`Tab does not reach ${name}; it passed ${passed.join(", ")}`);
}

scene("a person with a keyboard only sends and opens; the focus follows", {}, async (stage) => {
  const sender = await stage.person();
  await arriveToSend(sender);
  const order = await tabTo(sender, say("pickFiles"));
  assert.equal(order[0], say("skipToContent"), "the first stop leads to the content");
  await tabTo(sender, say("writeText"));
  await sender.page.keyboard.press("Enter");
  await until("the focus in the dialog", async () => (await focus(sender)).name === say("textField") || (await focus(sender)).name === say("textName"));
  if ((await focus(sender)).name !== say("textField")) await tabTo(sender, say("textField"));
  await sender.page.keyboard.type("written by keyboard");
  await tabTo(sender, say("textAdd"));
  await sender.page.keyboard.press("Enter");
  await sender.see(say("listHeading"));
  assert.equal((await focus(sender)).name, say("listHeading"), "a new state has the focus at its heading");

  await tabTo(sender, new RegExp(`^${say("options")}`));
  await sender.page.keyboard.press("Enter");
  await tabTo(sender, say("optionTitle"));
  await sender.page.keyboard.type("Keys only");
  await tabTo(sender, say("send"));
  await sender.page.keyboard.press("Enter");
  const { link } = await links(sender);

  const receiver = await stage.person();
  await receiver.go(link);
  await receiver.see("Keys only");
  await tabTo(receiver, new RegExp(`^${say("saveFile")}`));
  await receiver.page.keyboard.press(" ");
  await seeSaved(receiver);
  assert.equal((await focus(receiver)).name, say("savedHeading"));
  const path = write(join(temporaryFolder("files"), "text.txt"), "written by keyboard");
  assert.equal(digestOf(await receiver.download()), digestOf(path));
});

scene("Escape closes a question, and the focus is back where it was", {}, async (stage) => {
  const person = await stage.person();
  await arriveToSend(person);
  await person.pick(say("pickFiles"), [write(join(temporaryFolder("files"), "a.txt"), lines(100))]);
  await person.see(say("listHeading"));
  await tabTo(person, say("rename", { name: "a.txt" }));
  await person.page.keyboard.press("Enter");
  await until("the question", async () => (await focus(person)).name === say("renameField"), PATIENCE);
  await person.page.keyboard.press("Escape");
  await until("the focus back", async () => (await focus(person)).name === say("rename", { name: "a.txt" }), PATIENCE);
});
