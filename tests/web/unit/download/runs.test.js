import assert from "node:assert/strict";
import { test } from "node:test";

import { runsOf, wholeRun } from "../../../../crates/server/web/download/runs.js";

const file = (offset, stored) => ({ path: "", type: "", size: stored, offset, stored });

test("a file's chunks are those that hold a byte of it", () => {
  assert.deepEqual(runsOf([file(0, 1)], 10), [{ first: 0, end: 1 }]);
  assert.deepEqual(runsOf([file(0, 1024)], 10), [{ first: 0, end: 1 }]);
  assert.deepEqual(runsOf([file(0, 1025)], 10), [{ first: 0, end: 2 }]);
  assert.deepEqual(runsOf([file(1023, 2)], 10), [{ first: 0, end: 2 }]);
  assert.deepEqual(runsOf([file(1024, 1024)], 10), [{ first: 1, end: 2 }]);
});

test("neighbours are one request, and what lies apart is not", () => {
  assert.deepEqual(runsOf([file(0, 500), file(500, 500)], 10), [{ first: 0, end: 1 }]);
  assert.deepEqual(runsOf([file(0, 1024), file(1024, 1024)], 10), [{ first: 0, end: 2 }]);
  assert.deepEqual(runsOf([file(0, 100), file(2048, 100)], 10), [{ first: 0, end: 1 }, { first: 2, end: 3 }]);
});

test("empty files need no chunks", () => {
  assert.deepEqual(runsOf([file(0, 0), file(5000, 0)], 10), []);
});

test("the whole payload ends with its last chunk, also if that is empty", () => {
  assert.deepEqual(wholeRun(28, 10), [{ first: 0, end: 1 }]);
  assert.deepEqual(wholeRun(1052 + 28, 10), [{ first: 0, end: 2 }]);
  assert.deepEqual(wholeRun(1052 + 1051, 10), [{ first: 0, end: 2 }]);
});
