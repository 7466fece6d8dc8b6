// Names that leave the browser: of zip entries, and of the file that is saved. The manifest's rules (format.md 7) already
// refuse `..`, absolute paths and control characters; what is left depends on the system that unpacks, which nobody knows.

/** Longest name that every file system takes, in bytes of UTF-8. */
const MAX_NAME_BYTES = 240;

/** What Windows, or a browser, would take for something else than a part of a name. */
const NOT_IN_NAMES = /[\u0000-\u001f\u007f-\u009f/\\:*?"<>|]/gu;

/** Marks that turn the direction of text, so that an ending reads as another one. */
const TURNING = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Names of devices on Windows, whatever ending they have. */
const DEVICE = /^(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(\.|$)/iu;

/**
 * The name of an entry of a zip: the path, but that nothing in it leads out of the folder on Windows, where `\` divides
 * too and `C:` is a drive.
 * @param {string} path
 * @param {Set<string>} taken names so far; the new one is added, and is none of them
 * @returns {string}
 */
export function zipName(path, taken) {
  const name = path.replaceAll("\\", "_").split("/").map(component).join("/");
  let free = name;
  for (let more = 2; taken.has(free); more++) free = numbered(name, more);
  taken.add(free);
  return free;
}

/** @param {string} name of a path, without `\` */
function component(name) {
  // Windows drops dots and spaces at an end: `.. ` is `..` there.
  if (/^[. ]*\.[. ]*$/u.test(name)) return name.replace(/[. ]/gu, "_");
  return name.replace(/^([A-Za-z]):/u, "$1_");
}

/** @param {string} name @param {number} number @returns {string} the number before the ending */
function numbered(name, number) {
  const [, stem = name, ending = ""] = /^(.*[^/])(\.[^./]*)$/su.exec(name) ?? [];
  return `${stem} (${number})${ending}`;
}

/**
 * The name of a file that is saved: what stands behind the last `/`, as every system takes it.
 * @param {string} path
 * @returns {string} never empty
 */
export function savedName(path) {
  const base = path.slice(path.lastIndexOf("/") + 1);
  const clean = base.replace(TURNING, "").replace(NOT_IN_NAMES, "_").replace(/^[. ]+/u, "").replace(/[. ]+$/u, "");
  const name = DEVICE.test(clean) ? `_${clean}` : clean;
  return shortened(name) || "download";
}

/** @param {string} name */
function shortened(name) {
  const length = (/** @type {string} */ text) => new TextEncoder().encode(text).length;
  if (length(name) <= MAX_NAME_BYTES) return name;
  const [, stem = name, ending = ""] = /^(.*)(\.[^.]{1,16})$/su.exec(name) ?? [];
  const characters = [...stem];
  while (length(characters.join("") + ending) > MAX_NAME_BYTES) characters.pop();
  return characters.join("") + ending;
}
