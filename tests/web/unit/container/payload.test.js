// Chunks: pieces of a payload, in any order and apart from each other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { newHeader } from "../../../../crates/server/web/container/header.js";
import { newKey } from "../../../../crates/server/web/container/keys.js";
import { decryptChunks, encryptChunks, PayloadError } from "../../../../crates/server/web/container/payload.js";
import { chunkSize, encryptedChunkSize } from "../../../../crates/server/web/container/size.js";
import { hex } from "../../vectors/vector.js";
import { bytesOf, property, randomOf } from "./random.js";

const e = 10;
const C = chunkSize(e);
const E = encryptedChunkSize(e);
const { payloadKey: key } = await newHeader(newKey(), e);

property("pieces of a payload fit together", 30, async (random) => {
  const plaintext = bytesOf(random, random(6 * C));
  const at = C * random(Math.floor(plaintext.length / C) + 1);
  const first = await encryptChunks(key, e, 0, plaintext.subarray(0, at), false);
  const second = await encryptChunks(key, e, at / C, plaintext.subarray(at), true);
  const payload = Buffer.concat([first, second]);
  assert.deepEqual(Buffer.from(await decryptChunks(key, e, 0, payload, true)), Buffer.from(plaintext));
  const from = random(Math.floor(payload.length / E) + 1);
  const end = await decryptChunks(key, e, from, payload.subarray(from * E), true);
  assert.equal(hex(end), hex(plaintext.subarray(from * C)));
});

test("each chunk gets a new nonce, also one that is encrypted again", async () => {
  const nonces = new Set();
  for (let round = 0; round < 4; round++) {
    const payload = await encryptChunks(key, e, 0, new Uint8Array(20 * C), true);
    for (let at = 0; at < payload.length; at += E) nonces.add(hex(payload.subarray(at, at + 12)));
  }
  assert.equal(nonces.size, 4 * 21);
});

test("the first chunk that does not authenticate is named, and what is before it released", async () => {
  const plaintext = bytesOf(randomOf(1), 40 * C + 5);
  const payload = await encryptChunks(key, e, 7, plaintext, true);
  for (const [flipped, first] of /** @type {[number[], number][]} */ ([[[0], 0], [[40], 40], [[13, 12, 30], 12], [[39, 40], 39]])) {
    const changed = payload.slice();
    for (const chunk of flipped) changed.set([255 - (changed[chunk * E + 12] ?? 0)], chunk * E + 12);
    const opened = decryptChunks(key, e, 7, changed, true);
    const error = await opened.then(
      () => assert.fail("it opens"),
      (/** @type {PayloadError} */ error) => error,
    );
    assert.equal(error.code, "damaged");
    assert.equal(error.detail, 7 + first);
    assert.equal(hex(error.released), hex(plaintext.subarray(0, first * C)));
  }
});

test("a chunk opens at its place only", async () => {
  const payload = await encryptChunks(key, e, 3, new Uint8Array(C), false);
  assert.equal((await decryptChunks(key, e, 3, payload, false)).length, C);
  for (const place of [0, 2, 4, 3 + 2 ** 31, 2 ** 32 - 1]) {
    await assert.rejects(decryptChunks(key, e, place, payload, false), { code: "damaged", detail: place });
  }
});

test("indices beyond 32 bits of a double stay apart", async () => {
  const last = 2 ** 32 - 1;
  const payload = await encryptChunks(key, e, last, new Uint8Array(3), true);
  assert.equal((await decryptChunks(key, e, last, payload, true)).length, 3);
  await assert.rejects(encryptChunks(key, e, last, new Uint8Array(C), true), { code: "size", detail: "too-large" });
  await assert.rejects(decryptChunks(key, e, 2 ** 32, payload, true), { code: "size", detail: "too-large" });
});

test("a buffer that is used again", async () => {
  const buffer = new Uint8Array(5 * E).fill(1);
  const plaintext = bytesOf(randomOf(8), 3 * C + 7);
  const payload = await encryptChunks(key, e, 0, plaintext, true, buffer);
  assert.equal(payload.buffer, buffer.buffer);
  assert.equal(payload.length, 3 * E + 35);
  const opened = await decryptChunks(key, e, 0, payload.slice(), true, buffer);
  assert.equal(opened.buffer, buffer.buffer);
  assert.equal(hex(opened), hex(plaintext));
  const again = await encryptChunks(key, e, 0, plaintext, true);
  again.set([again[E] === 0 ? 1 : 0], E);
  await assert.rejects(decryptChunks(key, e, 0, again, true, buffer), (/** @type {PayloadError} */ error) => {
    buffer.fill(9);
    return hex(error.released) === hex(plaintext.subarray(0, C));
  });
  await assert.rejects(encryptChunks(key, e, 0, plaintext, true, new Uint8Array(3 * E + 34)), RangeError);
  await assert.rejects(decryptChunks(key, e, 0, payload.slice(), true, new Uint8Array(3 * C + 6)), RangeError);
});

test("only the end may be less than a chunk", async () => {
  await assert.rejects(encryptChunks(key, e, 0, new Uint8Array(C + 1), false), RangeError);
  await assert.rejects(decryptChunks(key, e, 0, new Uint8Array(E + 1), false), RangeError);
});

test("4 to 8 calls of WebCrypto are in flight", async (t) => {
  let running = 0;
  let most = 0;
  for (const name of /** @type {const} */ (["encrypt", "decrypt"])) {
    const real = crypto.subtle[name].bind(crypto.subtle);
    t.mock.method(crypto.subtle, name, async (/** @type {[any, any, any]} */ ...args) => {
      most = Math.max(most, ++running);
      try {
        return await real(...args);
      } finally {
        running--;
      }
    });
  }
  const payload = await encryptChunks(key, e, 0, new Uint8Array(100 * C), true);
  assert.ok(most >= 4 && most <= 8, `encrypt: ${most}`);
  most = 0;
  await decryptChunks(key, e, 0, payload, true);
  assert.ok(most >= 4 && most <= 8, `decrypt: ${most}`);
});
