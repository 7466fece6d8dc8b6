// Codecs: round trips, what is refused, and memory that has a bound.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import zlib from "node:zlib";
import { brotliCoder, runBrotliHere } from "../../../../crates/server/web/codec/brotli.js";
import { compressor, compressWhole, decompress } from "../../../../crates/server/web/codec/codec.js";
import { OnekeyError } from "../../../../crates/server/web/error.js";
import { pieces, readAll } from "../../vectors/kinds-streams.js";
import { loadBrotli } from "../../vectors/node.js";
import { bytesOf, cutUp, property, randomOf, streamOf } from "../container/random.js";

before(loadBrotli);

/** @param {number} length */
const prose = (length) => new Uint8Array(Buffer.alloc(length, "The quick brown fox jumps over the lazy dog. "));

/** @param {Uint8Array} a @param {Uint8Array} b */
const same = (a, b) => assert.ok(Buffer.from(a).equals(Buffer.from(b)));

/** What decompression must give. @type {Record<"br" | "gzip", (bytes: Uint8Array) => Uint8Array>} */
const NODE = { br: zlib.brotliDecompressSync, gzip: zlib.gunzipSync };

/** @param {() => Promise<void>} work */
async function withoutBrotli(work) {
  runBrotliHere(null);
  try {
    await work();
  } finally {
    await loadBrotli();
  }
}

/** @param {import("../container/random.js").Random} random */
function someText(random) {
  const words = Array.from({ length: 20 }, () => Buffer.from(bytesOf(random, 1 + random(9))).toString("base64"));
  return new Uint8Array(Buffer.from(Array.from({ length: random(4_000) }, () => words[random(20)]).join(" ")));
}

property("Brotli: round trips however it is cut up", 20, async (random) => {
  const text = someText(random);
  const { codec, readable, writable } = await compressor();
  assert.equal(codec, "br");
  const { bytes } = await readAll(streamOf(cutUp(random, text)).pipeThrough({ readable, writable }));
  same(NODE.br(bytes), text);
  const back = await readAll(streamOf(cutUp(random, bytes)).pipeThrough(decompress("br", text.length)));
  assert.equal(back.error, null);
  same(back.bytes, text);
});

property("Brotli: what comes out depends on the bytes alone, so that an upload that is continued makes them again", 5, async (random) => {
  const text = Buffer.concat(Array.from({ length: 40 }, () => someText(random)));
  const outcomes = new Set();
  for (const cut of [[new Uint8Array(text)], cutUp(random, text), cutUp(random, text)]) {
    const { bytes } = await readAll(streamOf(cut).pipeThrough(await compressor()));
    outcomes.add(Buffer.from(bytes).toString("base64"));
  }
  outcomes.add(Buffer.from((await compressWhole(text))?.bytes ?? []).toString("base64"));
  assert.equal(outcomes.size, 1);
});

test("gzip: round trips where there is no Brotli", () =>
  withoutBrotli(async () => {
    for (const seed of [1, 2, 3]) {
      const text = someText(randomOf(seed));
      const { codec, readable, writable } = await compressor();
      assert.equal(codec, "gzip");
      const { bytes } = await readAll(pieces(text, 1_000).pipeThrough({ readable, writable }));
      same(NODE.gzip(bytes), text);
      const back = await readAll(pieces(bytes, 777).pipeThrough(decompress("gzip", text.length)));
      assert.equal(back.error, null);
      same(back.bytes, text);
    }
    const { error } = await readAll(pieces(zlib.brotliCompressSync("a"), 10).pipeThrough(decompress("br", 1)));
    assert.equal(/** @type {OnekeyError} */ (error).code, "unsupported_browser");
    assert.equal((await compressWhole(prose(5_000)))?.codec, "gzip");
  }));

test("compressed whole: kept only when smaller", async () => {
  const text = prose(300_000);
  const found = await compressWhole(text);
  assert.equal(found?.codec, "br");
  assert.ok(found && found.bytes.length < 1_000);
  same(NODE.br(found.bytes), text);
  assert.equal(await compressWhole(bytesOf(randomOf(4), 300_000)), null);
  assert.equal(await compressWhole(new Uint8Array()), null);
  assert.equal(await compressWhole(Uint8Array.of(1, 2, 3)), null);
});

test("a Brotli window of 24 bits is read, and a larger one refused", async () => {
  const text = prose(2_000_000);
  const compressed = (/** @type {number} */ bits, /** @type {number} */ large) =>
    zlib.brotliCompressSync(text, {
      params: { [zlib.constants.BROTLI_PARAM_LGWIN]: bits, [zlib.constants.BROTLI_PARAM_LARGE_WINDOW]: large },
    });
  for (const bits of [10, 16, 17, 18, 22, 24]) {
    const { error } = await readAll(pieces(compressed(bits, 0), 1).pipeThrough(decompress("br", text.length)));
    assert.equal(error, null, `${bits} bits`);
  }
  for (const length of [1, 1_000]) {
    const { bytes, error } = await readAll(pieces(compressed(26, 1), length).pipeThrough(decompress("br", text.length)));
    assert.equal(/** @type {OnekeyError} */ (error).code, "damaged");
    assert.equal(bytes.length, 0);
  }
});

