// The same bytes through the same server with plain `fetch`, in parts of the same size, and nothing encrypted: what the page
// could reach at most. The server asks for a digest of each part; those are made beforehand.

import { createHash, randomBytes } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

import { MIB } from "./stage.js";

/** An encrypted chunk of the usual size. */
const CHUNK = 65_536 + 28;

/** Parts as the page plans them: about 8 MiB, whole chunks. */
export const PART = Math.floor((8 * MIB) / CHUNK) * CHUNK;

/** Parts on their way at once, as the page has them. */
const AT_ONCE = 4;

/** A header that the server takes: version 1, suite 1, chunks of 64 KiB; what stands behind is random. */
const header = () => Buffer.concat([Buffer.from("896f6e656b65790a01011000000000 00".replaceAll(" ", ""), "hex"), randomBytes(56)]).toString("base64url");

/** @param {string} path @param {number} size @returns {string[]} digests of its parts */
export function digests(path, size) {
  const file = openSync(path, "r");
  const buffer = Buffer.alloc(PART);
  const all = [];
  for (let at = 0; at < size; at += PART) {
    const read = readSync(file, buffer, 0, Math.min(PART, size - at), at);
    all.push(`sha-256=:${createHash("sha256").update(buffer.subarray(0, read)).digest("base64")}:`);
  }
  closeSync(file);
  return all;
}

/**
 * Sends a file that an `input` of the page holds. @param {import("../support/person.js").Person} person @param {string} path
 * @param {number} size @param {string[]} digestsOfParts @returns {Promise<{seconds: number, proof: string, locator: string}>}
 */
export async function sendRaw(person, path, size, digestsOfParts) {
  const token = randomBytes(32);
  const proof = randomBytes(32);
  const locator = randomBytes(16).toString("base64url");
  const sha = (/** @type {Buffer} */ bytes) => createHash("sha256").update(bytes).digest("base64url");
  await person.page.evaluate(() => {
    const input = document.createElement("input");
    input.type = "file";
    input.id = "raw";
    document.body.append(input);
  });
  await (await person.page.$("#raw")).uploadFile(path);
  const took = await person.page.evaluate(async (given) => {
    const file = document.querySelector("#raw").files[0];
    const json = { "Content-Type": "application/json" };
    const begun = performance.now();
    const created = await fetch("/api/v1/uploads", {
      method: "POST", headers: json,
      body: JSON.stringify({ header: given.header, part_size: given.part, size: given.size, owner_verifier: given.ownerVerifier, owner_envelope: null }),
    });
    if (created.status !== 201) throw new Error(`${created.status} ${await created.text()}`);
    const { id } = await created.json();
    const authorization = { Authorization: `Onekey-Owner ${given.token}` };
    let next = 0;
    const lane = async () => {
      while (next < given.digests.length) {
        const n = next++;
        const body = file.slice(n * given.part, Math.min((n + 1) * given.part, given.size));
        const answer = await fetch(`/api/v1/uploads/${id}/parts/${n}`, { method: "PUT", headers: { ...authorization, "Content-Digest": given.digests[n] }, body });
        if (answer.status !== 204) throw new Error(`${answer.status} ${await answer.text()}`);
      }
    };
    await Promise.all(Array.from({ length: given.lanes }, lane));
    const done = await fetch(`/api/v1/uploads/${id}/complete`, { method: "POST", headers: { ...json, ...authorization }, body: JSON.stringify(given.complete) });
    if (done.status !== 201) throw new Error(`${done.status} ${await done.text()}`);
    return (performance.now() - begun) / 1000;
  }, {
    header: header(), part: PART, size, digests: digestsOfParts, lanes: AT_ONCE, token: token.toString("base64url"), ownerVerifier: sha(token),
    complete: {
      size, manifest: randomBytes(28 + 4096).toString("base64url"),
      link: {
        locator, verifier: sha(proof), envelope: randomBytes(60).toString("base64url"), password: false, direct: false, max_downloads: null, expires_in: 3600, label: null,
      },
    },
  });
  return { seconds: took, proof: proof.toString("base64url"), locator };
}

/**
 * Fetches a payload, and drops it or writes it to a file. @param {import("../support/person.js").Person} person
 * @param {{proof: string, locator: string}} link @param {boolean} toFile @returns {Promise<number>} seconds
 */
export async function fetchRaw(person, { proof, locator }, toFile) {
  return person.page.evaluate(async (given) => {
    const begun = performance.now();
    const granted = await fetch(`/api/v1/links/${given.locator}/grants`, { method: "POST", headers: { Authorization: `Onekey-Proof ${given.proof}` } });
    const { grant } = await granted.json();
    const answer = await fetch("/api/v1/payload", { headers: { Authorization: `Onekey-Grant ${grant}` } });
    let sink = new WritableStream();
    const root = await navigator.storage.getDirectory();
    if (given.toFile) sink = await (await root.getFileHandle("raw", { create: true })).createWritable();
    await answer.body.pipeTo(sink);
    const took = (performance.now() - begun) / 1000;
    if (given.toFile) await root.removeEntry("raw");
    return took;
  }, { proof, locator, toFile });
}
