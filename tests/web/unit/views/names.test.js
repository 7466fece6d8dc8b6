// T5: names that others chose cannot pretend to be something else.

import assert from "node:assert/strict";
import { test } from "node:test";

import { shortened, visible, visibleLines } from "../../../../crates/server/web/views/names.js";

test("t5_direction_and_control_characters_are_shown_as_escapes", () => {
  assert.equal(visible("invoice\u202efdp.exe"), "invoice\\u{202e}fdp.exe");
  assert.equal(visible("a\u0007b\u007f\u009f"), "a\\u{7}b\\u{7f}\\u{9f}");
  assert.equal(visible("a\nb\tc\u0000"), "a\\u{a}b\\u{9}c\\u{0}");
  assert.equal(
    visible("\u2066\u2067\u2068\u2069\u200e\u200f\u061c"),
    "\\u{2066}\\u{2067}\\u{2068}\\u{2069}\\u{200e}\\u{200f}\\u{61c}",
  );
});

test("t5_characters_that_print_as_nothing_are_shown", () => {
  for (const hidden of ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u3164", "\u2028", "\u{e0041}", "\ud800"]) {
    assert.match(visible(`a${hidden}b`), /^a\\u\{[0-9a-f]+\}b$/u);
  }
});

test("what people write stays as it is", () => {
  for (const name of [
    "Größe – final.pdf",
    "ملف.pdf",
    "日本語.txt",
    "a b.txt",
    "👩‍👩‍👧.png",
    "❤️‍🔥.gif",
    "<b>&amp;.html",
    "e\u0301.txt",
  ]) {
    assert.equal(visible(name), name);
  }
});

test("a joiner is only hidden inside an emoji", () => {
  assert.equal(visible("a\u200db"), "a\\u{200d}b");
  assert.equal(visible("👩\u200d.png"), "👩\\u{200d}.png");
});

test("long names lose their middle, never their ending", () => {
  const long = shortened(`${"x".repeat(1000)}.exe`);
  assert.ok(long.length < 200);
  assert.ok(long.endsWith("xxx.exe") && long.includes("…"));
  assert.ok(!shortened("😀".repeat(500)).includes("\ufffd"));
});

test("a text of lines keeps its lines and tabs only", () => {
  assert.equal(visibleLines("a\r\nb\rc\td\u202e"), "a\nb\nc\td\\u{202e}");
});
