// Uploads that a reload or a crash cut off: continue them, or forget them.

import { OnekeyError } from "../../error.js";
import { say } from "../../words.js";
import { ask, confirm } from "../dialog.js";
import { button, el, newId } from "../dom.js";
import { fromNow, size } from "../format.js";
import { announce, notify } from "../frame.js";
import { matchFiles } from "../matching.js";
import { pathElement } from "../names.js";
import { passwordField } from "../password.js";
import { canPickFolders, pick } from "../pick.js";

/** @import { Engine } from "../../engine.js" */
/** @import { SendRequest, SourceFile, UnfinishedUpload } from "../../types.js" */
/** @import { Found } from "../entries.js" */

/** Names that are shown of an upload, and of what is missing of it. */
const NAMES = 5;

/**
 * @typedef {object} Events
 * @property {(request: Omit<SendRequest, "uploadSecret">) => void} continue
 * @property {(error: OnekeyError) => void} failed
 */

export class UnfinishedView {
  #engine;
  #events;

  /** @param {Engine} engine @param {Events} events */
  constructor(engine, events) {
    this.#engine = engine;
    this.#events = events;
  }

  /** @param {UnfinishedUpload} upload @returns {HTMLElement} */
  card(upload) {
    /** @type {Found[]} what was picked so far: files and folders may come in several steps */
    const picked = [];
    const missing = el("div", { class: "missing" });
    const take = (/** @type {Found[]} */ found) => {
      picked.push(...found);
      const match = matchFiles(upload.files, picked);
      if (match.missing.length === 0) return void this.#continue(upload, match.files);
      const text =
        match.files.length === 0 ? say("unfinishedNone") : say("unfinishedMissing", { count: match.missing.length });
      missing.replaceChildren(el("p", { class: "wrong" }, text));
      if (match.files.length > 0) missing.append(names(match.missing));
      announce(text);
    };
    const headingId = newId();
    const total = upload.total ?? upload.expected;
    const inFolders = upload.files.some(({ path }) => path.includes("/"));
    const go = upload.needsFiles
      ? [
          button("quiet", say("unfinishedPickFiles"), () => pick("files", take)),
          canPickFolders && inFolders && button("quiet", say("unfinishedPickFolder"), () => pick("folder", take)),
        ]
      : [button("quiet", say("unfinishedContinue"), () => void this.#continue(upload, []))];
    const card = el(
      "div",
      { class: "card", role: "group", "aria-labelledby": headingId },
      el("h2", { id: headingId }, say("unfinishedHeading")),
      el(
        "p",
        {},
        say("unfinishedBegun", { when: fromNow(upload.startedAt), done: size(upload.sent), total: size(total) }),
      ),
      names(upload.files.map(({ path }) => path)),
      el("p", {}, say(upload.needsFiles ? "unfinishedPick" : "unfinishedReady")),
      missing,
      el(
        "div",
        { class: "actions" },
        ...go,
        button("quiet", say("unfinishedForget"), () => void this.#forget(upload, card)),
      ),
    );
    return card;
  }

  /** @param {UnfinishedUpload} upload @param {SourceFile[]} files */
  async #continue(upload, files) {
    /** @type {string | null} */
    let password = null;
    if (upload.needsPassword) {
      const { element, input } = passwordField({ label: say("passwordField"), autocomplete: "off" });
      password = await ask({
        heading: say("passwordAgainHeading"),
        text: say("unfinishedPassword"),
        content: [element],
        accept: say("continue"),
        onAccept: () => (input.value === "" ? say("passwordEmpty") : { typed: input.value }),
      }).then((answer) => answer?.typed ?? null);
      if (password === null) return;
    }
    // Title, note, end and cap of the upload stand in its record; these are not looked at.
    this.#events.continue({
      files,
      folders: [],
      title: null,
      note: null,
      expiresIn: null,
      maxDownloads: null,
      password,
      compress: true,
      continues: upload.id,
    });
  }

  /** @param {UnfinishedUpload} upload @param {HTMLElement} card */
  async #forget(upload, card) {
    const question = {
      heading: say("forgetHeading"),
      text: say("forgetText"),
      accept: say("forgetDo"),
      refuse: say("keep"),
    };
    if (!(await confirm(question))) return;
    try {
      await this.#engine.forget(upload.id);
      card.remove();
      notify(say("forgotten"));
    } catch (error) {
      this.#events.failed(OnekeyError.from(error));
    }
  }
}

/** @param {string[]} paths */
function names(paths) {
  const shown = paths.slice(0, NAMES).map((path) => el("li", {}, pathElement(path)));
  const rest = paths.length - shown.length;
  return el("ul", { class: "names" }, ...shown, rest > 0 && el("li", { class: "hint" }, say("more", { count: rest })));
}
