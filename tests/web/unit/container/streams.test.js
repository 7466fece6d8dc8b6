// Standalone streams: round trips however they are cut up, and every way of being cut off.

import assert from "node:assert/strict";
import { test } from "node:test";
import { newKey } from "../../../../crates/server/web/container/keys.js";
import { chunkSize, encryptedChunkSize } from "../../../../crates/server/web/container/size.js";
import { decryptStream, encryptStream, streamLength } from "../../../../crates/server/web/container/stream.js";
import { OnekeyError } from "../../../../crates/server/web/error.js";
import { pieces, readAll } from "../../vectors/kinds-streams.js";
import { hex } from "../../vectors/vector.js";
import { bytesOf, cutUp, property, randomOf, streamOf } from "./random.js";

const e = 10;
const C = chunkSize(e);
const E = encryptedChunkSize(e);

/** @param {Uint8Array} key @param {Uint8Array} plaintext */
async function sealed(key, plaintext) {
  const { bytes, error } = await readAll(pieces(plaintext, 999).pipeThrough(encryptStream(key, e)));
  assert.equal(error, null);
  return bytes;
}

/** @param {Uint8Array} key @param {Uint8Array} stream */
const opened = (key, stream) => readAll(pieces(stream, 1_500).pipeThrough(decryptStream(key)));

property("round trips however it is cut up", 40, async (random) => {
  const key = newKey();
  const exponent = 10 + random(3);
  const size = chunkSize(exponent);
  const plaintext = bytesOf(random, [0, 1, size - 1, size, size + 1, 2 * size, random(5 * size)][random(7)] ?? 0);
  const stream = await readAll(streamOf(cutUp(random, plaintext)).pipeThrough(encryptStream(key, exponent)));
  assert.equal(stream.bytes.length, streamLength(plaintext.length, exponent));
  const back = await readAll(streamOf(cutUp(random, stream.bytes)).pipeThrough(decryptStream(key)));
  assert.equal(back.error, null);
  assert.equal(hex(back.bytes), hex(plaintext));
});

test("more than a batch goes through", async () => {
  const key = newKey();
  const plaintext = bytesOf(randomOf(2), 2 ** 21 + 70_000);
  const stream = await readAll(pieces(plaintext, 65_000).pipeThrough(encryptStream(key)));
  const back = await readAll(pieces(stream.bytes, 65_000).pipeThrough(decryptStream(key)));
  assert.equal(back.error, null);
  assert.ok(Buffer.from(back.bytes).equals(Buffer.from(plaintext)));
});

for (const length of [0, 5, C, 3 * C, 3 * C + 5]) {
  test(`T24: a stream of ${length} bytes that is cut off is never whole`, async () => {
    const key = newKey();
    const plaintext = bytesOf(randomOf(length), length);
    const stream = await sealed(key, plaintext);
    const ends = new Set([0, 1, 71, 72, 73, 72 + 27, 72 + 28, 72 + 29, stream.length - 1, stream.length - 28]);
    for (let at = 72; at < stream.length; at += E) for (const near of [-1, 0, 1, 27, 28, 29]) ends.add(at + near);
    for (const end of ends) {
      if (end < 0 || end >= stream.length) continue;
      const { bytes, error } = await opened(key, stream.subarray(0, end));
      assert.ok(error instanceof OnekeyError, `cut at ${end}`);
      const whole = Math.floor(Math.max(0, end - 72) / E);
      const over = Math.max(0, end - 72) % E;
      const expected = end < 72 ? "header truncated" : over < 28 ? "truncated" : `damaged ${whole}`;
      assert.equal(error.message, expected, `cut at ${end}`);
      assert.equal(hex(bytes), hex(plaintext.subarray(0, whole * C)), `cut at ${end}`);
    }
  });
}

test("T24: a header alone is no empty file", async () => {
  const key = newKey();
  const { bytes, error } = await opened(key, (await sealed(key, new Uint8Array())).subarray(0, 72));
  assert.equal(bytes.length, 0);
  assert.equal(/** @type {OnekeyError} */ (error).code, "truncated");
});

test("T14: a flipped bit ends the stream, and it stays failed", async () => {
  const key = newKey();
  // More than a batch, and the end does not come.
  const plaintext = bytesOf(randomOf(3), 2 ** 20 + 5 * C);
  const stream = await sealed(key, plaintext);
  const flipped = 72 + 2 * E + 100;
  stream.set([255 - (stream[flipped] ?? 0)], flipped);
  const { readable, writable } = decryptStream(key);
  const writer = writable.getWriter();
  writer.write(stream).catch(() => {});
  const reader = readable.getReader();
  const first = await reader.read();
  assert.equal(hex(first.value ?? new Uint8Array()), hex(plaintext.subarray(0, 2 * C)));
  await assert.rejects(reader.read(), { code: "damaged", detail: 2 });
  await assert.rejects(reader.read(), { code: "damaged", detail: 2 });
  await assert.rejects(reader.closed, { code: "damaged" });
  await assert.rejects(writer.closed, { code: "damaged" });
  await assert.rejects(writer.write(stream), { code: "damaged" });
});

test("T17: another key opens nothing", async () => {
  const { bytes, error } = await opened(newKey(), await sealed(newKey(), new Uint8Array(10)));
  assert.equal(bytes.length, 0);
  assert.equal(/** @type {OnekeyError} */ (error).code, "wrong_key");
});

test("a failure of the source is passed on, and not called the end", async () => {
  const key = newKey();
  const stream = await sealed(key, new Uint8Array(10));
  let given = false;
  const source = new ReadableStream({
    pull(controller) {
      if (given) return controller.error(new OnekeyError("network"));
      given = true;
      controller.enqueue(stream);
    },
  });
  const { error } = await readAll(source.pipeThrough(decryptStream(key)));
  assert.equal(/** @type {OnekeyError} */ (error).code, "network");
});

test("nothing is made before it is asked for", async () => {
  let taken = 0;
  const source = new ReadableStream({
    pull(controller) {
      taken++;
      controller.enqueue(new Uint8Array(2 ** 20));
      if (taken > 100) controller.error(new Error("no back pressure"));
    },
  });
  const reader = source.pipeThrough(encryptStream(newKey())).getReader();
  await reader.read();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(taken < 10, `${taken} MiB were read`);
  await reader.cancel();
});

test("a reader that leaves is heard of by the writer", async () => {
  const { readable, writable } = encryptStream(newKey());
  const writer = writable.getWriter();
  const reader = readable.getReader();
  await reader.read();
  const pending = reader.read();
  await reader.cancel(new OnekeyError("cancelled"));
  assert.equal((await pending).done, true);
  await assert.rejects(writer.closed, { code: "cancelled" });
});
