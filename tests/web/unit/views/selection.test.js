// What is chosen: paths from entries, names that are there already, names that cannot be sent.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fromFiles, walk } from "../../../../crates/server/web/views/entries.js";
import { matchFiles } from "../../../../crates/server/web/views/matching.js";
import { freeName, pathProblem } from "../../../../crates/server/web/views/paths.js";
import { Selection } from "../../../../crates/server/web/views/selection.js";
import { choiceOf } from "../../../../crates/server/web/views/open/choice.js";

/** @param {string} path @param {number} [size] @returns {any} */
const file = (path, size = 1) => ({
  path,
  file: { name: path.split("/").pop(), size, lastModified: 5, webkitRelativePath: "" },
});

/** @param {{path: string}[]} entries */
const paths = (entries) => entries.map(({ path }) => path);

/** A reader gives few entries a time, as browsers do. @param {string} name @param {any[]} children @returns {any} */
const folder = (name, children) => ({
  name,
  isDirectory: true,
  createReader() {
    let at = 0;
    return { readEntries: (/** @type {any} */ ok) => setImmediate(() => ok(children.slice(at, (at += 3)))) };
  },
});

/** @param {string} name @param {boolean} [readable] @returns {any} */
const entry = (name, readable = true) => ({
  name,
  isDirectory: false,
  file: (/** @type {any} */ ok, /** @type {any} */ no) =>
    setImmediate(() => (readable ? ok({ name, size: 2 }) : no(new Error("gone")))),
});

test("a dropped folder keeps its tree and its empty folders", async () => {
  const tree = folder("root", [
    entry("a"),
    entry("b"),
    folder("deep", [folder("empty", []), entry("c")]),
    entry("d"),
    entry("e"),
  ]);
  const { found, unreadable } = await walk([tree, folder("alone", [])]);
  assert.deepEqual(paths(found), ["root/a", "root/b", "root/d", "root/e", "root/deep/c", "root/deep/empty", "alone"]);
  assert.deepEqual(
    found.filter((one) => one.file === null).map((one) => one.path),
    ["root/deep/empty", "alone"],
  );
  assert.equal(unreadable, 0);
});

test("more entries than a reader gives at once, and those that cannot be read", async () => {
  const many = Array.from({ length: 250 }, (_, index) => entry(`f${index}`, index % 50 !== 0));
  const { found, unreadable } = await walk([folder("many", many)]);
  assert.equal(found.length, 245);
  assert.equal(unreadable, 5);
});

test("a folder that never ends is refused", { timeout: 20_000 }, async () => {
  const endless = () => folder("x", [{ name: "x", isDirectory: true, createReader: () => endless().createReader() }]);
  await assert.rejects(walk([endless()]), { code: "path_refused" });
});

test("a folder field gives paths", () => {
  const [one] = fromFiles([/** @type {any} */ ({ name: "a.txt", webkitRelativePath: "dir/a.txt" })]);
  assert.equal(one?.path, "dir/a.txt");
});

test("a name that is there already gets a number before its ending", () => {
  const chosen = new Selection();
  chosen.add([file("a.tar.gz"), file("b"), file(".profile")]);
  assert.deepEqual(chosen.add([file("a.tar.gz"), file("A.TAR.GZ"), file("b"), file(".profile")]), {
    added: 4,
    renumbered: 4,
  });
  assert.deepEqual(paths(chosen.files).slice(3), ["a.tar (2).gz", "A.TAR (3).GZ", "b (2)", ".profile (2)"]);
});

test("a folder that is there already gets a number as a whole, and stays together", () => {
  const chosen = new Selection();
  const batch = [file("dir/a"), file("dir/b"), { path: "dir/empty", file: null }];
  chosen.add(batch);
  assert.deepEqual(chosen.add(batch), { added: 2, renumbered: 1 });
  assert.deepEqual(paths(chosen.files), ["dir/a", "dir/b", "dir (2)/a", "dir (2)/b"]);
  assert.deepEqual(chosen.folders, ["dir/empty", "dir (2)/empty"]);
});

test("a file and a folder of one name do not meet", () => {
  const chosen = new Selection();
  chosen.add([file("x")]);
  chosen.add([file("x/inside")]);
  assert.deepEqual(paths(chosen.files), ["x", "x (2)/inside"]);
});

