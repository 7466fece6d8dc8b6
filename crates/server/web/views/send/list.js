// The list of what will be sent. Only a bounded number of rows is drawn, however many files there are.

import { say } from "../../words.js";
import { ask } from "../dialog.js";
import { button, el } from "../dom.js";
import { size } from "../format.js";
import { announce, field } from "../frame.js";
import { icon } from "../icons.js";
import { pathElement, shortened } from "../names.js";

/** @import { Chosen, Selection } from "../selection.js" */

/** Rows that are drawn at first, and more at each wish: hundreds of rows stay smooth, thousands do not. */
const ROWS = 200;

export class ListView {
  #selection;
  #onChange;
  #most = ROWS;
  #rows = el("ul", { class: "files" });
  #more = el("div", { class: "more" });

  /** @param {Selection} selection @param {() => void} onChange after a change that was made here */
  constructor(selection, onChange) {
    this.#selection = selection;
    this.#onChange = onChange;
    this.element = el("div", { class: "list", role: "group", "aria-label": say("filesLabel") }, this.#rows, this.#more);
    this.draw();
  }

  draw() {
    const rows = this.#selection.rows(this.#most);
    this.#rows.replaceChildren(...rows.map((entry) => this.#row(entry)));
    const rest = this.#selection.count - rows.length;
    this.#more.replaceChildren();
    if (rest > 0) {
      const showMore = () => {
        this.#most += ROWS;
        this.draw();
        this.#focusRow(this.#most - ROWS);
      };
      this.#more.append(el("span", {}, say("more", { count: rest })), button("quiet small", say("showMore"), showMore));
    }
  }

  /** Moves to the first name that must be changed. */
  focusProblem() {
    /** @type {HTMLElement | null} */ (this.#rows.querySelector(".bad button"))?.focus();
  }

  /** @param {Chosen} entry */
  #row({ path, file, problem }) {
    const name = shortened(path);
    return el(
      "li",
      { class: problem ? "bad" : null },
      icon(file ? "file" : "folder"),
      el("span", { class: "what" }, pathElement(path), problem && el("span", { class: "wrong" }, say(problem))),
      el("span", { class: "size" }, file ? size(file.size) : say("emptyFolder")),
      el(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": say("rename", { name }),
          onclick: () => this.#rename(path),
        },
        icon("rename"),
      ),
      el(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": say("remove", { name }),
          onclick: () => this.#remove(path),
        },
        icon("remove"),
      ),
    );
  }

  /** @param {string} path */
  #remove(path) {
    const at = [...this.#rows.children].findIndex((row) => row.contains(document.activeElement));
    this.#selection.remove(path);
    this.draw();
    announce(say("removed"));
    this.#onChange();
    this.#focusRow(Math.min(at, this.#rows.children.length - 1), ":last-child");
  }

  /** @param {string} path */
  async #rename(path) {
    const input = el("input", { type: "text", autocomplete: "off", spellcheck: "false" });
    input.value = path;
    const at = [...this.#rows.children].findIndex((row) => row.contains(document.activeElement));
    const renamed = await ask({
      heading: say("renameHeading"),
      content: [field(say("renameField"), input, { hint: say("renameHint") })],
      accept: say("renameDo"),
      onAccept: () => {
        const wrong = this.#selection.rename(path, input.value.trim() === path.trim() ? path : input.value.trim());
        return wrong ? say(wrong) : true;
      },
    });
    if (!renamed) return;
    this.draw();
    this.#onChange();
    this.#focusRow(at);
  }

  /** @param {number} index @param {string} [which] of the row's buttons */
  #focusRow(index, which = "") {
    /** @type {HTMLElement | null | undefined} */ (
      this.#rows.children[index]?.querySelector(`button${which}`)
    )?.focus();
  }
}
