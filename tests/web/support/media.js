// Small real files, made here: nobody has to believe a binary in the repository. And the colour of a screenshot.

import { deflateSync, inflateSync } from "node:zlib";

/** @typedef {[number, number, number]} Colour */

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const CRC = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** @param {Buffer} bytes */
function crc(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRC[(c ^ byte) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, check]);
}

/** A picture of one colour. @param {Colour} colour @param {number} [side] */
export function png(colour, side = 64) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), ...Array.from({ length: side }, () => Buffer.from(colour))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: side }, () => row)));
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

/** A tone of so many seconds, 44,100 times 16 bits a second. @param {number} seconds */
export function wav(seconds) {
  const rate = 44_100;
  const data = Buffer.alloc(seconds * rate * 2);
  for (let n = 0; n < seconds * rate; n += 1) data.writeInt16LE(Math.round(8_000 * Math.sin((n * 2 * Math.PI * 440) / rate)), n * 2);
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

/** A page that is filled with one colour. @param {Colour} colour */
export function pdf(colour) {
  const paint = `${colour.map((part) => (part / 255).toFixed(3)).join(" ")} rg 0 0 300 300 re f`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R /Resources << >> >>",
    `<< /Length ${paint.length} >>\nstream\n${paint}\nendstream`,
  ];
  let text = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const place = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(place).padStart(10, "0")} 00000 n \n`;
  });
  const table = text.length;
  text += `xref\n0 5\n0000000000 65535 f \n${places.join("")}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(text, "latin1");
}

/**
 * How much of a screenshot, from 0 to 1, has a colour or nearly. Screenshots are PNGs of 8 bits, with or without alpha.
 * @param {Uint8Array} screenshot @param {Colour} colour
 */
export function shareOf(screenshot, colour) {
  const bytes = Buffer.from(screenshot);
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  const depth = bytes[25] === 6 ? 4 : 3;
  const pieces = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString("latin1", at + 4, at + 8) === "IDAT") pieces.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  const packed = inflateSync(Buffer.concat(pieces));
  let before = new Uint8Array(width * depth);
  let found = 0;
  for (let y = 0; y < height; y += 1) {
    const start = y * (width * depth + 1);
    const row = unfiltered(packed.subarray(start + 1, start + 1 + width * depth), before, packed[start], depth);
    for (let x = 0; x < width; x += 1) {
      if (colour.every((part, index) => Math.abs(row[x * depth + index] - part) < 12)) found += 1;
    }
    before = row;
  }
  return found / (width * height);
}

/** @param {Uint8Array} row @param {Uint8Array} above @param {number} filter @param {number} depth */
function unfiltered(row, above, filter, depth) {
  const out = new Uint8Array(row.length);
  for (let i = 0; i < row.length; i += 1) {
    const left = i < depth ? 0 : out[i - depth];
    const corner = i < depth ? 0 : above[i - depth];
    out[i] = row[i] + [0, left, above[i], (left + above[i]) >> 1, paeth(left, above[i], corner)][filter];
  }
  return out;
}

/** @param {number} left @param {number} up @param {number} corner */
function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(guess - value));
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
