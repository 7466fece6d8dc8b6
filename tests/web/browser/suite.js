// Runs every vector in this browser, and reports to the test.

import { brotliCoder } from "../../../crates/server/web/codec/brotli.js";
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

const coder = await brotliCoder("decompress");
coder?.close();
const names = await (await fetch("/vectors.json")).json();
await Promise.all(Array.from({ length: AT_ONCE }, () => runSome(names)));
const report = { ...counts, failures, brotliWorker: coder !== null, agent: navigator.userAgent };
await fetch("/report", { method: "POST", body: JSON.stringify(report) });
