// What is worth compressing: the same as for the command-line client.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isCompressed } from "../../../../crates/server/web/codec/types.js";
import { hasSamples, LEAST, SAMPLE, samplesShrink, way, WHOLE } from "../../../../crates/server/web/codec/worth.js";
import { ROOT } from "../../vectors/node.js";

/** The client's words about types, and its numbers. */
const TYPES = readFileSync(new URL("crates/client/src/put/compress/types.rs", ROOT), "utf8");
const NUMBERS = readFileSync(new URL("crates/client/src/put/compress.rs", ROOT), "utf8");

/** The strings between two marks of a Rust file. @param {string} from @param {string} to */
const strings = (from, to) => Array.from(TYPES.split(from)[1]?.split(to)[0]?.matchAll(/"([^"]+)"/g) ?? [], ([, word]) => word ?? "");

test("the client's list is ours", () => {
  const listed = strings("const EXTENSIONS: &[&str] = &[", "];");
  assert.ok(listed.length > 50);
  for (const extension of listed) assert.ok(isCompressed(`a.${extension}`), extension);
  const plain = strings("const PLAIN_EXTENSIONS: &[&str] = &[", "];");
  assert.ok(plain.length > 5);
  for (const extension of plain) assert.ok(!isCompressed(`a.${extension}`), extension);
});

test("the client's cases are ours", () => {
  const cases = TYPES.split("fn names_tell_what_is_compressed")[1] ?? "";
  const [yes = "", no = ""] = cases.split("assert!(is_compressed");
  const names = (/** @type {string} */ text) => Array.from(text.matchAll(/"([^"{}]+)"/g), ([, name]) => name ?? "");
  assert.ok(names(yes).length > 10 && names(no.split("assert!(!is_compressed")[0] ?? "").length > 10);
  for (const name of names(yes)) assert.ok(isCompressed(name), name);
  for (const name of names(no.split("assert!(!is_compressed")[0] ?? "")) assert.ok(!isCompressed(name), name);
});

test("the client's numbers are ours", () => {
  /** @param {string} name */
  const number = (name) => new RegExp(`const ${name}: u64 = ([^;]+);`).exec(NUMBERS)?.[1];
  assert.equal(number("WHOLE"), "64 << 20");
  assert.equal(WHOLE, 64 * 2 ** 20);
  assert.equal(number("SAMPLE_PART"), "64");
  assert.equal(SAMPLE, WHOLE / 64);
  assert.equal(number("SAMPLES"), "3");
  assert.equal(number("SAMPLE_GAIN"), "20");
  assert.equal(number("LEAST"), String(LEAST));
});

test("boundaries", () => {
  assert.equal(way("a.txt", LEAST - 1), "raw");
  assert.equal(way("a.txt", LEAST), "whole");
  assert.equal(way("dir/a.JPG", LEAST), "raw");
  assert.equal(way("a.txt", WHOLE), "whole");
  assert.equal(way("a.txt", WHOLE + 1), "streamed");
  assert.equal(hasSamples(3 * SAMPLE), false);
  assert.equal(hasSamples(3 * SAMPLE + 1), true);
});

test("start, middle and end are looked at, and must lose a twentieth", async () => {
  // A file whose bytes say where they stand: 0 at the start, 1 in the middle, 2 at the end.
  const size = 10 * SAMPLE;
  const content = new Uint8Array(size).fill(9);
  for (const place of [0, 1, 2]) content.fill(place, (place * 9 * SAMPLE) / 2, (place * 9 * SAMPLE) / 2 + SAMPLE);
  const file = new Blob([content]);
  /** @type {number[]} */
  const seen = [];
  await samplesShrink(file, async (bytes) => {
    assert.equal(bytes.length, SAMPLE);
    seen.push(.../** @type {Set<number>} */ (new Set(bytes)));
    return 0;
  });
  assert.deepEqual(seen, [0, 1, 2]);
  const limit = Math.floor(3 * SAMPLE - (3 * SAMPLE) / 20);
  for (const [after, shrinks] of /** @type {const} */ ([[limit, true], [limit + 2, false], [3 * SAMPLE, false]])) {
    let first = true;
    const length = async () => (first ? ((first = false), after) : 0);
    assert.equal(await samplesShrink(file, length), shrinks, `${after}`);
  }
});
