// A person with a browser: finds things by what they are and are called, clicks, types, chooses files, waits.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

import { launch, newProfile } from "./browser.js";
import { PATIENCE, TRANSFER, bounded, pause, until } from "./wait.js";
import { Watch } from "./watch.js";

/** Bytes of a saved file that are carried out of the browser at once. */
const CARRY = 3 << 20;

/** Endings of files that a browser has not finished. */
const UNFINISHED = /\.(crdownload|part)$/;

/** How long a finished file must keep its name, in milliseconds: Firefox renames a small one after it was written. */
const SETTLED = 300;

/**
 * Where what is saved goes. `download`: no picker, as in Firefox and Safari. `picker`: the picker gives a file of the
 * origin's private file system, which is the only thing in the page that is replaced.
 * @typedef {"download" | "picker"} Saving
 */

export class Person {
  watch = new Watch();
  /** Kinds of questions that the browser asked. @type {string[]} */
  questions = [];
  /** What to answer them: leave, or stay. */
  leaves = true;

  /**
   * @param {{origin: string, trapPort: number, browser?: "chromium" | "firefox", saving?: Saving, language?: string,
   *   profile?: ReturnType<typeof newProfile>, measured?: boolean, scripts?: boolean}} options `scripts`: whether pages may run any
   */
  constructor({ origin, trapPort, browser = "chromium", saving = "download", language = "en-US", profile = newProfile(), measured = false, scripts = true }) {
    this.origin = origin;
    this.trapPort = trapPort;
    this.kind = browser;
    this.saving = saving;
    this.language = language;
    this.profile = profile;
    this.measured = measured;
    this.scripts = scripts;
  }

  async arrive() {
    this.browser = await launch(this.kind, this.profile, { proxyPort: this.trapPort, language: this.language, measured: this.measured });
    this.page = (await this.browser.pages())[0] ?? (await this.browser.newPage());
    await this.#prepare(this.page);
    return this;
  }

