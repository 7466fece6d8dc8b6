// A text to copy, in a box where long lines scroll.

import { say } from "../../words.js";
import { copyButton } from "../copy.js";
import { el, newId } from "../dom.js";

/**
 * @param {string} label @param {string} text
 * @param {string | null} [file] name of the file that it can be saved as
 */
export function codeBox(label, text, file = null) {
  const lines = text.trimEnd().split("\n").length;
  const id = newId();
  const area = el("textarea", { id, readonly: true, class: "code", rows: lines, wrap: "off", spellcheck: "false" });
  area.value = text;
  return el(
    "div",
    { class: "code-box" },
    el("label", { for: id }, label),
    file && fileLink(file, text),
    copyButton("quiet small", say("copyShort"), area, { "aria-label": say("copyNamed", { name: label }) }),
    area,
  );
}

/** @param {string} name @param {string} text */
function fileLink(name, text) {
  // It lives as long as the page does: a link can be followed more than once.
  const href = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  return el("a", { class: "button small", href, download: name }, say("saveAs", { name }));
}

/** Things to do, one after the other. @param {...(string | false)} steps */
export const steps = (...steps) =>
  el("ol", { class: "steps" }, ...steps.map((step) => step && el("li", {}, step)));
