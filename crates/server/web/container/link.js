// Links and manage links as texts (format.md 2). Readers forgive what mail programs and chats put around a link, and
// never repair a key.

import { decode, encode, textLength } from "./base64url.js";
import { textOf, utf8 } from "./bytes.js";
import { ID_LENGTH, KEY_LENGTH } from "./keys.js";
import { pathRule } from "./path.js";
import { parseServer, prefixed, serverText } from "./server-url.js";
import { OnekeyError } from "../error.js";

/** @import { Bytes } from "./bytes.js" */
/** @import { Start } from "./server-url.js" */
/** @import { ErrorCode } from "../error.js" */

/** `server` has no slash at its end. @typedef {{server: string, key: Uint8Array}} PrivateLink */

/**
 * `extension` and `name` stand behind the key of a direct link.
 * @typedef {{form: "private" | "direct", server: string, key: Bytes, extension: string | null, name: string | null}}
 *   Link
 */

/** @typedef {{server: string, share: Bytes, secret: Bytes}} ManageLink */

const KEY_CHARACTERS = textLength(KEY_LENGTH);

/**
 * @param {string} text that a person passes as a link @returns {Link}
 * @throws {OnekeyError} `key_malformed`, `key_missing`, `manage_link`, `link_malformed` (detail: why)
 */
export function parseLink(text) {
  const { start, path, fragment } = pieces(text, "link_malformed");
  const found = findKey(path);
  if (found !== null) {
    const server = serverOf(start, found.prefix, "link_malformed");
    return { form: "direct", server, key: found.key, ...suffix(found.rest) };
  }
  const prefix = privatePrefix(path);
  if (prefix === null && managePath(path)) throw new OnekeyError("manage_link");
  if (prefix === null) throw new OnekeyError("link_malformed", "not-onekey");
  if (fragment === null) throw new OnekeyError("key_missing");
  const key = keyOf(fragment, KEY_LENGTH);
  if (key === null) throw new OnekeyError("key_malformed");
  return { form: "private", server: serverOf(start, prefix, "link_malformed"), key, extension: null, name: null };
}

/** @param {PrivateLink} link @returns {string} */
export const printLink = ({ server, key }) => `${withoutSlash(server)}/s#${encode(key)}`;

/** @param {Pick<Link, "server" | "key" | "extension" | "name">} link @returns {string} */
export function printDirectLink({ server, key, extension, name }) {
  const rest = extension !== null ? `.${extension}` : name !== null ? `/${name}` : "";
  return `${withoutSlash(server)}/${encode(key)}${percentEncoded(rest)}`;
}

/**
 * @param {string} text @returns {ManageLink}
 * @throws {OnekeyError} `manage_link_malformed` (detail: why)
 */
export function parseManageLink(text) {
  const { start, path, fragment } = pieces(text, "manage_link_malformed");
  const refused = (/** @type {string} */ why) => new OnekeyError("manage_link_malformed", why);
  if (findKey(path) !== null || privatePrefix(path) !== null) throw refused("link");
  const found = managePath(path);
  if (found === null) throw refused("not-onekey");
  if (fragment === null) throw refused("secret-missing");
  const share = keyOf(found.share, ID_LENGTH);
  if (share === null) throw refused("share-malformed");
  const secret = keyOf(fragment, KEY_LENGTH);
  if (secret === null) throw refused("secret-malformed");
  return { server: serverOf(start, found.prefix, "manage_link_malformed"), share, secret };
}

/** @param {{server: string, share: Uint8Array, secret: Uint8Array}} link @returns {string} */
export const printManageLink = ({ server, share, secret }) =>
  `${withoutSlash(server)}/manage/${encode(share)}#${encode(secret)}`;

/** @param {string} server */
const withoutSlash = (server) => server.replace(/\/$/, "");