test("sums follow what is added, removed, renamed and cleared", () => {
  const chosen = new Selection();
  chosen.add([file("a", 10), file("b\u0007", 5), { path: "empty", file: null }]);
  assert.deepEqual([chosen.size, chosen.fileCount, chosen.folderCount, chosen.problemCount], [15, 2, 1, 1]);
  assert.equal(chosen.rows(10)[0]?.problem, "nameControl", "problems come first");
  assert.equal(chosen.rename("b\u0007", "b"), null);
  assert.equal(chosen.problemCount, 0);
  chosen.remove("a");
  assert.deepEqual([chosen.size, chosen.fileCount], [5, 1]);
  chosen.clear();
  assert.deepEqual([chosen.size, chosen.count], [0, 0]);
});

test("rows are bounded, however many there are", () => {
  const chosen = new Selection();
  chosen.add(Array.from({ length: 20_000 }, (_, index) => file(`f${index}`)));
  assert.equal(chosen.rows(200).length, 200);
  assert.equal(chosen.count, 20_000);
});

test("renaming refuses what the format refuses, and what is there already", () => {
  const chosen = new Selection();
  chosen.add([file("a"), file("dir/b")]);
  assert.equal(chosen.rename("a", "dir"), "nameTaken");
  assert.equal(chosen.rename("a", "dir/b"), "nameTaken");
  assert.equal(chosen.rename("a", "dir/b/c"), "nameTaken");
  assert.equal(chosen.rename("a", "dir/c"), null);
  assert.equal(chosen.rename("dir/c", "../c"), "nameDots");
  assert.deepEqual(paths(chosen.files), ["dir/c", "dir/b"]);
});

test("paths that the format does not take are told apart", () => {
  assert.equal(pathProblem("dir/ä b.txt"), null);
  assert.equal(pathProblem(""), "nameEmpty");
  assert.equal(pathProblem("/a"), "nameEmpty");
  assert.equal(pathProblem("a//b"), "nameEmpty");
  assert.equal(pathProblem("a/./b"), "nameDots");
  assert.equal(pathProblem("a\u0085"), "nameControl");
  assert.equal(pathProblem("a\ud800"), "nameControl");
  assert.equal(pathProblem("ä".repeat(512)), null);
  assert.equal(pathProblem(`${"ä".repeat(512)}x`), "nameLong");
  assert.equal(
    freeName("a", true, () => false),
    "a",
  );
});

test("files of an unfinished upload are found again, also one by one or below another folder", () => {
  const wanted = [
    { path: "dir (2)/a.txt", size: 1, modified: 5 },
    { path: "b.bin", size: 9, modified: 5 },
  ];
  assert.deepEqual(matchFiles(wanted, [file("dir/a.txt", 1)]).missing, ["b.bin"]);
  const both = matchFiles(wanted, [file("dir/a.txt", 1), file("b.bin", 10)]);
  assert.deepEqual(paths(both.files), ["dir (2)/a.txt", "b.bin"], "a changed file is for the engine to find");
  assert.deepEqual(matchFiles(wanted, [file("a.txt", 2), file("c", 9)]).files, []);
});

test("one file is saved as it is, several as a zip, everything whole", () => {
  const manifest = /** @type {any} */ ({
    files: [
      { path: "d/a", size: 1 },
      { path: "b", size: 2 },
    ],
    title: "T",
  });
  assert.deepEqual(choiceOf(manifest, [0]), { files: [0], whole: false, as: "file", name: "a", size: 1 });
  assert.deepEqual(choiceOf(manifest, [1, 0]), { files: [0, 1], whole: true, as: "zip", name: "T.zip", size: 3 });
  assert.equal(choiceOf(manifest, []), null);
  const one = /** @type {any} */ ({ files: [{ path: "a", size: 1 }] });
  assert.deepEqual(choiceOf(one, [0]), { files: [0], whole: true, as: "file", name: "a", size: 1 });
  const folders = /** @type {any} */ ({ files: [], folders: ["x"] });
  assert.deepEqual(choiceOf(folders, []), { files: [], whole: true, as: "zip", name: "onekey.zip", size: 0 });
});
