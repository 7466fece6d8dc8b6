// Base64url, links, passwords, labels: what the vectors leave open.

import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode } from "../../../../crates/server/web/container/base64url.js";
import { concat, equal, u64be } from "../../../../crates/server/web/container/bytes.js";
import { openLabel, sealLabel, unwrapShareKey, wrapShareKey } from "../../../../crates/server/web/container/envelope.js";
import { newHeader } from "../../../../crates/server/web/container/header.js";
import { linkValues, newKey, ownerValues } from "../../../../crates/server/web/container/keys.js";
import {
  parseLink,
  parseManageLink,
  printDirectLink,
  printLink,
  printManageLink,
} from "../../../../crates/server/web/container/link.js";
import { normalised } from "../../../../crates/server/web/container/password.js";
import { hex } from "../../vectors/vector.js";
import { bytesOf, property } from "./random.js";

property("base64url: Node's text, and back", 500, (random) => {
  const bytes = bytesOf(random, random(100));
  const text = encode(bytes);
  assert.equal(text, Buffer.from(bytes).toString("base64url"));
  assert.equal(hex(decode(text, bytes.length)), hex(bytes));
});

property("base64url: every other text is refused", 500, (random) => {
  const bytes = bytesOf(random, 1 + random(40));
  const text = encode(bytes);
  const at = random(text.length);
  const changed = text.slice(0, at) + "AZaz09-_+/=. \n\u0141"[random(15)] + text.slice(at + 1);
  try {
    assert.equal(encode(decode(changed, bytes.length)), changed);
  } catch (error) {
    assert.equal(/** @type {any} */ (error).code, "base64url");
  }
  for (const other of [`${text}=`, `${text}A`, text.slice(1), ` ${text.slice(1)}`]) {
    assert.throws(() => decode(other, bytes.length), { code: "base64url" });
  }
});

test("bytes", () => {
  assert.equal(hex(u64be(0x1f_ffff_ffff_ffff)), "001fffffffffffff");
  assert.equal(hex(u64be(2 ** 32)), "0000000100000000");
  assert.ok(equal(Uint8Array.of(1, 2), concat(Uint8Array.of(1), Uint8Array.of(2))));
  assert.ok(!equal(Uint8Array.of(1, 2), Uint8Array.of(1, 3)));
  assert.ok(!equal(Uint8Array.of(1, 2), Uint8Array.of(1)));
});

property("links are printed and read", 200, (random) => {
  const server = ["https://example.org", "http://[::1]:8080/a/b", "http://localhost:1/s", "https://a.b-c.example/manage"][random(4)] ?? "";
  const key = newKey();
  assert.deepEqual(parseLink(printLink({ server, key })), { form: "private", server, key, extension: null, name: null });
  assert.equal(printLink({ server: `${server}/`, key }), printLink({ server, key }));
  const name = Array.from({ length: 1 + random(5) }, () => ["é", "%", "#", "?", " ", "(", "*", "'", "a.b", "/x"][random(10)]).join("").replace(/^\//, "");
  if (name !== "") {
    const link = { server, key, extension: null, name };
    assert.deepEqual(parseLink(printDirectLink(link)), { form: "direct", ...link });
    assert.match(printDirectLink(link).slice(server.length), /^[\w.~%/-]+$/);
  }
  const manage = { server, share: bytesOf(random, 16), secret: newKey() };
  assert.deepEqual(parseManageLink(printManageLink(manage)), manage);
});

test("T36: errors of links hold nothing of the text", () => {
  const key = encode(newKey());
  for (const text of [`https://example.org/s#${key}x`, `https://example.org/${key}/../x`, `nowhere/${key}`]) {
    for (const parse of [parseLink, parseManageLink]) {
      assert.throws(
        () => parse(text),
        (/** @type {any} */ error) => !JSON.stringify([error.message, error.detail]).includes(key.slice(0, 8)),
      );
    }
  }
});

test("servers that are none", () => {
  const key = encode(newKey());
  for (const server of [
    "https://", "https:///", "https://a b", "https://exämple.org", "https://a..b", "https://.a", "https://[::1", "https://[zz]", "https://a:",
    "https://a:65536", "https://a:+1", "https://a:1:2", "https://u@a", "javascript://a", "https:a", "//a", "https://a/x y", "https://a/../b",
    "https://a/%41", "https://a//b", `https://${"a".repeat(254)}`,
  ]) {
    assert.throws(() => parseLink(`${server}/s#${key}`), { code: "link_malformed", detail: "server" }, server);
  }
});

test("passwords are normalised and bounded", () => {
  assert.equal(hex(normalised("e\u0301")), hex(normalised("é")));
  assert.equal(normalised(" a ").length, 3);
  assert.equal(normalised("a".repeat(1024)).length, 1024);
  // 3,072 bytes that NFC makes 1,024 of.
  assert.equal(normalised("\u1100\u1161\u11a8".repeat(341)).length, 1023);
  assert.throws(() => normalised(""), { code: "password_empty" });
  assert.throws(() => normalised("a".repeat(1025)), { code: "password_too_long" });
  assert.throws(() => normalised("x\ud800"), { code: "password_not_unicode" });
});

test("envelopes and labels", async () => {
  const shareKey = newKey();
  const values = await linkValues(newKey(), null);
  const envelope = await wrapShareKey(values, shareKey);
  assert.equal(envelope.length, 60);
  assert.notEqual(hex(envelope), hex(await wrapShareKey(values, shareKey)), "each has a nonce of its own");
  assert.equal(hex(await unwrapShareKey(values, envelope)), hex(shareKey));
  const other = await linkValues(newKey(), null);
  await assert.rejects(unwrapShareKey(other, envelope), { code: "rejected" });
  const { key } = await ownerValues(newKey());
  const label = "é".repeat(128);
  assert.equal(await openLabel(key, values.locator, await sealLabel(key, values.locator, label)), label);
  await assert.rejects(sealLabel(key, values.locator, `${label}a`), { code: "bad_request" });
  await assert.rejects(openLabel(key, other.locator, await sealLabel(key, values.locator, label)), { code: "rejected" });
});

test("T17: two containers of one share key have keys of their own", async () => {
  const shareKey = newKey();
  const [a, b] = [await newHeader(shareKey), await newHeader(shareKey)];
  assert.notEqual(hex(a.bytes), hex(b.bytes));
  await assert.rejects(newHeader(shareKey, 23), { code: "header", detail: "exponent" });
});