/**
 * A URL in pieces, before anyone knows what it opens.
 * @param {string} text @param {ErrorCode} refusal
 * @returns {{start: Start, path: string, fragment: string | null}} `path` without the query; an empty fragment is none
 */
function pieces(text, refusal) {
  const start = parseServer(unwrapped(text));
  if (start === null) throw new OnekeyError(refusal, "server");
  const [before, behind] = cut(start.rest, "#");
  const [path] = cut(before, "?");
  if (behind) return { start, path, fragment: behind };
  // Behind a direct link's key, `%23` is a part of the file's name.
  if (findKey(path) !== null) return { start, path, fragment: null };
  const [encodedPath, encoded] = cut(path, "%23");
  return { start, path: encodedPath, fragment: encoded || null };
}

/**
 * @param {string} text @param {string} mark
 * @returns {[string, string | null]} what stands before and behind the first mark
 */
function cut(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** Removes what mail programs and people put around a URL. @param {string} text */
function unwrapped(text) {
  const trimmed = text.trim();
  return trimmed.length > 1 && trimmed.startsWith("<") && trimmed.endsWith(">") ? trimmed.slice(1, -1).trim() : trimmed;
}

/** @param {string} text @param {number} length @returns {Bytes | null} */
function keyOf(text, length) {
  try {
    return decode(text, length);
  } catch {
    return null;
  }
}

/** The first component of the path that begins with a key. @param {string} path */
function findKey(path) {
  for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
    const tail = path.slice(slash + 1);
    const key = keyOf(tail.slice(0, KEY_CHARACTERS), KEY_LENGTH);
    const rest = tail.slice(KEY_CHARACTERS);
    if (key !== null && /^(?:$|[./])/.test(rest)) return { prefix: path.slice(0, slash), key, rest };
  }
  return null;
}

/** @param {string} path @returns {string | null} what stands before `/s` or `/s/` */
function privatePrefix(path) {
  const end = withoutSlash(path);
  return end.endsWith("/s") ? end.slice(0, -2) : null;
}

/** @param {string} path @returns {{prefix: string, share: string} | null} */
function managePath(path) {
  const found = /^(.*)\/manage\/([^/]*)$/s.exec(withoutSlash(path));
  return found && { prefix: /** @type {string} */ (found[1]), share: /** @type {string} */ (found[2]) };
}

/** @param {Start} start @param {string} prefix @param {ErrorCode} refusal */
function serverOf(start, prefix, refusal) {
  const server = prefixed(start, prefix);
  if (server === null) throw new OnekeyError(refusal, "server");
  return serverText(server);
}

/**
 * What stands behind the key. A lone `.` or `/` is nothing: sentences end with one, and some programs add the other.
 * @param {string} rest @returns {{extension: string | null, name: string | null}}
 */
function suffix(rest) {
  if (rest.length < 2) return { extension: null, name: null };
  const text = textOf(percentDecoded(rest.slice(1)));
  const isExtension = rest.startsWith(".");
  if (text === null || pathRule(text) !== null || (isExtension && text.includes("/"))) {
    throw new OnekeyError("link_malformed", "suffix");
  }
  return isExtension ? { extension: text, name: null } : { extension: null, name: text };
}

/** Encodes all but `/` and the unreserved characters: others would end the link early in chats. @param {string} name */
const percentEncoded = (name) =>
  encodeURIComponent(name)
    .replaceAll("%2F", "/")
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Decodes what is encoded and leaves the rest, also a `%` that encodes nothing.
 * @param {string} text @returns {Bytes}
 */
function percentDecoded(text) {
  const bytes = utf8(text);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const pair = bytes[at] === 0x25 ? String.fromCharCode(...bytes.subarray(at + 1, at + 3)) : "";
    const isPair = /^[0-9A-Fa-f]{2}$/.test(pair);
    bytes[length++] = isPair ? parseInt(pair, 16) : /** @type {number} */ (bytes[at]);
    if (isPair) at += 2;
  }
  return bytes.subarray(0, length);
}
