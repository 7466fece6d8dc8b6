// Runs vectors: the same code in Node and in browsers.

import { containerKinds } from "./kinds-container.js";
import { streamKinds } from "./kinds-streams.js";
import { textKinds } from "./kinds-texts.js";
import { Vector } from "./vector.js";
import { OnekeyError } from "../../../crates/server/web/error.js";

/** What a case gives: a word, as in vectors/README.md. @typedef {(vector: Vector) => Promise<string>} Kind */

/** @type {Record<string, Kind>} */
const KINDS = { ...containerKinds, ...streamKinds, ...textKinds };

/** ChaCha20-Poly1305, which no browser has. */
const OTHER_SUITE = "2";

/**
 * Runs one case.
 * @param {string} name `KIND/NAME` @param {Uint8Array} file
 * @returns {Promise<"passed" | "skipped">} skipped: a kind or a suite that we do not have
 * @throws {Error} if the case does not give what it must
 */
export async function runVector(name, file) {
  const vector = new Vector(name, file);
  const kind = KINDS[vector.kind];
  if (!kind) return "skipped";
  if (vector.find("suite") === OTHER_SUITE) {
    const refusal = await outcome(kind, vector);
    if (refusal !== "unsupported-suite") throw new Error(`${name}: suite 2 gives ${refusal}`);
    return "skipped";
  }
  const found = await outcome(kind, vector);
  if (!fits(found, vector.expect)) throw new Error(`${name}: expected ${vector.expect}, found ${found}`);
  return "passed";
}

/** @param {Kind} kind @param {Vector} vector */
async function outcome(kind, vector) {
  try {
    return await kind(vector);
  } catch (error) {
    if (error instanceof OnekeyError) return wordsOf(error);
    throw error;
  }
}

/**
 * Tells whether an outcome is what was expected. All words must fit, but for those that we do not tell: what is wrong with a
 * manifest's JSON, and whether a file's size or its codec shows first.
 * @param {string} found @param {string} expected
 */
function fits(found, expected) {
  if (expected.startsWith("manifest json ")) return found === "manifest json";
  if (expected.startsWith("file ")) return found === expected.split(" ").slice(0, 2).join(" ");
  return found === expected;
}

/** @type {Record<string, string>} */
const REFUSALS = {
  base64url: "refused",
  key_malformed: "refused key-malformed",
  key_missing: "refused key-missing",
  manage_link: "refused manage-link",
  password_empty: "refused empty",
  password_not_unicode: "refused not-unicode",
  password_too_long: "refused too-long",
  truncated: "truncated",
  unsupported_suite: "unsupported-suite",
  wrong_key: "wrong-key",
};

/** @param {OnekeyError} error */
function wordsOf({ code, detail }) {
  if (code === "header" || code === "manifest") return `${code} ${detail}`;
  if (code === "damaged") return `chunk ${detail}`;
  if (code === "rejected") return detail === "length" ? "length" : "rejected";
  if (code === "link_malformed" || code === "manage_link_malformed") return `refused ${detail}`;
  if (code === "size") return String(detail);
  return REFUSALS[code] ?? `an error of code ${code}`;
}
