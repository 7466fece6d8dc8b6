// Lengths: at the boundaries, the inverse, and what no payload has.

import assert from "node:assert/strict";
import { test } from "node:test";
import { padded } from "../../../../crates/server/web/container/padding.js";
import {
  chunkCount,
  chunkSize,
  encryptedChunkSize,
  MAX_CHUNKS,
  payloadLength,
  plaintextLength,
} from "../../../../crates/server/web/container/size.js";
import { streamLength, streamPlaintextLength } from "../../../../crates/server/web/container/stream.js";
import { property } from "./random.js";

const EXPONENTS = [10, 11, 16, 22];

for (const exponent of EXPONENTS) {
  test(`boundaries with chunks of 2^${exponent}`, () => {
    const C = chunkSize(exponent);
    assert.equal(encryptedChunkSize(exponent), C + 28);
    for (const length of [0, 1, 15, 16, 17, 27, 28, 29, C - 1, C, C + 1, 2 * C - 1, 2 * C, 2 * C + 1, 7 * C]) {
      const chunks = Math.floor(length / C) + 1;
      assert.equal(chunkCount(length, exponent), chunks);
      assert.equal(payloadLength(length, exponent), length + 28 * chunks);
      assert.equal(plaintextLength(length + 28 * chunks, exponent), length);
      assert.equal(streamLength(length, exponent), 72 + length + 28 * chunks);
      assert.equal(streamPlaintextLength(72 + length + 28 * chunks, exponent), length);
    }
  });

  test(`no payload of 2^${exponent} has another length`, () => {
    const E = encryptedChunkSize(exponent);
    for (const before of [0, E, 5 * E]) {
      for (let over = 0; over < 28; over++) {
        assert.throws(() => plaintextLength(before + over, exponent), { code: "size", detail: "not-a-payload" });
      }
    }
  });
}

test("T29: lengths that are no integers", () => {
  for (const length of [NaN, -1, 1.5, -Infinity]) {
    assert.throws(() => payloadLength(length, 16), { code: "size" }, String(length));
    assert.throws(() => plaintextLength(length, 16), { code: "size" }, String(length));
  }
});

test("the largest payloads", () => {
  const C = chunkSize(10);
  const most = MAX_CHUNKS * C - 1;
  assert.equal(chunkCount(most, 10), MAX_CHUNKS);
  assert.equal(plaintextLength(payloadLength(most, 10), 10), most);
  assert.throws(() => payloadLength(most + 1, 10), { code: "size", detail: "too-large" });
  assert.throws(() => plaintextLength(MAX_CHUNKS * encryptedChunkSize(10) + 28, 10), { code: "size", detail: "too-large" });
  for (const length of [2 ** 53, Infinity, 1e309]) {
    assert.throws(() => payloadLength(length, 22), { code: "size", detail: "too-large" });
    assert.throws(() => plaintextLength(length, 22), { code: "size", detail: "too-large" });
  }
  // The largest payload has 2^53 - 1 bytes: this plaintext makes it, and one byte more makes one too many.
  const plaintext = plaintextLength(2 ** 53 - 1, 22);
  assert.equal(payloadLength(plaintext, 22), 2 ** 53 - 1);
  assert.throws(() => payloadLength(plaintext + 1, 22), { code: "size", detail: "too-large" });
});

property("plaintextLength is the inverse of payloadLength", 2_000, (random) => {
  const exponent = 10 + random(13);
  const most = Math.min(2 ** 32 * chunkSize(exponent), 2 ** 53) * 0.97;
  const length = Math.floor((random(2 ** 32) / 2 ** 32) * 2 ** -random(40) * most);
  assert.equal(plaintextLength(payloadLength(length, exponent), exponent), length);
});

property("padding: never shorter, little longer, and once is enough", 2_000, (random) => {
  const total = Math.floor(random(2 ** 32) * 2 ** (random(53) - 32));
  const length = padded(total);
  assert.ok(length >= total);
  assert.ok(length === 1024 || (length - total) * 16 < total, `${total}`);
  assert.equal(padded(length), length);
  const exact = exactly(BigInt(total));
  assert.equal(BigInt(length), exact, `${total}`);
});

/** The text of format.md 6, in integers without a bound. @param {bigint} total */
function exactly(total) {
  if (total <= 1024n) return 1024n;
  const E = BigInt(total.toString(2).length - 1);
  const S = BigInt(E.toString(2).length);
  const step = 1n << (E - S);
  return ((total + step - 1n) / step) * step;
}
