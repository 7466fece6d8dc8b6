// The form of a manifest's JSON: exactly what `JSON.stringify` prints, and fields of the right types. Readers that
// forgave different mistakes could be shown different files.

import { isUnicode } from "./bytes.js";

/** @import { Manifest, ManifestFile } from "../types.js" */

/** Values by the names of fields. @typedef {Record<string, unknown>} Fields */

const CODECS = ["br", "gzip"];

/** @param {unknown} value @returns {value is string} */
const isText = (value) => typeof value === "string" && isUnicode(value);

/** @param {unknown} value */
const isInteger = (value) => Number.isSafeInteger(value);

/** @param {unknown} value */
const isNatural = (value) => isInteger(value) && /** @type {number} */ (value) >= 0;

/** @param {(value: unknown) => boolean} isItem @returns {(value: unknown) => boolean} */
const isListOf = (isItem) => (value) => Array.isArray(value) && value.every(isItem);

/**
 * @typedef {{required: Record<string, (value: unknown) => boolean>, optional: Record<string, (value: unknown) =>
 *   boolean>}} Shape
 */

/** @type {Shape} */
const FILE = {
  required: { path: isText, type: isText, size: isNatural, offset: isNatural, stored: isNatural },
  optional: {
    codec: (value) => CODECS.includes(/** @type {string} */ (value)),
    modified: isInteger,
    executable: (value) => typeof value === "boolean",
  },
};

/** @type {Shape} */
const MANIFEST = {
  required: { files: isListOf((file) => hasShape(file, FILE)) },
  optional: { folders: isListOf(isText), title: isText, note: isText },
};

/**
 * Reads the JSON of a manifest.
 * @param {string} text
 * @returns {Manifest | null} null if it is not one, or is written otherwise than `JSON.stringify` does
 */
export function readForm(text) {
  try {
    const value = JSON.parse(text);
    // The shape first: it has no depth, and printing what is deep would need a deep stack.
    if (!hasShape(value, MANIFEST) || JSON.stringify(value) !== text) return null;
    return known(value);
  } catch {
    return null;
  }
}

/**
 * @param {Manifest} manifest
 * @returns {Manifest} only the fields that version 1 knows, in the format's order, without what says nothing
 */
export function known({ files, folders = [], title, note }) {
  return {
    files: files.map(knownFile),
    ...(folders.length > 0 && { folders }),
    ...(title !== undefined && { title }),
    ...(note !== undefined && { note }),
  };
}

/** @param {ManifestFile} file @returns {ManifestFile} */
function knownFile({ path, type, size, offset, stored, codec, modified, executable = false }) {
  return {
    path,
    type,
    size,
    offset,
    stored,
    ...(codec !== undefined && { codec }),
    ...(modified !== undefined && { modified }),
    ...(executable && { executable }),
  };
}

/** @param {unknown} value @param {Shape} shape */
function hasShape(value, { required, optional }) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const fields = /** @type {Fields} */ (value);
  for (const name in required) if (!Object.hasOwn(fields, name)) return false;
  for (const name of Object.keys(fields)) {
    const check = own(required, name) ?? own(optional, name);
    if (check ? !check(fields[name]) : !mayBeIgnored(name, fields[name])) return false;
  }
  return true;
}

/** @param {Record<string, (value: unknown) => boolean>} checks @param {string} name */
const own = (checks, name) => (Object.hasOwn(checks, name) ? checks[name] : undefined);

/**
 * Fields of later versions. Names like `0` or `__proto__` mean something of their own to JavaScript.
 * @param {string} name @param {unknown} value
 */
function mayBeIgnored(name, value) {
  if (!/^[A-Za-z]/.test(name) || !isUnicode(name)) return false;
  return isText(value) || isNatural(value) || typeof value === "boolean" || value === null;
}
