import assert from "node:assert/strict";
import { test } from "node:test";

import { savedName, zipName } from "../../../../crates/server/web/download/names.js";

test("names of a zip cannot leave the folder, on Windows either", () => {
  const safe = (path) => zipName(path, new Set());
  assert.equal(safe("..\\..\\x"), ".._.._x");
  assert.equal(safe("a\\..\\..\\x"), "a_.._.._x");
  assert.equal(safe("C:/x"), "C_/x");
  assert.equal(safe("C:\\x"), "C__x");
  assert.equal(safe("\\\\host\\share"), "__host_share");
  assert.equal(safe(".. /x"), "___/x");
  assert.equal(safe("a/... /x"), "a/____/x");
});

test("names of a zip stay as they are otherwise", () => {
  for (const path of ["a/b.txt", ".gitignore", "ä/日本 ☂.md", "a/12:30.txt", "x..y", "<script>.html", "a b/ c"]) {
    assert.equal(zipName(path, new Set()), path);
  }
});

test("no two names of a zip are the same", () => {
  const taken = new Set();
  assert.deepEqual(["d/a_b.txt", "d\\a_b.txt", "d/a\\b.txt", "d/a\\b.txt"].map((path) => zipName(path, taken)),
    ["d/a_b.txt", "d_a_b.txt", "d/a_b (2).txt", "d/a_b (3).txt"]);
});

test("the name of a saved file is one that every system takes", () => {
  assert.equal(savedName("a/b/c.txt"), "c.txt");
  assert.equal(savedName("..\\..\\x.txt"), "_.._x.txt");
  assert.equal(savedName('a:b*?"<>|.txt'), "a_b______.txt");
  assert.equal(savedName("photo\u202egpj.exe"), "photogpj.exe");
  assert.equal(savedName("con.txt"), "_con.txt");
  assert.equal(savedName("COM1"), "_COM1");
  assert.equal(savedName("x. . "), "x");
  assert.equal(savedName("..."), "download");
  assert.equal(savedName(""), "download");
  assert.equal(savedName("réadme ☂ 日本.md"), "réadme ☂ 日本.md");
});

test("long names keep their ending, and no character is cut in two", () => {
  const name = savedName(`${"☂".repeat(300)}.tar`);
  assert.ok(Buffer.byteLength(name) <= 240);
  assert.match(name, /^☂+\.tar$/u);
});
