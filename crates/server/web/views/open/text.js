// Short texts can be read here: as text and as nothing else.

import { say } from "../../words.js";
import { confirm } from "../dialog.js";
import { button, el, newId, setText } from "../dom.js";
import { copyText } from "../copy.js";
import { notify } from "../frame.js";
import { shortened, visibleLines } from "../names.js";

/** @import { Engine } from "../../engine.js" */
/** @import { ManifestFile, Opened } from "../../types.js" */

/** Longest text that is shown, in bytes: a longer one is better in a program of the person's own. */
const LONGEST = 64 << 10;

/** Media types of texts that people write for people. */
const TYPES = new Set(["text/plain", "text/markdown", "text/csv"]);

/** @param {ManifestFile} file */
export const isText = ({ type, size }) => size > 0 && size <= LONGEST && TYPES.has(type.split(";", 1)[0] ?? "");

/**
 * Shows one text.
 * @param {Engine} engine @param {Opened} opened @param {number} index
 * @returns {Promise<number | null>} downloads left if one was taken
 */
export async function showText(engine, opened, index) {
  const name = shortened(opened.manifest.files[index]?.path ?? "");
  if (!opened.granted && opened.downloadsLeft !== null) {
    const question = {
      heading: say("viewSpendsHeading"),
      text: say("viewSpends", { count: opened.downloadsLeft }),
      accept: say("viewSpendsDo"),
      refuse: say("cancel"),
      danger: false,
    };
    if (!(await confirm(question))) return null;
  }
  /** @type {number | null} */
  let downloadsLeft = null;
  const request = {
    opened: opened.id,
    files: [index],
    whole: opened.manifest.files.length === 1,
    as: /** @type {const} */ ("file"),
    to: /** @type {const} */ ({ kind: "memory", type: "text/plain" }),
  };
  const { blob } = await engine.save(request, (progress) => (downloadsLeft = progress.downloadsLeft ?? downloadsLeft))
    .done;
  const bytes = (await blob?.arrayBuffer()) ?? new ArrayBuffer(0);
  try {
    await present(name, visibleLines(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    notify(say("textNotText"));
  }
  return downloadsLeft;
}

/** @param {string} name @param {string} text @returns {Promise<void>} when it was closed */
function present(name, text) {
  return new Promise((resolve) => {
    const headingId = newId();
    const area = el("textarea", { readonly: true, rows: 14, "aria-labelledby": headingId, dir: "auto" });
    area.value = text;
    // Said on the button itself: a notice would stand behind the dialog.
    const copying = button("quiet", say("copyText"), async () => {
      setText(copying, say((await copyText(text, area)) ? "copied" : "copyFailed"));
    });
    const dialog = el(
      "dialog",
      { "aria-labelledby": headingId, class: "wide" },
      el("h2", { id: headingId }, say("textShown", { name })),
      area,
      el(
        "div",
        { class: "actions" },
        copying,
        button("primary", say("close"), () => dialog.close()),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve();
    });
    document.body.append(dialog);
    dialog.showModal();
    area.focus();
  });
}
