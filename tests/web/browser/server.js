// Serves the page's modules, the vectors and the suite on loopback, with the header fields of production.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { MODULES, readVector, ROOT, vectorNames } from "../vectors/node.js";

/** As onekey-server sends them: HTML, scripts, and the one worker that may run WASM. */
const HTML =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; worker-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types onekey";
const SCRIPT =
  "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'self'; require-trusted-types-for 'script'; " +
  "trusted-types onekey";
const BROTLI = SCRIPT.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'");

const COMMON = { "cache-control": "no-store", "referrer-policy": "no-referrer", "x-content-type-options": "nosniff" };

const WEB = "crates/server/web/";
const FOLDERS = [WEB, "tests/web/vectors/", "tests/web/browser/"];

/** Longest report of a suite, in bytes. */
const MAX_REPORT = 1_000_000;

/**
 * Starts the server. `report` is what the suite in the browser posts at its end.
 * @param {{suite: string, wasm: boolean}} [options] the script that runs, and whether Brotli's module is to be had
 * @returns {Promise<{address: string, report: Promise<any>, close(): void}>}
 */
export function serve({ suite, wasm } = { suite: "suite.js", wasm: true }) {
  /** @type {(report: unknown) => void} */
  let resolveReport;
  const report = new Promise((resolve) => (resolveReport = resolve));
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0]?.slice(1) ?? "";
    if (request.method === "POST" && path === "report") {
      return receive(request, (text) => {
        response.writeHead(204, COMMON).end();
        resolveReport(JSON.parse(text));
      });
    }
    try {
      if (path.endsWith(".wasm") && !wasm) throw new Error("not served");
      const { type, policy, body } = path === "" ? html(suite) : answer(path);
      response.writeHead(200, { ...COMMON, "content-type": type, ...(policy && { "content-security-policy": policy }) });
      response.end(body);
    } catch {
      response.writeHead(404, COMMON).end("nothing here\n");
    }
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      const close = () => {
        server.close();
        server.closeAllConnections();
      };
      resolve({ address: `http://127.0.0.1:${port}/`, report, close });
    });
  });
}

/** @param {import("node:http").IncomingMessage} request @param {(text: string) => void} done */
function receive(request, done) {
  let text = "";
  request.setEncoding("utf8");
  request.on("data", (piece) => {
    text += piece;
    if (text.length > MAX_REPORT) request.destroy();
  });
  request.on("end", () => done(text));
}

/** @param {string} suite */
const html = (suite) => ({
  type: "text/html; charset=utf-8",
  policy: HTML,
  body: `<!doctype html><meta charset="utf-8"><title>vectors</title><script type="module" src="tests/web/browser/${suite}"></script>\n`,
});

/** @param {string} path @returns {{type: string, policy?: string, body: string | Uint8Array}} */
function answer(path) {
  if (path === "vectors.json") return { type: "application/json", body: JSON.stringify(vectorNames()) };
  if (path.startsWith("vectors/")) return { type: "application/octet-stream", body: readVector(path.slice("vectors/".length)) };
  const brotli = /^crates\/server\/web\/modules\/brotli-wasm\/([\w.]+)$/.exec(path)?.[1];
  const file = brotli ? new URL(`brotli-wasm/pkg.web/${brotli}`, MODULES) : new URL(path, ROOT);
  if (!brotli && !FOLDERS.some((folder) => file.href.startsWith(new URL(folder, ROOT).href))) throw new Error("not served");
  if (path.endsWith(".wasm")) return { type: "application/wasm", body: readFileSync(file) };
  if (!path.endsWith(".js")) throw new Error("not served");
  const policy = path === `${WEB}codec/brotli-worker.js` ? BROTLI : SCRIPT;
  return { type: "text/javascript; charset=utf-8", policy, body: readFileSync(file) };
}
