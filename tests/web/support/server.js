// The real `onekey-server` on a free port with a folder of its own. Its log is kept.

import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { execFileSync } from "node:child_process";

import * as programs from "./programs.js";
import { bounded } from "./wait.js";

/** Longest a server may take to start or to end; its drain has 30 seconds. */
const PATIENCE = 60_000;

/** What may be handed on from our environment: the page from a folder, and its modules. */
const HANDED_ON = ["ONEKEY_WEB_DIR", "ONEKEY_WEB_MODULES"];

export class Server {
  /** Everything it ever wrote, over all starts. */
  log = "";
  /** @type {import("node:child_process").ChildProcess | null} */
  #child = null;

  /** @param {{args?: string[], uploadSecret?: string}} [options] */
  constructor({ args = [], uploadSecret } = {}) {
    this.args = args;
    this.uploadSecret = uploadSecret;
    this.folder = programs.temporaryFolder("server");
    this.data = join(this.folder, "data");
  }

  /** Starts it, and returns its port. */
  async start() {
    const environment = Object.fromEntries(HANDED_ON.filter((name) => process.env[name]).map((name) => [name, process.env[name]]));
    if (this.uploadSecret) environment.UPLOAD_SECRET = this.uploadSecret;
    const args = ["--listen", "127.0.0.1:0", "--data", this.data, "--free-floor", "64MiB", ...this.args];
    const child = spawn(programs.server(), args, { env: environment, cwd: this.folder, stdio: ["ignore", "ignore", "pipe"] });
    this.#child = child;
    process.once("exit", () => child.kill("SIGKILL"));
    const from = this.log.length;
    const started = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (code) => reject(new Error(`the server ended with ${code}:\n${this.log}`)));
      child.stderr.on("data", (data) => {
        this.log += data;
        const line = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(this.log.slice(from));
        if (line) resolve(Number(line[1]));
      });
    });
    this.port = await bounded("the server's start line", started, PATIENCE);
    return this.port;
  }

  get pid() {
    return this.#child?.pid;
  }

  /** Ends it: in order, or as a crash would. @param {"SIGTERM" | "SIGKILL"} [signal] */
  async stop(signal = "SIGTERM") {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await bounded("the server's end", ended, PATIENCE);
  }

  /** Paths of all payloads on the disk. */
  blobs() {
    return filesBelow(join(this.data, "blobs"));
  }

  /** The one payload of a server that has one. */
  blob() {
    const blobs = this.blobs().filter((path) => statSync(path).size > 0);
    if (blobs.length !== 1) throw new Error(`there are ${blobs.length} blobs`);
    return blobs[0];
  }

  /** Every file of its data folder: blobs, database, and what else there is. */
  files() {
    return filesBelow(this.data);
  }

  /** Runs one statement on the database of a server that is stopped, for time that cannot be waited for. @param {string} sql */
  sql(sql) {
    if (this.#child) throw new Error("stop the server first");
    const script = "import sqlite3,sys\nd=sqlite3.connect(sys.argv[1])\nd.execute(sys.argv[2])\nd.commit()\nd.close()";
    execFileSync(programs.python(), ["-c", script, join(this.data, "onekey.db"), sql], { timeout: PATIENCE });
  }
}

/** @param {string} folder @returns {string[]} */
export function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
