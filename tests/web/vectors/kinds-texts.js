// Kinds `base64url`, `link`, `manage-link`, `padding`, `password`, `size`.

import { decode, encode } from "../../../crates/server/web/container/base64url.js";
import {
  parseLink,
  parseManageLink,
  printDirectLink,
  printLink,
  printManageLink,
} from "../../../crates/server/web/container/link.js";
import { padded } from "../../../crates/server/web/container/padding.js";
import { passwordKey } from "../../../crates/server/web/container/password.js";
import { chunkCount, payloadLength, plaintextLength } from "../../../crates/server/web/container/size.js";
import { OnekeyError } from "../../../crates/server/web/error.js";

/** @type {Record<string, import("./run.js").Kind>} */
export const textKinds = {
  async base64url(vector) {
    // What is not UTF-8 can never reach us as a text.
    const text = vector.text ?? "\ufffd";
    const bytes = decode(text, vector.number("length"));
    vector.check("bytes", bytes);
    if (encode(bytes) !== text) throw new Error(`${vector.name}: printed otherwise`);
    return "ok";
  },

  async link(vector) {
    const link = parseLink(vector.text ?? "");
    vector.check("form", link.form);
    vector.check("server", link.server);
    vector.check("link-key", link.key);
    vector.check("url", link.form === "private" ? printLink(link) : printDirectLink(link));
    const { extension, name } = link;
    if (extension !== vector.find("extension")) throw new Error(`${vector.name}: extension`);
    if (name !== vector.find("name")) throw new Error(`${vector.name}: name`);
    return "ok";
  },

  async "manage-link"(vector) {
    const link = parseManageLink(vector.text ?? "");
    vector.check("server", link.server);
    vector.check("share", link.share);
    vector.check("owner-secret", link.secret);
    vector.check("url", printManageLink(link));
    return "ok";
  },

  async padding(vector) {
    vector.check("padded", padded(vector.number("total")));
    return "ok";
  },

  async password(vector) {
    let text = vector.text;
    if (text === null) throw new OnekeyError("password_not_unicode");
    // The page reads no password from a file; whoever does drops one line end.
    if (vector.get("source") === "file") text = text.replace(/\r?\n$/, "");
    vector.check("password-key", await passwordKey(vector.bytes("link-key"), text));
    return "ok";
  },

  async size(vector) {
    const exponent = vector.number("exponent");
    const length = vector.number("payload-length");
    const plaintext = plaintextLength(length, exponent);
    vector.check("plaintext-length", plaintext);
    if (vector.expect !== "ok") return "a plaintext";
    if (payloadLength(plaintext, exponent) !== length) throw new Error(`${vector.name}: not inverse`);
    if (length - plaintext !== 28 * chunkCount(plaintext, exponent)) throw new Error(`${vector.name}: chunks`);
    return "ok";
  },
};
