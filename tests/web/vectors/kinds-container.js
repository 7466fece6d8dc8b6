// Kinds `envelope`, `label`, `manifest`, `manifest-json`, `owner-envelope`.

import { encode } from "../../../crates/server/web/container/base64url.js";
import { concat, utf8 } from "../../../crates/server/web/container/bytes.js";
import { hkdf } from "../../../crates/server/web/container/derive.js";
import { openLabel, unwrapForOwner, unwrapShareKey } from "../../../crates/server/web/container/envelope.js";
import { openHeader } from "../../../crates/server/web/container/header.js";
import { linkValues, ownerValues } from "../../../crates/server/web/container/keys.js";
import { openManifest, parseManifest, printManifest } from "../../../crates/server/web/container/manifest.js";
import { passwordKey } from "../../../crates/server/web/container/password.js";

/** @import { Vector } from "./vector.js" */
/** @import { Manifest } from "../../../crates/server/web/types.js" */

/** @type {Record<string, import("./run.js").Kind>} */
export const containerKinds = {
  async envelope(vector) {
    const linkKey = vector.bytes("link-key");
    const password = vector.find("password");
    const values = await linkValues(linkKey, password === null ? null : await passwordKey(linkKey, password));
    vector.check("locator", values.locator);
    vector.check("proof", values.proof);
    vector.check("verifier", values.verifier);
    vector.check("wrap-key", values.wrapKey);
    const path = vector.find("etag-path");
    if (path !== null) {
      const info = concat(utf8("onekey/v1/etag"), Uint8Array.of(0), utf8(path));
      vector.check("etag", encode(await hkdf(linkKey, "", info, 12)));
    }
    vector.check("share-key", await unwrapShareKey(values, vector.body));
    return "ok";
  },

  async "owner-envelope"(vector) {
    const values = await ownerValues(vector.bytes("owner-secret"));
    vector.check("owner-token", values.token);
    vector.check("owner-verifier", values.verifier);
    vector.check("owner-key", values.key);
    vector.check("share-key", await unwrapForOwner(values.key, vector.bytes("header"), vector.body));
    return "ok";
  },

  async label(vector) {
    const { key } = await ownerValues(vector.bytes("owner-secret"));
    vector.check("label", await openLabel(key, vector.bytes("locator"), vector.body));
    return "ok";
  },

  async manifest(vector) {
    const { manifestKey } = await openHeader(vector.bytes("header"), vector.bytes("share-key"));
    checkManifest(vector, await openManifest(manifestKey, vector.body, vector.number("plaintext-length")));
    return "ok";
  },

  async "manifest-json"(vector) {
    const padded = new Uint8Array(Math.max(vector.number("pad-to"), vector.body.length)).fill(0x20);
    padded.set(vector.body);
    const manifest = parseManifest(padded, vector.number("plaintext-length"));
    checkManifest(vector, manifest);
    const printed = parseManifest(printManifest(manifest, vector.number("plaintext-length")), vector.number("plaintext-length"));
    checkManifest(vector, printed);
    return "ok";
  },
};

/** @param {Vector} vector @param {Manifest} manifest */
function checkManifest(vector, manifest) {
  vector.check("files", manifest.files.length);
  vector.check("known", JSON.stringify(manifest));
}
