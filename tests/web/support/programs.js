// Where the programs are that the tests run: cargo's, and the machine's.

import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** cargo's target folder. */
export const TARGET = resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target");

/** Where pictures and reports are put. */
export const REPORTS = join(TARGET, "web");

/** Build that the tests run; the benches take `release`. */
const PROFILE = process.env.ONEKEY_PROFILE ?? "debug";

/** @param {string} name @param {string} hint */
function program(name, hint) {
  for (const folder of name.includes("/") ? [""] : (process.env.PATH ?? "").split(":")) {
    const path = folder ? join(folder, name) : name;
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  throw new Error(`${name} is missing: ${hint}`);
}

export const server = () => program(process.env.ONEKEY_SERVER_BIN ?? join(TARGET, PROFILE, "onekey-server"), "cargo build --workspace");
export const cli = () => program(process.env.ONEKEY_BIN ?? join(TARGET, PROFILE, "onekey"), "cargo build --workspace");
export const chromium = () => program("chromium", "Debian: apt-get install chromium");
export const firefox = () => program("firefox-esr", "Debian: apt-get install firefox-esr");
export const unzip = () => program("unzip", "Debian: apt-get install unzip");
export const bsdtar = () => program("bsdtar", "Debian: apt-get install libarchive-tools");
export const python = () => program("python3", "Debian: apt-get install python3");

/** Every folder of this process, for the end. @type {Set<string>} */
const folders = new Set();
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** Makes an empty folder that is gone when the process is. @param {string} name */
export function temporaryFolder(name) {
  mkdirSync(tmpdir(), { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), `onekey-${name}-`));
  folders.add(folder);
  return folder;
}

/** Removes a folder before the end: large ones must not pile up. @param {string} folder */
export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  folders.delete(folder);
}