  /** @param {import("puppeteer-core").Page} page */
  async #prepare(page) {
    if (!this.scripts) await page.setJavaScriptEnabled(false);
    await this.watch.page(page, [this.origin, new URL(this.origin).origin]);
    page.on("dialog", (dialog) => {
      this.questions.push(dialog.type());
      (this.leaves ? dialog.accept() : dialog.dismiss()).catch(() => {});
    });
    if (this.saving === "picker") await page.evaluateOnNewDocument(replacePicker);
    else await page.evaluateOnNewDocument(() => Reflect.deleteProperty(window, "showSaveFilePicker"));
  }

  /** Another tab of the same browser, in front. */
  async newTab() {
    const other = Object.create(this);
    other.page = await this.browser.newPage();
    await this.#prepare(other.page);
    return other;
  }

  /** Ends the browser: in order, or as a crash does. @param {{crash?: boolean}} [how] */
  async leave({ crash = false } = {}) {
    const browser = this.browser;
    this.browser = undefined;
    if (!browser) return;
    const process = browser.process();
    const ended = new Promise((resolve) => (process.exitCode !== null ? resolve(null) : process.once("exit", resolve)));
    if (crash) process.kill("SIGKILL");
    else await bounded("the browser's end", browser.close()).catch(() => process.kill("SIGKILL"));
    await bounded("the browser's end", ended);
  }

  /** @param {string} address whole, or a path on the server */
  async go(address) {
    const url = new URL(address, this.origin).href;
    // Only the fragment differs: a person who pastes such an address gets no new page, but a reader who clicks a link does.
    if (this.page.url().split("#")[0] === url.split("#")[0]) await this.page.goto("about:blank");
    await this.page.goto(url, { timeout: PATIENCE, waitUntil: "load" });
  }

  async reload() {
    await this.page.reload({ timeout: PATIENCE, waitUntil: "load" });
  }

  /** All that can be read on the page. */
  words() {
    return this.page.evaluate(() => document.body.innerText);
  }

  /** Waits until something can be read. @param {string | RegExp} text @param {number} [patience] */
  async see(text, patience) {
    await until(`the words ${text}`, async () => fits(await this.words(), text), patience, () => this.words());
  }

  /** Waits until something can no longer be read. @param {string | RegExp} text @param {number} [patience] */
  async seeGone(text, patience) {
    await until(`no words ${text}`, async () => !fits(await this.words(), text), patience, () => this.words());
  }

  /** @param {string | RegExp} text */
  async sees(text) {
    return fits(await this.words(), text);
  }

  /**
   * Waits for something by its role and name, and returns it.
   * @param {string} role @param {string | RegExp} name @param {number} [patience]
   */
  async find(role, name, patience) {
    return until(`${role} ${name}`, () => this.findNow(role, name), patience, () => this.words());
  }

  /** @param {string} role @param {string | RegExp} name */
  async findNow(role, name) {
    const exact = typeof name === "string";
    const found = await this.page.$$(exact ? `aria/${name}[role="${role}"]` : `aria/[role="${role}"]`);
    for (const element of found) {
      if (!(await element.evaluate(visible))) continue;
      if (exact || name.test(await element.evaluate(nameOf))) return element;
    }
    return null;
  }

  /** Waits for something that can be pressed, and presses it with the mouse. @param {string} role @param {string | RegExp} name @param {number} [patience] */
  async press(role, name, patience) {
    await until(`${role} ${name} to press`, async () => {
      const element = await this.findNow(role, name);
      if (!element || !(await element.evaluate((node) => !node.matches(":disabled,[aria-disabled=true]")))) return false;
      await element.evaluate((node) => node.scrollIntoView({ block: "center" }));
      await element.click();
      return true;
    }, patience, () => this.words());
  }

  /** Puts text into a field, in place of what is there. @param {string | RegExp} name @param {string} text */
  async fill(name, text) {
    const field = await until(`field ${name}`, async () => (await this.findNow("textbox", name)) ?? (await this.field(name)), undefined, () => this.words());
    await field.evaluate((node) => node.scrollIntoView({ block: "center" }));
    await field.click({ count: 3 });
    await this.page.keyboard.press("Backspace");
    await field.type(text);
  }

  /** A visible form field by its label: some have no role of their own. @param {string | RegExp} name */
  async field(name) {
    for (const element of await this.page.$$("input, select, textarea")) {
      if (!(await element.evaluate(visible))) continue;
      const label = await element.evaluate(nameOf);
      if (typeof name === "string" ? label === name : name.test(label)) return element;
    }
    return null;
  }

  /** Opens what is folded away, unless it is open. @param {string} name */
  async unfold(name) {
    await until(`${name} to unfold`, async () => {
      for (const element of await this.page.$$("summary")) {
        if (!(await element.evaluate((node, text) => node.textContent.includes(text), name))) continue;
        if (await element.evaluate((node) => node.parentElement.open)) return true;
        await element.click();
      }
      return false;
    }, undefined, () => this.words());
  }

  /** Folds it away again. @param {string} name */
  async fold(name) {
    for (const element of await this.page.$$("details[open] > summary")) {
      if (await element.evaluate((node, text) => node.textContent.includes(text), name)) await element.click();
    }
  }

  /** Chooses in a list of choices. @param {string | RegExp} name @param {string} choice text of the choice */
  async choose(name, choice) {
    const list = await until(`choices ${name}`, () => this.field(name), undefined, () => this.words());
    const value = await list.evaluate((node, text) => [...node.options].find((option) => option.text.trim() === text)?.value, choice);
    if (value === undefined) throw new Error(`no choice ${choice}`);
    await list.select(value);
  }

  /** Presses what opens the browser's file dialog, and chooses there. @param {string | RegExp} button @param {string[]} paths */
  async pick(button, paths) {
    const element = await this.find("button", button);
    await element.evaluate((node) => node.scrollIntoView({ block: "center" }));
    const [dialog] = await Promise.all([this.page.waitForFileChooser({ timeout: PATIENCE }), element.click()]);
    await dialog.accept(paths);
  }

  /** Drops files and folders onto the page (Chromium only: no other browser lets itself be driven so). @param {string[]} paths */
  async drop(paths) {
    const session = await this.page.createCDPSession();
    const { x, y } = await this.page.evaluate(() => ({ x: innerWidth / 2, y: Math.min(innerHeight / 2, 300) }));
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    for (const type of /** @type {const} */ (["dragEnter", "dragOver", "drop"])) await session.send("Input.dispatchDragEvent", { type, x, y, data });
    await session.detach();
  }

  /** Whether the browser is saving something into its folder. */
  isDownloading() {
    return readdirSync(this.profile.downloads).some((name) => UNFINISHED.test(name));
  }

  /** Names of what the browser has finished saving into its folder. */
  downloaded() {
    const names = readdirSync(this.profile.downloads);
    return names.filter((name) => !UNFINISHED.test(name) && !names.includes(`${name}.part`) && !this.#isPlaceholder(name, names));
  }

  /**
   * Browsers make an empty file of the final name beside the one that they fill: Firefox from the beginning, Chromium for
   * the moment before it renames.
   * @param {string} name @param {string[]} names
   */
  #isPlaceholder(name, names) {
    return names.some((other) => UNFINISHED.test(other)) && statSync(join(this.profile.downloads, name)).size === 0;
  }

  /** Waits for one more finished download than `before`, and returns its path. @param {string[]} [before] @param {number} [patience] */
  async download(before = [], patience = TRANSFER) {
    const found = () => this.downloaded().find((one) => !before.includes(one));
    const settled = async () => {
      const name = found();
      await pause(SETTLED);
      return name === found() && name;
    };
    const name = await until("a finished download", settled, patience,
      async () => `${readdirSync(this.profile.downloads)} in the folder; ${await this.words()}`);
    return join(this.profile.downloads, name);
  }

  /** What the picker gave so far: suggested names and sizes now. @returns {Promise<{name: string, size: number}[]>} */
  async picked() {
    return this.page.evaluate(async () => {
      const found = [];
      for (const { name, handle } of window.pickedByTest ?? []) {
        // A page that failed may remove it.
        const file = await handle.getFile().catch(() => null);
        found.push({ name, size: file?.size ?? 0 });
      }
      return found;
    });
  }

  /** Waits until what the picker gave has so many bytes, and returns its SHA-256. @param {number} index @param {number} size */
  async pickedDigest(index, size) {
    await until(`${size} bytes in the picked file`, async () => (await this.picked())[index]?.size === size, TRANSFER, async () => JSON.stringify(await this.picked()));
    return this.page.evaluate(async (at) => {
      const file = await window.pickedByTest[at].handle.getFile();
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    }, index);
  }

  /** The bytes of what the picker gave. @param {number} index */
  async pickedBytes(index) {
    const { size } = (await this.picked())[index];
    const pieces = [];
    for (let at = 0; at < size; at += CARRY) {
      const text = await this.page.evaluate(async (which, from, to) => {
        const file = await window.pickedByTest[which].handle.getFile();
        const url = await new Promise((resolve) => {
          const reader = new FileReader();
          reader.onload = () => resolve(reader.result);
          reader.readAsDataURL(file.slice(from, to));
        });
        return url.slice(url.indexOf(",") + 1);
      }, index, at, at + CARRY);
      pieces.push(Buffer.from(text, "base64"));
    }
    return Buffer.concat(pieces);
  }
}

