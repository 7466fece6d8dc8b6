// The browser's own pickers. The fields stay in the document, hidden: a button of ours opens them.

import { el } from "./dom.js";
import { fromFiles } from "./entries.js";

/** @import { Found } from "./entries.js" */

/** Whether this browser can pick a whole folder. */
export const canPickFolders = "webkitdirectory" in HTMLInputElement.prototype;

/** @type {Record<"files" | "folder", HTMLInputElement | null>} */
const fields = { files: null, folder: null };

/** @type {(found: Found[]) => void} */
let answer = () => {};

/** @param {"files" | "folder"} kind */
function fieldOf(kind) {
  const made =
    fields[kind] ??
    el("input", {
      type: "file",
      name: kind,
      multiple: true,
      webkitdirectory: kind === "folder",
      hidden: true,
      onchange: () => {
        const found = fromFiles(made.files ?? []);
        // The same files can be picked again later.
        made.value = "";
        answer(found);
      },
    });
  fields[kind] = made;
  if (!made.isConnected) document.body.append(made);
  return made;
}

/** Puts the fields into the document. */
export function preparePickers() {
  fieldOf("files");
  fieldOf("folder");
}

/**
 * Opens a picker. Going back without a choice calls nothing.
 * @param {"files" | "folder"} kind @param {(found: Found[]) => void} onPicked
 */
export function pick(kind, onPicked) {
  answer = onPicked;
  fieldOf(kind).click();
}
