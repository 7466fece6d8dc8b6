// Where an address in `modules/` is found on the disk; see `modules.js`.

import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** As `crates/server/src/web/names.rs` has it. @type {Record<string, string>} */
const FILES = {
  "client-zip/index.js": "client-zip/index.js",
  "uqr/index.js": "uqr/dist/index.mjs",
  "brotli-wasm/brotli_wasm.js": "brotli-wasm/pkg.web/brotli_wasm.js",
  "brotli-wasm/brotli_wasm_bg.wasm": "brotli-wasm/pkg.web/brotli_wasm_bg.wasm",
};

let folder = "";

/** @param {{folder: string}} data */
export function initialize(data) {
  folder = data.folder;
}

/** @param {string} specifier @param {any} context @param {any} next */
export function resolve(specifier, context, next) {
  const file = FILES[/\/modules\/(.+)$/.exec(specifier)?.[1] ?? ""];
  return file ? { url: pathToFileURL(join(folder, file)).href, shortCircuit: true } : next(specifier, context);
}
