// The buttons that add something, and the calm area around them.

import { say } from "../../words.js";
import { el } from "../dom.js";
import { size } from "../format.js";
import { TOOLS } from "../frame.js";
import { icon } from "../icons.js";
import { canPickFolders, pick } from "../pick.js";
import { writeText } from "./write.js";

/** @import { Found } from "../entries.js" */
/** @import { Icon } from "../icons.js" */

/**
 * @param {(found: Found[]) => void} onFound
 * @param {string} label of the group
 * @param {boolean} [shown] whether the label can be seen
 */
export function addButtons(onFound, label, shown = false) {
  const add = (/** @type {Icon} */ picture, /** @type {string} */ text, /** @type {() => void} */ onclick) =>
    el("button", { type: "button", class: "add", onclick }, icon(picture), text);
  return el(
    "div",
    { class: "add-buttons", role: "group", "aria-label": label },
    shown && el("span", { class: "hint", "aria-hidden": "true" }, label),
    add("file", say("pickFiles"), () => pick("files", onFound)),
    canPickFolders && add("folder", say("pickFolder"), () => pick("folder", onFound)),
    add("text", say("writeText"), async () => {
      const written = await writeText();
      if (written) onFound([written]);
    }),
  );
}

/**
 * Leads on to what sends by itself, if the server takes that. Its place is kept, so that nothing jumps.
 * @param {Promise<import("../../types.js").ServerDescription | null>} described
 */
export function toolsHint(described) {
  const hint = el("p", { class: "hint tools-hint" });
  void described.then((server) => {
    if (server?.direct) hint.append(el("a", { href: TOOLS }, say("toolsHint")));
  });
  return hint;
}

/**
 * @param {(found: Found[]) => void} onFound
 * @param {Promise<import("../../types.js").ServerDescription | null>} described
 */
export function dropArea(onFound, described) {
  const limit = el("p", { class: "hint limit" });
  void described.then((server) => {
    if (server?.max_size) limit.textContent = say("sizeLimit", { size: size(server.max_size) });
  });
  return el(
    "section",
    { class: "drop", "aria-label": say("chooseGroup") },
    icon("up"),
    el("p", { class: "drop-words" }, say("dropHere")),
    // Where nothing can be dropped, the style shows these words instead.
    el("p", { class: "drop-touch" }, say("chooseGroup")),
    el("p", { class: "drop-or" }, say("orChoose")),
    addButtons(onFound, say("chooseGroup")),
    el("p", { class: "hint paste-hint" }, say("pasteHint")),
    limit,
  );
}