for (const codec of /** @type {const} */ (["br", "gzip"])) {
  const compress = codec === "br" ? zlib.brotliCompressSync : zlib.gzipSync;

  test(`${codec}: a stream that is cut anywhere, or goes on, is damaged`, async () => {
    const text = prose(500);
    const stream = compress(text);
    const wrong = Array.from({ length: stream.length }, (_, length) => stream.subarray(0, length));
    wrong.push(Buffer.concat([stream, Buffer.of(0)]), Buffer.concat([stream, Buffer.alloc(20_000)]), Buffer.concat([stream, stream]));
    for (const bytes of wrong) {
      for (const length of [1, 1_000_000]) {
        const { bytes: read, error } = await readAll(pieces(bytes, length).pipeThrough(decompress(codec, text.length)));
        assert.equal(/** @type {OnekeyError} */ (error)?.code, "damaged", `${bytes.length} of ${stream.length} bytes`);
        assert.ok(read.length <= text.length);
      }
    }
  });

  test(`${codec}: never more than the size, and never less`, async () => {
    const text = prose(70_000);
    for (const size of [0, 1, 69_999, 70_001, 2 ** 32 + 70_000]) {
      const { bytes, error } = await readAll(pieces(compress(text), 100).pipeThrough(decompress(codec, size)));
      assert.equal(/** @type {OnekeyError} */ (error)?.code, "damaged", `${size}`);
      assert.ok(bytes.length <= size);
    }
  });

  test(`${codec}: a bomb takes no memory`, async () => {
    // 256 MiB of zeros, of which nothing is asked for but the first piece.
    const size = 2 ** 28;
    const fast = { level: 1, params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } };
    const zeros = compress(Buffer.alloc(size), fast);
    const before = process.memoryUsage();
    const reader = pieces(zeros, zeros.length).pipeThrough(decompress(codec, size)).getReader();
    const { value } = await reader.read();
    assert.ok((value?.length ?? 0) <= 2 ** 22);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const after = process.memoryUsage();
    const grown = after.arrayBuffers - before.arrayBuffers;
    assert.ok(grown < 2 ** 26, `${grown} bytes`);
    await reader.cancel();
  });

  test(`${codec}: a failure of the source stays what it is`, async () => {
    const stream = compress(prose(100_000));
    for (const failure of [new OnekeyError("network"), new TypeError("network")]) {
      let given = false;
      const source = new ReadableStream({
        pull(controller) {
          if (given) return controller.error(failure);
          given = true;
          controller.enqueue(new Uint8Array(stream.subarray(0, 20)));
        },
      });
      const { error } = await readAll(source.pipeThrough(decompress(codec, 100_000)));
      assert.equal(error, failure);
    }
  });
}

test("gzip: a second member is refused", async () => {
  const twice = Buffer.concat([zlib.gzipSync(prose(100)), zlib.gzipSync(prose(50))]);
  const { error } = await readAll(pieces(twice, 10_000).pipeThrough(decompress("gzip", 150)));
  assert.equal(/** @type {OnekeyError} */ (error)?.code, "damaged");
});

test("gzip: decoders that know no back pressure get so little at once that at most 4 MiB come out", async (t) => {
  const Real = DecompressionStream;
  let most = 0;
  t.mock.method(globalThis, "DecompressionStream", function (/** @type {"gzip"} */ format) {
    const seen = new TransformStream({
      transform(piece, controller) {
        most = Math.max(most, piece.length);
        controller.enqueue(piece);
      },
    });
    return { writable: seen.writable, readable: seen.readable.pipeThrough(new Real(format)) };
  });
  const random = bytesOf(randomOf(6), 100_000);
  const { bytes, error } = await readAll(pieces(zlib.gzipSync(random), 1_000_000).pipeThrough(decompress("gzip", 100_000)));
  assert.equal(error, null);
  same(bytes, random);
  assert.ok(most > 0 && most * 1032 < 2 ** 22 * 1.01, `${most}`);
});

test("a stream's memory is given back", async () => {
  let closed = 0;
  const coder = await brotliCoder("decompress");
  const prototype = Object.getPrototypeOf(coder);
  coder?.close();
  const real = prototype.close;
  prototype.close = function () {
    closed++;
    real.call(this);
  };
  try {
    await compressWhole(prose(1_000));
    await compressWhole(bytesOf(randomOf(5), 1_000));
    await readAll(pieces(zlib.brotliCompressSync(prose(9)), 10).pipeThrough(decompress("br", 9)));
    await readAll(pieces(Buffer.from("no Brotli, to be sure"), 30).pipeThrough(decompress("br", 9)));
    const reader = pieces(zlib.brotliCompressSync(prose(2 ** 22)), 9).pipeThrough(decompress("br", 2 ** 22)).getReader();
    await reader.read();
    await reader.cancel();
    assert.equal(closed, 5);
  } finally {
    prototype.close = real;
  }
});
