// Runs every vector in this browser, and reports to the test.

import { brotliCoder } from "../../../crates/server/web/codec/brotli.js";
import { decompress } from "../../../crates/server/web/codec/codec.js";
import { concat, utf8 } from "../../../crates/server/web/container/bytes.js";
import { pieces, readAll } from "../vectors/kinds-streams.js";
import { runVector } from "../vectors/run.js";

/** Cases that run at once: passwords take half a second each. */
const AT_ONCE = 4;

/** @type {string[]} */
const failures = [];
const counts = { passed: 0, skipped: 0 };

addEventListener("securitypolicyviolation", (event) => failures.push(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
addEventListener("error", (event) => failures.push(`error: ${event.message}`));
addEventListener("unhandledrejection", (event) => failures.push(`unhandled: ${event.reason}`));

/** @param {string[]} names */
async function runSome(names) {
  for (let name = names.shift(); name; name = names.shift()) {
    try {
      const response = await fetch(`/vectors/${name}`);
      if (!response.ok) throw new Error("not served");
      counts[await runVector(name, new Uint8Array(await response.arrayBuffer()))]++;
    } catch (error) {
      failures.push(`${name}: ${error}`);
    }
  }
}

/** @param {string} text */
async function member(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** What only a browser refuses: Node's gzip takes an empty member in front. */
async function gzipMembers() {
  const [empty, full] = [await member(""), await member("hello")];
  /** @type {[string, Uint8Array, number, boolean][]} */
  const cases = [
    ["one member", full, 5, true],
    ["an empty member", empty, 0, true],
    ["an empty member in front", concat(empty, full), 5, false],
    ["an empty member behind", concat(full, empty), 5, false],
    ["two empty members", concat(empty, empty), 0, false],
    ["zeros behind", concat(full, new Uint8Array(9)), 5, false],
    ["its own end again", concat(full, full.subarray(-8)), 5, false],
    ["text behind", concat(full, utf8("more")), 5, false],
  ];
  for (const [name, bytes, size, sound] of cases) {
    for (const length of [1, 1_000]) {
      const { error } = await readAll(pieces(bytes, length).pipeThrough(decompress("gzip", size)));
      const found = error === null ? "sound" : String(/** @type {any} */ (error).code);
      if (found !== (sound ? "sound" : "damaged")) failures.push(`gzip, ${name}: ${found}`);
    }
  }
}

const coder = await brotliCoder("decompress");
coder?.close();
const names = await (await fetch("/vectors.json")).json();
await Promise.all(Array.from({ length: AT_ONCE }, () => runSome(names)));
await gzipMembers();
const report = { ...counts, failures, brotliWorker: coder !== null, agent: navigator.userAgent };
await fetch("/report", { method: "POST", body: JSON.stringify(report) });
