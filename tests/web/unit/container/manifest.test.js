// Manifests: what writers may seal, what readers take, and how long it takes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { newHeader } from "../../../../crates/server/web/container/header.js";
import { newKey } from "../../../../crates/server/web/container/keys.js";
import {
  checkManifest,
  MAX_PADDED,
  openManifest,
  parseManifest,
  printManifest,
  sealManifest,
} from "../../../../crates/server/web/container/manifest.js";
import { pathRule } from "../../../../crates/server/web/container/path.js";
import { property } from "./random.js";

/** @import { Manifest, ManifestFile } from "../../../../crates/server/web/types.js" */

/** Most time of the processor that the largest manifests may take here, in milliseconds: what is quadratic takes minutes. */
const QUICK = 10_000;

/** @param {() => Promise<void> | void} work */
async function quickly(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  assert.ok((user + system) / 1000 < QUICK);
}

const { manifestKey } = await newHeader(newKey());

/** @param {string} path @param {Partial<ManifestFile>} [more] @returns {ManifestFile} */
const file = (path, more = {}) => ({ path, type: "text/plain", size: 0, offset: 0, stored: 0, ...more });

/** @param {string} text */
const padTo512 = (text) => {
  const json = new TextEncoder().encode(text);
  const bytes = new Uint8Array(Math.ceil(json.length / 512) * 512).fill(0x20);
  bytes.set(json);
  return bytes;
};

/** Names that are hostile somewhere, and that the format takes as they are: whoever shows or saves them must cope. */
const HOSTILE = [
  "<img src=x onerror=alert(1)>.svg", "\"><script>alert(1)</script>", "'; DROP TABLE shares; --", "&lt;b&gt;", "a\\..\\b", "C:\\a",
  "~", "-rf", "$(id)", "`id`", "%2e%2e%2fpasswd", "..a", "...", "a..", " a ", "CON", "nul.txt", "a\u202etxt.exe", "\u200b", "é", "e\u0301",
  "__proto__", "constructor", "toString", "hasOwnProperty/__proto__", "0", "\u2028", "\ufeff", "😀", "\ufffd",
];

/** Names that it refuses. @type {[string, string][]} */
const REFUSED = [
  ["", "empty"], ["/etc/passwd", "empty-component"], ["a/", "empty-component"], ["a//b", "empty-component"], ["../a", "dot-component"],
  ["a/../../b", "dot-component"], ["a/.", "dot-component"], [".", "dot-component"], ["a\0b", "control"], ["\x1b[31m", "control"],
  ["a\nb", "control"], ["\x7f", "control"], ["\x9b31m", "control"], ["é".repeat(513), "too-long"], ["a".repeat(1025), "too-long"],
];

test("T5, T6: hostile names come through unchanged, each apart from the others", async () => {
  const manifest = { files: HOSTILE.map((path) => file(path)), folders: HOSTILE.map((path) => `folder/${path}`) };
  const opened = await openManifest(manifestKey, await sealManifest(manifestKey, manifest), 1024);
  assert.deepEqual(opened, manifest);
});

for (const [path, rule] of REFUSED) {
  test(`T5, T6: ${JSON.stringify(path.slice(0, 12))} is refused by writers and readers`, async () => {
    assert.equal(pathRule(path), rule);
    for (const manifest of [{ files: [file(path)] }, { files: [], folders: [path] }]) {
      await assert.rejects(sealManifest(manifestKey, manifest), { code: "manifest", detail: `path ${rule}` });
      const text = JSON.stringify(manifest);
      assert.throws(() => parseManifest(padTo512(text), 0), { code: "manifest", detail: `path ${rule}` });
    }
  });
}

test("the longest path", () => {
  assert.equal(pathRule("a".repeat(1024)), null);
  assert.equal(pathRule("é".repeat(512)), null);
});

test("errors repeat no name", () => {
  const error = /** @type {Error} */ (catching(() => checkManifest({ files: [file("../secret")] }, 0)));
  assert.ok(!`${error.stack}`.split("\n")[0]?.includes("secret"));
  assert.equal(error.message, "manifest path dot-component");
});

