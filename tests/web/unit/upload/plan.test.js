// Parts are planned like the command line plans them (crates/client/src/put/plan.rs).

import assert from "node:assert/strict";
import { test } from "node:test";

import { partPlaintext, partSize, smallPartSize } from "../../../../crates/server/web/upload/plan.js";

const CHUNK = 65_536 + 28;
const MIB = 1 << 20;
const LIMITS = { min_part_size: 1, max_part_size: 64 * MIB };

test("usual and small sizes", () => {
  const of = (length) => partSize(16, length, LIMITS);
  assert.equal(of(1), 127 * CHUNK);
  assert.equal(of(9_000 * 127 * CHUNK), 127 * CHUNK);
  assert.equal(of(9_000 * 127 * CHUNK + 1), 254 * CHUNK);
  assert.equal(partPlaintext(16, 127 * CHUNK), 127 * 65_536);
  const small = smallPartSize(16, 1, LIMITS);
  assert.equal(small, 15 * CHUNK);
  assert.ok(small < 1_000_000 && small + CHUNK >= 1_000_000);
});

test("parts are whole chunks within every limit", () => {
  const lengths = [0, 1, 28, 8 * MIB, 75 * 2 ** 30, 300 * 2 ** 30, 600 * 2 ** 30];
  for (const [min, max] of [[CHUNK, 64 * MIB], [5 * MIB, 64 * MIB], [5 * MIB, 5 * MIB + CHUNK], [20 * MIB, 30 * MIB]]) {
    for (const length of lengths) {
      let size;
      try {
        size = partSize(16, length, { min_part_size: min, max_part_size: max });
      } catch (error) {
        assert.equal(error.code, "too_large");
        assert.ok(length > error.detail && error.detail >= (max / 2) * 9_999);
        continue;
      }
      assert.ok(size % CHUNK === 0 && min <= size && size <= max, `${size}`);
      assert.ok(Math.ceil(length / size) <= 9_999);
    }
  }
});

test("contradictions are errors", () => {
  assert.throws(() => partSize(16, 1, { min_part_size: CHUNK + 1, max_part_size: 2 * CHUNK - 1 }), { code: "not_onekey" });
  assert.equal(smallPartSize(16, 1, { min_part_size: 5 * MIB, max_part_size: 64 * MIB }), null);
  assert.throws(() => smallPartSize(16, 15 * CHUNK * 9_999 + 1, LIMITS), { code: "too_large", detail: 15 * CHUNK * 9_999 });
});