/** Replaces the save picker by one that gives files of the origin's private file system, which tests can read back. */
function replacePicker() {
  window.pickedByTest = [];
  window.showSaveFilePicker = async ({ suggestedName = "unnamed" } = {}) => {
    // As the real one: a person must have pressed something.
    if (!navigator.userActivation.isActive) throw new DOMException("no user activation", "SecurityError");
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(`picked-${crypto.randomUUID()}`, { create: true });
    const handle = await folder.getFileHandle(suggestedName, { create: true });
    window.pickedByTest.push({ name: suggestedName, handle });
    return handle;
  };
}

/** @param {Element} node */
function visible(node) {
  return node.checkVisibility({ visibilityProperty: true, opacityProperty: false });
}

/** The name as a screen reader would say it, near enough. @param {Element} node */
function nameOf(node) {
  const by = node.getAttribute("aria-labelledby");
  if (by) return by.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
  const label = node.getAttribute("aria-label") ?? (node.labels?.length ? [...node.labels].map((one) => one.textContent).join(" ") : node.innerText);
  return (label ?? "").replace(/\s+/g, " ").trim();
}

/** @param {string} words @param {string | RegExp} text */
const fits = (words, text) => (typeof text === "string" ? words.includes(text) : text.test(words));

/** @param {string} path */
export const digestOf = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");
