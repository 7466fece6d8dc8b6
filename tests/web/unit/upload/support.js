// What the tests of upload/ share: a browser without a screen. Its storage outlives a crash, its locks do not.

import { AsyncLocalStorage } from "node:async_hooks";
import { randomFillSync } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";

import { now } from "../../../../crates/server/web/upload/place.js";
import { send } from "../../../../crates/server/web/upload/send.js";
import { OnekeyError } from "../../../../crates/server/web/error.js";
import { Job } from "../../../../crates/server/web/worker/job.js";
import { Server } from "../../support/server.js";
import { loadBrotli } from "../../vectors/node.js";
import { Road } from "./road.js";

export { get } from "../../support/cli.js";
export { failure } from "../failure.js";
export { loadBrotli };

/** A server, and a road to it that breaks as a test says. @param {{args?: string[], uploadSecret?: string}} [options] */
export async function scene(options = {}) {
  const server = new Server(options);
  await server.start();
  const road = new Road(() => Number(server.port));
  await road.open();
  after(async () => {
    await road.close();
    await server.stop();
  });
  return { server, road, url: road.url };
}

/** What IndexedDB would hold: copies, as that makes them. */
export class Disk {
  uploads = new Map();
  parts = new Map();
  /** What was asked of it, in order. @type {string[]} */
  log = [];
  /** Makes every request fail, as in a private window. */
  broken = false;
  /** Only for these requests. @type {string[]} */
  breaks = [];
  /** Milliseconds until records are durable. */
  slow = 0;
}

/** Whose code runs. @type {AsyncLocalStorage<Tab>} */
const tabs = new AsyncLocalStorage();

const { fetch } = globalThis;
globalThis.fetch = (...given) => {
  if (tabs.getStore()?.alive === false) return Promise.reject(new TypeError("this tab is gone"));
  return fetch(...given);
};

/** A tab of a browser: until it crashes. */
export class Tab {
  alive = true;

  /** @param {string} server @param {Disk} [disk] @param {Set<string>} [held] locks of all tabs */
  constructor(server, disk = new Disk(), held = new Set()) {
    this.disk = disk;
    this.held = held;
    this.place = { server, now, states: this.#states(), locks: this.#locks() };
  }

  /** Nothing that it still does counts. */
  crash() {
    this.alive = false;
    this.held.clear();
  }

  /** The same browser after a crash or a reload. @param {string} [server] */
  again(server = String(this.place.server)) {
    return new Tab(server, this.disk, this.held);
  }

  /** @param {any} request */
  send(request, onProgress = () => {}) {
    const reports = [];
    const job = new Job((progress) => {
      reports.push(progress);
      onProgress(progress, job);
    });
    const sending = tabs.run(this, () => send({ ...PLAIN, ...request }, job, this.place));
    return Object.assign(sending, { job, reports });
  }

  #states() {
    const { disk } = this;
    const does = (name, work) => async (...given) => {
      if (!this.alive) throw new Error("this tab is gone");
      disk.log.push(name);
      if (disk.broken || disk.breaks.includes(name)) throw new OnekeyError("storage");
      await new Promise((resolve) => setTimeout(resolve, name === "record" ? disk.slow : 0));
      if (!this.alive) throw new Error("this tab is gone");
      return work(...given);
    };
    return {
      read: does("read", (id) => structuredClone(disk.uploads.get(id))),
      all: does("all", () => structuredClone([...disk.uploads.values()])),
      write: does("write", (state) => void disk.uploads.set(state.key, structuredClone(state))),
      records: does("records", (id) => structuredClone([...(disk.parts.get(id)?.values() ?? [])])),
      record: does("record", (id, records) => {
        const known = disk.parts.get(id) ?? new Map();
        disk.parts.set(id, known);
        for (const record of records) known.set(record.index, structuredClone(record));
        disk.log.push(...records.map(({ index }) => `recorded ${index}`));
      }),
      erase: does("erase", (id) => {
        disk.uploads.delete(id);
        disk.parts.delete(id);
      }),
      sweep: does("sweep", (seconds) => {
        for (const [id, { expiresAt }] of disk.uploads) if (expiresAt <= seconds) disk.uploads.delete(id);
      }),
    };
  }

  #locks() {
    const { held } = this;
    const isAlive = () => this.alive;
    return {
      async hold(id, work) {
        if (held.has(id)) throw new OnekeyError("in_use");
        held.add(id);
        try {
          return await work();
        } finally {
          if (isAlive()) held.delete(id);
        }
      },
      held: async () => new Set(held),
    };
  }
}

const PLAIN = {
  files: [], folders: [], title: null, note: null, expiresIn: 3_600, maxDownloads: null, password: null, uploadSecret: null,
  compress: true, continues: null,
};

/** @param {number} length */
export function random(length) {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) randomFillSync(bytes, at, Math.min(65_536, length - at));
  return bytes;
}

/** @param {string} path @param {Uint8Array | string} content */
export const source = (path, content, options = {}) => ({
  path,
  file: new File([content], path.split("/").at(-1) ?? "", { type: "text/plain", lastModified: 1_700_000_000_000, ...options }),
});

/** A file that the disk has no more, or another one under its name. @param {string} path @param {Uint8Array} content @param {number} readable bytes */
export function vanishing(path, content, readable) {
  const found = source(path, content);
  const { slice } = found.file;
  found.file.slice = (from, to) => {
    if (to <= readable) return slice.call(found.file, from, to);
    const gone = new Blob();
    gone.arrayBuffer = () => Promise.reject(new DOMException("changed", "NotReadableError"));
    return gone;
  };
  return found;
}

/** The files and empty folders below a folder. @param {string} folder @returns {Map<string, Buffer | null>} */
export function tree(folder, below = "") {
  const found = new Map();
  for (const name of readdirSync(join(folder, below))) {
    const path = below ? `${below}/${name}` : name;
    if (!statSync(join(folder, path)).isDirectory()) found.set(path, readFileSync(join(folder, path)));
    else {
      const inside = tree(folder, path);
      if (inside.size === 0) found.set(path, null);
      for (const [name, content] of inside) found.set(name, content);
    }
  }
  return found;
}

/** Waits until something is so. @param {() => unknown} look */
export async function until(look, milliseconds = 60_000) {
  const end = Date.now() + milliseconds;
  while (!(await look())) {
    if (Date.now() > end) throw new Error("it never came about");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What breaks off an upload in the middle: the tab is gone, and the server hears nothing of that. */
export async function crash(tab, sending, road) {
  await road.cut();
  tab.crash();
  sending.job.cancel();
  sending.catch(() => {});
  await road.open();
  return tab.again();
}

/** @param {string} path */
