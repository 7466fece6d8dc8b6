// Every vector of vectors/, in Node.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { runVector } from "../../vectors/run.js";
import { loadBrotli, readVector, vectorNames } from "../../vectors/node.js";

before(loadBrotli);

const names = vectorNames();

/** @type {Record<string, number>} */
const passed = {};

for (const name of names) {
  test(`vector ${name}`, async (t) => {
    const result = await runVector(name, readVector(name));
    if (result === "skipped") t.skip("suite 2");
    else passed[name.split("/")[0] ?? ""] = (passed[name.split("/")[0] ?? ""] ?? 0) + 1;
  });
}

test("no kind is left out", () => {
  assert.deepEqual(Object.keys(passed).sort(), [...new Set(names.map((name) => name.split("/")[0]))].sort());
});
