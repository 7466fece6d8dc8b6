// What Node needs to run the page's modules: the vectors from the disk, Brotli without a worker.

import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { runBrotliHere } from "../../../crates/server/web/codec/brotli.js";

export const ROOT = new URL("../../../", import.meta.url);

const VECTORS = new URL("vectors/", ROOT);

/** @returns {string[]} `KIND/NAME` of every vector */
export function vectorNames() {
  const kinds = readdirSync(VECTORS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return kinds.flatMap(({ name: kind }) => readdirSync(new URL(`${kind}/`, VECTORS)).map((name) => `${kind}/${name}`)).sort();
}

/** @param {string} name */
export const readVector = (name) => new Uint8Array(readFileSync(new URL(name, VECTORS)));

/** Where npm put the page's modules, as for the server's build. */
export const MODULES = process.env.ONEKEY_WEB_MODULES
  ? pathToFileURL(`${resolve(process.env.ONEKEY_WEB_MODULES)}/`)
  : new URL("crates/server/web/node_modules/", ROOT);

/** Loads the module that the page serves. */
export async function loadBrotli() {
  const folder = new URL("brotli-wasm/pkg.web/", MODULES);
  const brotli = await import(new URL("brotli_wasm.js", folder).href);
  await brotli.default(readFileSync(new URL("brotli_wasm_bg.wasm", folder)));
  runBrotliHere(brotli);
}