/** @type {[string, Manifest, string][]} */
const BROKEN = [
  ["two of one name", { files: [file("a"), file("a")] }, "same-path"],
  ["a folder that is a file too", { files: [file("a")], folders: ["a"] }, "same-path"],
  ["a file that is a folder", { files: [file("a/b/c"), file("a-b"), file("a/b")] }, "folder-of-another"],
  ["an empty folder that is not", { files: [file("x/y/z")], folders: ["x"] }, "folder-of-another"],
  ["an unpaired surrogate", { files: [file("\ud800")] }, "json"],
  ["a title that is no text", { files: [], title: "\udfff" }, "json"],
  ["a size that is no integer", { files: [file("a", { size: NaN, stored: NaN })] }, "json"],
  ["sizes that differ", { files: [file("a", { size: 1 })] }, "stored"],
  ["another order", { files: [file("a", { size: 2, stored: 2 }), file("b", { offset: 1 })] }, "order"],
  ["more than there is", { files: [file("a", { size: 11, stored: 11 })] }, "beyond"],
  ["an empty file beyond", { files: [file("a", { offset: 11 })] }, "beyond"],
  ["a type with a line end", { files: [file("a", { type: "text/plain\n" })] }, "media-type"],
  ["no type", { files: [file("a", { type: "" })] }, "media-type"],
];

for (const [name, manifest, rule] of BROKEN) {
  test(`writers refuse ${name}`, () => assert.throws(() => printManifest(manifest, 10), { code: "manifest", detail: rule }));
}

test("what sorts between a folder and its files hides nothing", () => {
  const files = ["a", "a!", "a-b", "a.b", "a0"].map((path) => file(path));
  checkManifest({ files }, 0);
  assert.throws(() => checkManifest({ files: [...files, file("a/b")] }, 0), { detail: "folder-of-another" });
});

test("100,000 files are checked quickly", () => {
  const files = Array.from({ length: 100_000 }, (_, i) => file(`d${i % 300}/${i.toString(36)}`, { type: "a/b" }));
  return quickly(() => checkManifest({ files }, 0));
});

test("the deepest folders are checked quickly", () => {
  const deep = Array.from({ length: 7_000 }, (_, i) => file(`${"a/".repeat(500)}${i}`));
  return quickly(async () => {
    const opened = await openManifest(manifestKey, await sealManifest(manifestKey, { files: deep }), 0);
    assert.equal(opened.files.length, deep.length);
  });
});

test("more files than a manifest holds", async () => {
  const files = Array.from({ length: 150_000 }, (_, i) => file(`folder/${i}`));
  await assert.rejects(sealManifest(manifestKey, { files }), { code: "too_many_files" });
});

for (const [name, text] of /** @type {[string, string][]} */ ([
  ["arrays in arrays", `{"files":[],"x":${"[".repeat(4_000_000)}`],
  ["closed arrays in arrays", `{"files":${"[".repeat(2_000_000)}${"]".repeat(2_000_000)}}`],
  ["a million names", `{${Array.from({ length: 400_000 }, (_, i) => `"a${i}":0`).join(",")}}`],
  ["one name a million times", `{"files":[]${',"a":0'.repeat(1_000_000)}}`],
])) {
  test(`${name} are refused quickly`, () =>
    quickly(() => assert.throws(() => parseManifest(padTo512(text), 0), { code: "manifest", detail: "json" })));
}

test("T30: a sealed manifest beyond the largest is not copied", async () => {
  await assert.rejects(openManifest(manifestKey, new Uint8Array(MAX_PADDED + 29), 0), { code: "rejected" });
});

test("writers pad to powers of two from 4,096 bytes", () => {
  assert.equal(printManifest({ files: [] }, 0).length, 4096);
  assert.equal(printManifest({ files: [], note: "x".repeat(4096 - 22) }, 0).length, 4096);
  assert.equal(printManifest({ files: [], note: "x".repeat(4096 - 21) }, 0).length, 8192);
  assert.equal(printManifest({ files: [], note: "x".repeat(5 * 2 ** 20) }, 0).length, MAX_PADDED);
});

property("what is printed is read back", 300, (random) => {
  const chars = ["a", "é", "\\", '"', "😀", "\u2028", " ", "<", "z".repeat(1 + random(80))];
  const text = () => Array.from({ length: 1 + random(12) }, () => chars[random(chars.length)]).join("");
  let offset = 0;
  const files = Array.from({ length: random(6) }, (_, i) => {
    const size = random(2 ** 32) * random(2 ** 10);
    const codec = /** @type {const} */ ([undefined, "br", "gzip"])[random(3)];
    offset += random(1000);
    const stored = codec ? random(1000) : size;
    const place = { size, offset, stored, ...(codec && { codec }) };
    offset += stored;
    const modified = { modified: (random(3) - 1) * random(2 ** 32) || 0 };
    return file(`${i}${text()}/${text()}`, { ...place, ...(random(2) ? modified : {}), ...(random(2) ? { executable: true } : {}) });
  });
  /** @type {Manifest} */
  const manifest = { files, ...(random(2) && { folders: ["empty"] }), ...(random(2) && { title: text(), note: `\n\t\x01${text()}` }) };
  assert.deepEqual(parseManifest(printManifest(manifest, offset), offset), manifest);
});

/** @param {() => void} work */
function catching(work) {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
