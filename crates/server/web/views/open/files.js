// What a link holds, before anything is spent: title, note, files to tick, end, downloads left, and the button that
// saves.

import { savingLimit } from "../../download/saving.js";
import { OnekeyError } from "../../error.js";
import { say } from "../../words.js";
import { button, el, newId, setText } from "../dom.js";
import { ends, size } from "../format.js";
import { show } from "../frame.js";
import { icon } from "../icons.js";
import { nameElement, pathElement, shortened, visibleLines } from "../names.js";
import { problemNote } from "../problem.js";
import { choiceOf } from "./choice.js";
import { isText, showText } from "./text.js";

/** @import { Engine } from "../../engine.js" */
/** @import { ManifestFile, Opened } from "../../types.js" */
/** @import { Choice } from "./choice.js" */

/** Rows that are drawn at first, and more at each wish. */
const ROWS = 200;

/**
 * @typedef {object} Events
 * @property {(choice: Choice) => void} save within the click
 * @property {(downloadsLeft: number) => void} spent showing a text took a download
 * @property {(error: OnekeyError) => void} failed
 */

export class FilesView {
  #engine;
  #opened;
  #events;
  /** @type {Set<number>} */
  #ticked;
  #rows = el("ul", { class: "files" });
  #more = el("div", { class: "more" });
  #drawn = 0;
  #all = el("input", { type: "checkbox", id: newId(), onchange: () => this.#tickAll() });
  #what = el("span", { class: "button-words" });
  #how = el("span", { class: "button-more" });
  #save = el(
    "button",
    { type: "button", class: "primary wide", onclick: () => this.#saveTicked() },
    icon("down"),
    this.#what,
    " ",
    this.#how,
  );
  #limited = el("p", { class: "wrong advice", role: "status" });
  #problem = el("div", { class: "problem-place" });
  /** @type {number | null} */
  #limit = null;

  /** @param {Engine} engine @param {Opened} opened @param {Events} events */
  constructor(engine, opened, events) {
    this.#engine = engine;
    this.#opened = opened;
    this.#events = events;
    this.#ticked = new Set(opened.manifest.files.keys());
  }

