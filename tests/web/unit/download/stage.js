// What the tests of download/ share: a real server with shares of the real CLI, a road in front of it that breaks in ways of
// our choice, a target that remembers, and a database in memory in place of the browser's.

import { cpSync, writeFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { after } from "node:test";
import { pathToFileURL } from "node:url";

import { open } from "../../../../crates/server/web/download/open.js";
import { save } from "../../../../crates/server/web/download/save.js";
import { Job } from "../../../../crates/server/web/worker/job.js";
import { onekey, put } from "../../support/cli.js";
import { ROOT, temporaryFolder } from "../../support/programs.js";
import { Server } from "../../support/server.js";

export { loadBrotli } from "../../vectors/node.js";
export { failure } from "../failure.js";

const WEB = join(ROOT, "crates/server/web");

/** Starts a server for the file's tests. @param {string[]} [args] */
export async function startServer(args = []) {
  const server = new Server({ args });
  const port = await server.start();
  after(() => server.stop());
  return { server, port, url: `http://127.0.0.1:${port}` };
}

/** @param {string} url @param {string[]} args @param {{environment?: Record<string, string>, cwd?: string}} [options] */
export async function share(url, args, options) {
  const made = await put(url, args, options);
  return { ...made, key: made.link.slice(made.link.indexOf("#") + 1) };
}

/** Downloads that were taken, as the sender sees it. @param {{manage_link: string}} share */
export async function taken({ manage_link }) {
  const { out, errors } = await onekey(["info", "--json", manage_link]);
  if (!out) throw new Error(errors);
  return JSON.parse(out).links[0].downloads;
}

/** A handle of a file that remembers what was done to it, as the File System API would. */
export function fileTarget() {
  const target = {
    /** @type {Uint8Array[]} */ pieces: [], closed: false, aborted: false, removed: false, failAt: Infinity,
    get bytes() {
      return Buffer.concat(target.pieces);
    },
    kind: "file",
    async createWritable() {
      return {
        async write(/** @type {Uint8Array} */ bytes) {
          if (target.pieces.length >= target.failAt) throw new DOMException("full", "QuotaExceededError");
          target.pieces.push(bytes.slice());
        },
        async close() {
          target.closed = true;
        },
        async abort() {
          target.aborted = true;
        },
      };
    },
    async getFile() {
      return { size: 0 };
    },
    async remove() {
      target.removed = true;
    },
  };
  return target;
}

/** Opens a link and saves it. Gives all that can be seen of it. */
export async function got(url, key, { files, whole = true, as = "zip", password = null, target = fileTarget(), onProgress } = {}) {
  const opened = await open({ key, password }, null, url);
  const job = new Job((progress) => {
    reports.push(progress);
    onProgress?.(progress, job);
  });
  const reports = [];
  const request = { opened: opened.id, files: files ?? opened.manifest.files.map((_, index) => index), whole, as };
  const outcome = { opened, target, reports, error: null, saved: null, job };
  try {
    outcome.saved = await save({ ...request, to: { kind: "handle", handle: target } }, job, url);
  } catch (error) {
    outcome.error = error;
  }
  return outcome;
}

/**
 * A road to the server. `change(request, answer, incoming)` may do with an answer of the payload what it wants, and returns
 * whether it did.
 */
export class Road {
  /** @type {{method: string, url: string, range: string | undefined}[]} */
  seen = [];
  change = () => false;
  /** Payloads that are being answered. */
  running = 0;

  async open(port) {
    this.http = http.createServer((request, answer) => {
      this.seen.push({ method: request.method, url: request.url, range: request.headers.range });
      answer.on("error", () => {});
      this.running += request.url.endsWith("/payload") ? 1 : 0;
      answer.on("close", () => (this.running -= request.url.endsWith("/payload") ? 1 : 0));
      const out = http.request({ host: "127.0.0.1", port, path: request.url, method: request.method, headers: request.headers }, (incoming) => {
        incoming.on("error", () => answer.destroy());
        if (request.url.endsWith("/payload") && this.change(request, answer, incoming)) return;
        answer.writeHead(incoming.statusCode, incoming.headers);
        incoming.pipe(answer);
      });
      out.on("error", () => answer.destroy());
      answer.on("close", () => out.destroy());
      request.pipe(out);
    });
    await new Promise((resolve) => this.http.listen(0, "127.0.0.1", resolve));
    after(() => {
      this.http.closeAllConnections();
      this.http.close();
    });
    this.url = `http://127.0.0.1:${this.http.address().port}`;
    return this;
  }

  payloads() {
    return this.seen.filter(({ method, url }) => method === "GET" && url.endsWith("/payload"));
  }

  grants() {
    return this.seen.filter(({ url }) => url.endsWith("/grants")).length;
  }
}

/** Passes an answer with its bytes changed, and cut off after `end`. @param {(bytes: Buffer, at: number) => Buffer} change */
export function passed(answer, incoming, { change = (bytes) => bytes, end = Infinity, status, headers = {} } = {}) {
  let at = 0;
  answer.writeHead(status ?? incoming.statusCode, { ...incoming.headers, ...headers });
  answer.flushHeaders();
  incoming.on("data", (data) => {
    const bytes = change(data, at);
    const left = end - at;
    at += data.length;
    if (left > bytes.length) return answer.write(bytes);
    incoming.removeAllListeners();
    incoming.on("error", () => {}).resume();
    // All that was let through must arrive before the line breaks.
    answer.write(bytes.subarray(0, Math.max(left, 0)), () => setTimeout(() => answer.socket?.destroy(), 20));
  });
  incoming.on("end", () => answer.end());
  return true;
}

/** IndexedDB as far as store/database.js uses it. */
export function installDatabase() {
  const stores = new Map(["uploads", "parts", "grants", "settings"].map((name) => [name, new Map()]));
  const request = (result) => ({ result });
  const text = (key) => JSON.stringify(key);
  const store = (name) => ({
    get: (key) => request(structuredClone(stores.get(name).get(text(key)))),
    getAll: () => request([...stores.get(name).values()].map((value) => structuredClone(value))),
    put: (value) => request(void stores.get(name).set(text(value.key), structuredClone(value))),
    delete: (key) => request(void stores.get(name).delete(text(key))),
  });
  const database = {
    close() {},
    transaction(name) {
      const running = { objectStore: () => store(name), oncomplete: null };
      setTimeout(() => running.oncomplete?.());
      return running;
    },
  };
  globalThis.indexedDB = {
    open() {
      const opening = { result: database };
      setTimeout(() => opening.onsuccess());
      return opening;
    },
  };
  return stores;
}

/**
 * What a reload does: the page's modules anew, which remember nothing. The browser's storage stays.
 * @param {string[]} [paths]
 * @returns {Promise<any>} what they export
 */
export async function reloaded(paths = ["download/open.js", "download/save.js", "worker/job.js"]) {
  const folder = join(temporaryFolder("page"), "web");
  cpSync(WEB, folder, { recursive: true, filter: (path) => !path.includes("node_modules") });
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  const load = (/** @type {string} */ path) => import(pathToFileURL(join(folder, path)).href);
  const parts = await Promise.all(paths.map(load));
  return Object.assign({}, ...parts);
}
