// What happens where Brotli's module does not load.

import { compressor, compressWhole, decompress } from "../../../crates/server/web/codec/codec.js";
import { pieces, readAll } from "../vectors/kinds-streams.js";

const text = new Uint8Array(50_000).fill(65);
const whole = await compressWhole(text);
const back = await readAll(pieces(whole?.bytes ?? new Uint8Array(), 100).pipeThrough(decompress("gzip", text.length)));
const { codec } = await compressor();
const { error } = await readAll(pieces(Uint8Array.of(0x3b), 1).pipeThrough(decompress("br", 0)));
const report = {
  compressed: whole?.codec,
  decompressed: back.error === null && back.bytes.every((byte, at) => byte === text[at]) && back.bytes.length === text.length,
  streamed: codec,
  brotli: /** @type {any} */ (error)?.code,
};
await fetch("/report", { method: "POST", body: JSON.stringify(report) });