  show() {
    const { manifest } = this.#opened;
    const { files, title, note } = manifest;
    this.#drawRows();
    const several = files.length > 1;
    const nothing = files.length === 0 && !manifest.folders?.length;
    show(
      {
        heading: title?.trim() ? [nameElement(title.trim())] : say("openHeading"),
        title: say("openTitle"),
        className: "opened",
      },
      note?.trim() &&
        el("section", { class: "note", "aria-label": say("noteLabel") }, el("bdi", {}, visibleLines(note.trim()))),
      this.#facts(),
      several && el("div", { class: "check all" }, this.#all, el("label", { for: this.#all.id }, say("selectAll"))),
      nothing
        ? el("p", {}, say("noFiles"))
        : el("div", { class: "list", role: "group", "aria-label": say("filesLabel") }, this.#rows, this.#more),
      this.#limited,
      this.#problem,
      !nothing && this.#save,
    );
    this.#changed();
    // Asked early: it also prepares the way to the disk.
    void savingLimit().then(({ limit }) => {
      this.#limit = limit;
      this.#changed();
    });
  }

  /** @param {unknown} error of something that can be tried in another way here */
  problem(error) {
    this.#problem.replaceChildren(problemNote(error));
    this.#problem.scrollIntoView({ block: "nearest" });
  }

  #facts() {
    const { manifest, expiresAt, downloadsLeft, granted } = this.#opened;
    const bytes = manifest.files.reduce((sum, file) => sum + file.size, 0);
    const folders = manifest.folders?.length ?? 0;
    const left = downloadsLeft === 0 ? say("noDownloadsLeft") : say("downloadsLeft", { count: downloadsLeft ?? 0 });
    const facts = [
      say("filesAndSize", { count: manifest.files.length, size: size(bytes) }),
      folders > 0 && say("emptyFolders", { count: folders }),
      ends(expiresAt),
      downloadsLeft !== null && left,
    ];
    return el(
      "div",
      { class: "about" },
      el("ul", { class: "facts" }, ...facts.map((fact) => fact && el("li", {}, fact))),
      granted && downloadsLeft !== null && el("p", { class: "hint" }, say("grantKept")),
    );
  }

  #drawRows() {
    const { files, folders = [] } = this.#opened.manifest;
    const until = Math.min(this.#drawn + ROWS, files.length);
    for (let index = this.#drawn; index < until; index++) {
      this.#rows.append(this.#row(/** @type {ManifestFile} */ (files[index]), index));
    }
    this.#drawn = until;
    const rest = files.length - until;
    this.#more.replaceChildren();
    if (rest > 0) {
      const from = until;
      const showMore = () => {
        this.#drawRows();
        /** @type {HTMLElement | null | undefined} */ (
          this.#rows.children[from]?.querySelector("input, button")
        )?.focus();
      };
      this.#more.append(el("span", {}, say("more", { count: rest })), button("quiet small", say("showMore"), showMore));
    } else {
      // Empty folders come with the zip of everything; they cannot be ticked.
      for (const path of folders.slice(0, ROWS)) this.#rows.append(folderRow(path));
      if (folders.length > ROWS)
        this.#rows.append(el("li", { class: "hint" }, say("more", { count: folders.length - ROWS })));
    }
  }

  /** @param {ManifestFile} file @param {number} index */
  #row(file, index) {
    const several = this.#opened.manifest.files.length > 1;
    const name = shortened(file.path);
    const tick = el("input", {
      type: "checkbox",
      "aria-label": say("selectOne", { name }),
      checked: this.#ticked.has(index),
      onchange: () => {
        if (tick.checked) this.#ticked.add(index);
        else this.#ticked.delete(index);
        this.#changed();
      },
    });
    const saveOne = () => {
      const choice = choiceOf(this.#opened.manifest, [index]);
      if (choice) this.#events.save(choice);
    };
    return el(
      "li",
      {},
      several ? el("label", { class: "tick" }, tick) : icon("file"),
      el("span", { class: "what" }, pathElement(file.path)),
      el("span", { class: "size" }, size(file.size)),
      isText(file) &&
        el(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": say("viewOne", { name }),
            onclick: () => void this.#view(index),
          },
          icon("view"),
        ),
      several &&
        el(
          "button",
          { type: "button", class: "icon-button", "aria-label": say("saveOne", { name }), onclick: saveOne },
          icon("down"),
        ),
    );
  }

  /** @param {number} index */
  async #view(index) {
    try {
      const downloadsLeft = await showText(this.#engine, this.#opened, index);
      if (downloadsLeft !== null) this.#events.spent(downloadsLeft);
    } catch (error) {
      this.#events.failed(OnekeyError.from(error));
    }
  }

  #tickAll() {
    this.#ticked = this.#all.checked ? new Set(this.#opened.manifest.files.keys()) : new Set();
    for (const box of this.#rows.querySelectorAll("input")) box.checked = this.#all.checked;
    this.#changed();
  }

  #saveTicked() {
    const choice = choiceOf(this.#opened.manifest, this.#ticked);
    if (choice) this.#events.save(choice);
  }

  #changed() {
    const { manifest, downloadsLeft, granted } = this.#opened;
    const total = manifest.files.length;
    this.#all.checked = this.#ticked.size === total;
    this.#all.indeterminate = this.#ticked.size > 0 && this.#ticked.size < total;
    const choice = choiceOf(manifest, this.#ticked);
    const tooLarge = choice !== null && this.#limit !== null && choice.size > this.#limit;
    setText(this.#limited, tooLarge ? say("saveLimit", { size: size(this.#limit ?? 0) }) : "");
    this.#save.disabled = choice === null || tooLarge;
    setText(this.#what, choice === null ? say("saveNone") : wordsOf(choice, total));
    const spends = !granted && downloadsLeft !== null && say("usesDownload", { count: downloadsLeft });
    const zipped = choice?.as === "zip" && say("asZip");
    setText(this.#how, choice === null ? "" : [zipped, spends].filter(Boolean).join(" · "));
  }
}

/** @param {Choice} choice @param {number} total */
function wordsOf(choice, total) {
  if (choice.as === "file" && total === 1) return say("saveFile");
  return choice.whole ? say("saveAll") : say("saveSelected", { count: choice.files.length });
}

/** @param {string} path */
const folderRow = (path) =>
  el(
    "li",
    {},
    icon("folder"),
    el("span", { class: "what" }, pathElement(path)),
    el("span", { class: "size" }, say("emptyFolder")),
  );
