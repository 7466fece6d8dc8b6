// Values that two independent programs agreed on (format.md 11), which the vectors cannot pin as they fix the nonces.

import assert from "node:assert/strict";
import { test } from "node:test";
import { encode } from "../../../../crates/server/web/container/base64url.js";
import { concat, u64be, utf8 } from "../../../../crates/server/web/container/bytes.js";
import { cipherKey } from "../../../../crates/server/web/container/derive.js";
import { labelAad, ownerAad } from "../../../../crates/server/web/container/envelope.js";
import { dangerHeader, openHeader, rawKeys } from "../../../../crates/server/web/container/header.js";
import { linkValues, ownerValues } from "../../../../crates/server/web/container/keys.js";
import { openManifest, printManifest } from "../../../../crates/server/web/container/manifest.js";
import { dangerSeal } from "../../../../crates/server/web/container/message.js";
import { passwordKey } from "../../../../crates/server/web/container/password.js";
import { dangerEncryptChunks } from "../../../../crates/server/web/container/payload.js";
import { hex, sha256 } from "../../vectors/vector.js";

/** @param {number} from @param {number} length */
const counting = (from, length) => Uint8Array.from({ length }, (_, i) => from + i);

const K = counting(0, 32);
const S = counting(0x40, 32);
const O = counting(0x60, 32);
const NONCE = counting(0, 12);
const header = await dangerHeader(S, 10, counting(0x20, 24));

test("key in URLs", () => assert.equal(encode(K), "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"));

test("link", async () => {
  const values = await linkValues(K, null);
  assert.equal(hex(values.locator), "6b761d8df9cde640a5bfb8c9cb0a9d1a");
  assert.equal(hex(values.proof), "e9a53110f4334ad66890e33d644846305bde952e15572a36590462b59779b509");
  assert.equal(hex(values.verifier), "ac4b5176559ed818ac1e7896236cf61a6cf9520f026da44c8c9136c0cf284c90");
  assert.equal(hex(values.wrapKey), "e85b535bc7928f4fd01a5acf68f6f05046c54c54ff1263709cfbf5d3287da90e");
  assert.equal(
    hex(await dangerSeal(await cipherKey(values.wrapKey), values.locator, S, NONCE)),
    "000102030405060708090a0b40fd7cd36a5386616e6cfc28f04186f9bebaa9b745bbad8b48e6016f2af98d5604f3e9ee6f9a9a077d9cc2d4120ca026",
  );
});

test("password", async () => {
  const P = await passwordKey(K, "correct horse");
  assert.equal(hex(P), "7ca2085ec83912ebde2dde6e0385c7acf84641695bc3b02c10d1e25cf86624ee");
  const { proof, wrapKey } = await linkValues(K, P);
  assert.equal(hex(proof), "70f734f2bcda1250e68759f0fec47dc8b8af834d4f69f044904baf12cf90486c");
  assert.equal(hex(wrapKey), "045b54c56cd329d21d258480e70581a0d2f75333fa5d52edeebb0e3fe280c6a5");
});

test("owner", async () => {
  const { token, verifier, key } = await ownerValues(O);
  assert.equal(hex(token), "57d2d61a1a9bef376b738a18abdd88425ce51afb97be9da03b2755131aa4ccbf");
  assert.equal(hex(verifier), "e871e8ec388a2e1201b8c7c9371aa7bd0e99edfb218d1e597244e5165cecb0ef");
  assert.equal(hex(key), "7f5e28a70e1ac459a95819e57b34e0e158e73c087a6906905ee566323c7f86d3");
  const ownerKey = await cipherKey(key);
  assert.equal(
    hex(await dangerSeal(ownerKey, ownerAad(header.bytes), S, NONCE)),
    "000102030405060708090a0b3af9d7475ea976397360ef27ac8d5c6a78eb815605985090abb20ea38d35fc76628187de5f1373773232f47bce81fbb6",
  );
  const { locator } = await linkValues(K, null);
  assert.equal(
    hex(await dangerSeal(ownerKey, labelAad(locator), utf8("for Bob"), NONCE)),
    "000102030405060708090a0b1cd7e724588352ebfbcaff472411b5675bb0ae04f06693",
  );
});

test("header", async () => {
  assert.equal(
    hex(header.bytes),
    "896f6e656b65790a01010a0000000000202122232425262728292a2b2c2d2e2f303132333435363730debc413971afef33f6840fd67f6fa0720df8d1bf87542300b92caf7f96df53",
  );
  const { payload, manifest } = await rawKeys(S, header.bytes);
  assert.equal(hex(payload), "527489398a072cb23a7a83167272b5cc65682ff5a3cc8ffdb3c96d46740adf11");
  assert.equal(hex(manifest), "3461b30b45cb46983af5e5c5ec5712636018e03b29f6283ebed47f7dc0e24632");
  assert.equal((await openHeader(header.bytes, S)).exponent, 10);
});

/** @param {Uint8Array} plaintext */
const payloadOf = (plaintext) =>
  dangerEncryptChunks(header.payloadKey, 10, 0, plaintext, true, (nonce, index) => nonce.set(concat(u64be(index), utf8("nnce"))));

test("payload of abc", async () => {
  assert.equal(hex(await payloadOf(utf8("abc"))), "00000000000000006e6e636589cc4ed0962a954a54ee670f760560ed11e897");
});

for (const [length, payloadLength, digest] of /** @type {const} */ ([
  [0, 28, "eff93e1c"],
  [1023, 1051, "978e8524"],
  [1024, 1080, "8d366713"],
  [2500, 2584, "c9d31b2c56cf4cffbd60f956ad68c3fdc568230c5b9af304f98d59bf588eee65"],
])) {
  test(`payload of ${length} bytes`, async () => {
    const payload = await payloadOf(Uint8Array.from({ length }, (_, x) => 7 * x));
    assert.equal(payload.length, payloadLength);
    assert.equal((await sha256(payload)).slice(0, digest.length), digest);
  });
}

test("manifest", async () => {
  /** @type {import("../../../../crates/server/web/types.js").Manifest} */
  const manifest = { files: [{ path: "a.txt", type: "text/plain", size: 3, offset: 0, stored: 3 }], note: "é" };
  const sealed = await dangerSeal(header.manifestKey, utf8("manifest"), printManifest(manifest, 3), NONCE);
  assert.equal(sealed.length, 4124);
  assert.equal(await sha256(sealed), "376205a0b94e82e8368691976baa88460aa90c890965afd0ef41bd08de56e24e");
  assert.deepEqual(await openManifest(header.manifestKey, sealed, 3), manifest);
});
