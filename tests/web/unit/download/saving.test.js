// Which way is taken, in pages that can do more or less.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { OnekeyError } from "../../../../crates/server/web/error.js";
import { failure, reloaded } from "./stage.js";

// The address of a Blob stands for minutes; Node would wait for that.
const { setTimeout: later } = globalThis;
globalThis.setTimeout = (work, wait, ...more) => (wait > 60_000 ? later(work, wait, ...more).unref() : later(work, wait, ...more));

const MIB = 1 << 20;
const opened = { id: 7, manifest: { files: [] }, size: 0, expiresAt: null, downloadsLeft: null, granted: false };

/** @type {any} */
let saves;
/** @type {any[]} */
let clicks;
/** What the engine's save gives. @type {(request: any, onProgress: any) => Promise<any>} */
let outcome;
const engine = {
  save(request, onProgress) {
    saves.push(request);
    return { done: outcome(request, onProgress), pause() {}, resume() {}, cancel: () => saves.push("cancel") };
  },
};

beforeEach(() => {
  saves = [];
  clicks = [];
  outcome = async ({ to }) => ({ blob: to.kind === "memory" ? new Blob(["x"]) : null, bytes: 1 });
  globalThis.document = {
    createElement: () => ({ click() { clicks.push({ href: this.href, download: this.download }); }, remove() {} }),
    body: { append() {} },
  };
});
afterEach(() => {
  delete globalThis.showSaveFilePicker;
  delete globalThis.document;
  Object.defineProperty(globalThis, "navigator", { value: undefined, configurable: true, writable: true });
});

/** Modules that remember nothing of another test. */
async function page() {
  const { startSaving, savingLimit } = await reloaded(["download/saving.js"]);
  const start = (size, more = {}) =>
    startSaving({ engine, opened, files: [0], whole: true, as: "file", name: "a/b.txt", size, ...more }, () => {});
  return { start, savingLimit };
}

test("small files are gathered and clicked, also where there is a dialog", async () => {
  globalThis.showSaveFilePicker = () => assert.fail("no dialog");
  const { start } = await page();
  await (await start(32 * MIB)).done;
  assert.deepEqual(saves, [{ opened: 7, files: [0], whole: true, as: "file", to: { kind: "memory", type: "application/octet-stream" } }]);
  assert.equal(clicks.length, 1);
  assert.match(clicks[0].href, /^blob:/);
  assert.equal(clicks[0].download, "b.txt");
});

test("large ones go where the dialog says, which is opened within the click", async () => {
  const handle = { kind: "file" };
  let asked = null;
  globalThis.showSaveFilePicker = async (options) => ((asked = options), handle);
  const { start, savingLimit } = await page();
  assert.deepEqual(await savingLimit(), { way: "picker", limit: null });
  const starting = start(33 * MIB);
  assert.equal(asked.suggestedName, "b.txt", "before anything is waited for");
  await (await starting).done;
  assert.deepEqual(saves[0].to, { kind: "handle", handle });
});

test("a dialog that was closed spends nothing", async () => {
  globalThis.showSaveFilePicker = async () => {
    throw new DOMException("closed", "AbortError");
  };
  const { start } = await page();
  assert.equal(await start(33 * MIB), null);
  assert.equal(saves.length, 0);
});

test("a name that the dialog refuses is left out; a dialog that does not open is no end", async () => {
  const asked = [];
  globalThis.showSaveFilePicker = async (options) => {
    asked.push(options.suggestedName);
    if (options.suggestedName) throw new TypeError("dangerous");
    return { kind: "file" };
  };
  await (await (await page()).start(33 * MIB)).done;
  assert.deepEqual(asked, ["b.txt", undefined]);
  saves = [];
  globalThis.showSaveFilePicker = async () => {
    throw new DOMException("no", "SecurityError");
  };
  await (await (await page()).start(33 * MIB)).done;
  assert.equal(saves[0].to.kind, "memory");
});

test("T9 where nothing streams, the limit is said, and more is refused before anything is spent", async () => {
  const { start, savingLimit } = await page();
  assert.deepEqual(await savingLimit(), { way: "memory", limit: 256 * MIB });
  const error = await start(256 * MIB + 1).catch((error) => error);
  assert.equal(error.code, "too_large_for_memory");
  assert.equal(error.detail, 256 * MIB);
  assert.equal(saves.length, 0);
  await (await start(256 * MIB)).done;
  assert.equal(saves[0].to.kind, "memory");
});

/** A service worker that is there; `asked` says whether the browser asks for what was clicked. */
function serviceWorker({ asked }) {
  const messages = [];
  const worker = {
    state: "activated",
    addEventListener() {},
    postMessage(data, ports = []) {
      messages.push(data);
      if (data === "there?") ports[0].postMessage("there");
      if (data.offer) {
        ports[1].postMessage("ready");
        if (asked) setTimeout(() => ports[1].postMessage("started"), 20);
      }
    },
  };
  const container = { register: async () => ({ active: worker }), addEventListener() {}, removeEventListener() {}, startMessages() {} };
  Object.defineProperty(globalThis, "navigator", { value: { serviceWorker: container }, configurable: true, writable: true });
  globalThis.addEventListener ??= () => {};
  globalThis.removeEventListener ??= () => {};
  return { messages, container };
}

test("T11 else through the service worker: a clicked link, whose address says no name (T34)", async () => {
  const { messages } = serviceWorker({ asked: true });
  outcome = async (_, onProgress) => {
    onProgress({ state: "saving", done: 0, total: 5 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { blob: null, bytes: 5 };
  };
  const { start, savingLimit } = await page();
  assert.deepEqual(await savingLimit(), { way: "stream", limit: null });
  await (await start(33 * MIB)).done;
  assert.equal(saves[0].to.kind, "port");
  assert.equal(clicks.length, 1);
  assert.match(clicks[0].href, /\/download\/[A-Za-z0-9_-]{22}$/);
  const offer = messages.find(({ offer }) => offer);
  assert.equal(offer.name, "b.txt");
  assert.equal(offer.size, 5, "the true length, as the worker said");
});

test("no link is clicked before there are verified bytes", async () => {
  serviceWorker({ asked: true });
  outcome = async (_, onProgress) => {
    onProgress({ state: "preparing", done: 0, total: 5 });
    throw new OnekeyError("used_up");
  };
  const { start } = await page();
  assert.equal(await failure((await start(33 * MIB)).done), "used_up");
  assert.equal(clicks.length, 0);
});

test("T15 T27 what the browser never asks for goes another way, by the same opening", async (t) => {
  serviceWorker({ asked: false });
  outcome = async ({ to }, onProgress) => {
    if (to.kind === "memory") return { blob: new Blob(["x"]), bytes: 1 };
    onProgress({ state: "saving", done: 0, total: 5 });
    return new Promise(() => {});
  };
  const { start } = await page();
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const starting = start(33 * MIB);
  for (let n = 0; n < 50; n += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (clicks.length > 0) t.mock.timers.tick(30_000);
  }
  await (await starting).done;
  assert.deepEqual(saves.map((save) => save.to?.kind ?? save), ["port", "cancel", "memory"]);
  assert.ok(saves.every((save) => save === "cancel" || save.opened === 7));
});

test("a service worker that cannot be registered is none", async () => {
  const { container } = serviceWorker({ asked: true });
  container.register = async () => {
    throw new DOMException("private window", "SecurityError");
  };
  const { savingLimit } = await page();
  assert.deepEqual(await savingLimit(), { way: "memory", limit: 256 * MIB });
});
