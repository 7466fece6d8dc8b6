// Every word is there in both languages, with the same places; every code of error.js has words.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { CODES } from "../../../../crates/server/web/error.js";
import { chooseLanguage, LANGUAGES, say, sayFailure } from "../../../../crates/server/web/words.js";

const WEB = new URL("../../../../crates/server/web/", import.meta.url);
const { en, de } = LANGUAGES;

/** @param {import("../../../../crates/server/web/words.js").Phrase} phrase */
const forms = (phrase) => (typeof phrase === "string" ? [phrase] : [phrase.one, phrase.other]);

/** @param {string} text */
const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test("both languages have the same phrases, of the same form and with the same places", () => {
  assert.deepEqual(Object.keys(de.words), Object.keys(en.words));
  for (const [key, phrase] of Object.entries(en.words)) {
    const other = de.words[/** @type {keyof typeof en.words} */ (key)];
    assert.equal(typeof other, typeof phrase, key);
    for (const [index, text] of forms(other).entries()) {
      assert.deepEqual(places(text), places(forms(phrase)[index] ?? ""), key);
      assert.notEqual(text.trim(), "", key);
    }
  }
});

test("every code has words for what happened and what to do, in both languages", () => {
  for (const { failures } of [en, de]) {
    assert.deepEqual(Object.keys(failures).sort(), [...CODES].sort());
    for (const [code, [happened, todo]] of Object.entries(failures)) {
      assert.ok(happened.length > 5 && happened.length < 80, code);
      assert.ok(!happened.endsWith("."), `${code}: a heading has no full stop`);
      assert.ok(todo.endsWith("."), `${code}: advice is a sentence`);
      assert.deepEqual([...places(happened), ...places(todo)], [], code);
    }
  }
});

test("failures are not words of the other language", () => {
  for (const code of CODES) assert.notDeepEqual(en.failures[code], de.failures[code], code);
});

test("nothing in the views says a phrase that is not there, and every phrase is said", () => {
  const sources = /** @type {string[]} */ ([]);
  for (const name of readdirSync(WEB, { recursive: true, encoding: "utf8" })) {
    if (!/^(views\/|send\.js|open\.js|manage\.js|tools\.js|escaped\.js)/.test(name) || !name.endsWith(".js")) continue;
    sources.push(readFileSync(new URL(name, WEB), "utf8"));
  }
  const all = sources.join("\n");
  const said = new Set([...all.matchAll(/"([a-zA-Z]+)"/g)].map(([, word]) => word));
  const unused = Object.keys(en.words).filter((key) => !said.has(key));
  assert.deepEqual(unused, []);
});

test("no view writes HTML or styles as text, or logs (T5)", () => {
  for (const name of readdirSync(WEB, { recursive: true, encoding: "utf8" })) {
    if (!/^(views\/|words|send\.js|open\.js|manage\.js|tools\.js|escaped\.js)/.test(name) || !name.endsWith(".js")) continue;
    const source = readFileSync(new URL(name, WEB), "utf8");
    assert.doesNotMatch(
      source,
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|console\./,
      name,
    );
  }
});

test("plural forms and numbers follow the language", () => {
  assert.equal(say("added", { count: 1 }), "1 file added");
  assert.equal(say("added", { count: 5000 }), "5,000 files added");
  assert.equal(say("rename", { name: "{name}" }), "Rename {name}", "what is put in is not read as a place");
});

test("a code that nobody foresaw gets the words of our own mistake", () => {
  assert.deepEqual(sayFailure(/** @type {any} */ ("no_such_code")), sayFailure("internal_page"));
});

test("the first language that the page speaks is taken", () => {
  assert.equal(chooseLanguage(["fr-FR", "de-AT", "en"]), "de");
  assert.equal(chooseLanguage(["en-GB", "de"]), "en");
  assert.equal(chooseLanguage(["DE"]), "de");
  assert.equal(chooseLanguage(["fr"]), "en");
  assert.equal(chooseLanguage([]), "en");
});
