// The real `onekey`, as the other implementation that the page must understand, and be understood by.

import { spawn } from "node:child_process";

import * as programs from "./programs.js";

/** Longest one command may take; a debug build takes a second for a password. */
const PATIENCE = 60_000;

/**
 * @param {string[]} args @param {{environment?: Record<string, string>, cwd?: string, input?: string}} [options]
 * @returns {Promise<{code: number, out: string, errors: string}>}
 */
export function onekey(args, { environment = {}, cwd, input = "" } = {}) {
  const home = programs.temporaryFolder("home");
  return new Promise((resolve, reject) => {
    const child = spawn(programs.cli(), args, {
      cwd: cwd ?? home, timeout: PATIENCE, stdio: ["pipe", "pipe", "pipe"],
      env: { HOME: home, NO_PROXY: "127.0.0.1", ONEKEY_HISTORY: "off", ...environment },
    });
    child.stdin.on("error", () => {}).end(input);
    let out = "";
    let errors = "";
    child.stdout.on("data", (data) => (out += data));
    child.stderr.on("data", (data) => (errors += data));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, out, errors }));
  });
}

/**
 * `onekey put`. @param {string} server @param {string[]} args @param {{environment?: Record<string, string>, cwd?: string}} [options]
 * @returns {Promise<{link: string, manage_link: string, share: string, files: {path: string, size: number}[]}>}
 */
export async function put(server, args, options) {
  const { code, out, errors } = await onekey(["put", "--server", server, "--json", ...args], options);
  if (code !== 0) throw new Error(`onekey put ended with ${code}: ${errors}`);
  return JSON.parse(out);
}

/** `onekey get` into a new folder, which it returns. @param {string} link @param {Record<string, string>} [environment] */
export async function get(link, environment = {}) {
  const folder = programs.temporaryFolder("got");
  const { code, errors } = await onekey(["get", "-o", `${folder}/`], { environment: { ONEKEY_LINK: link, ...environment } });
  if (code !== 0) throw new Error(`onekey get ended with ${code}: ${errors}`);
  return folder;
}

