// Names that others chose, shown so that they cannot pretend: control, invisible and direction-changing characters as
// escapes, and the whole apart from the direction of the text around it.

import { el } from "./dom.js";

// Controls, formats (direction overrides, zero-width), line and paragraph separators, unassigned and private
// characters, lone surrogates, and letters that print as nothing. A joiner between two pictures is a part of one emoji
// and stays.
const JOINER = /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})/u;
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}\u115f\u1160\u2800\u3164\uffa0]/u;
const UNSEEN = new RegExp(`(${JOINER.source})|${HIDDEN.source}`, "gu");

/** Longest name that is shown whole, in characters: paths may have 1,024 bytes. Longer ones lose their middle. */
const SHOWN_LENGTH = 160;

/**
 * @param {string} text
 * @returns {string} `text` with everything that cannot be seen written as an escape
 */
export function visible(text) {
  return text.replace(UNSEEN, (found, joiner) => joiner ?? `\\u{${found.codePointAt(0)?.toString(16)}}`);
}

/** @param {string} text @returns {string} `text` as in `visible`, and not too long: start and end stay */
export function shortened(text) {
  const shown = [...visible(text)];
  if (shown.length <= SHOWN_LENGTH) return shown.join("");
  const half = SHOWN_LENGTH / 2;
  return `${shown.slice(0, half).join("")}…${shown.slice(-half).join("")}`;
}

/** @param {string} text that others chose @returns {HTMLElement} */
export const nameElement = (text) => el("bdi", { class: "name" }, shortened(text));

/**
 * A path: its folders quietly, its name in full.
 * @param {string} path
 * @returns {HTMLElement}
 */
export function pathElement(path) {
  const cut = path.lastIndexOf("/") + 1;
  const folders = cut > 0 && el("bdi", { class: "folders" }, shortened(path.slice(0, cut)));
  return el("span", { class: "path" }, folders, nameElement(path.slice(cut)));
}

/**
 * A text of several lines (a note, a shown file): line breaks and tabs stay, all else as in a name.
 * @param {string} text
 * @returns {string}
 */
export const visibleLines = (text) =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.split("\t").map(visible).join("\t"))
    .join("\n");
