// Title, note, end, downloads, password, compression: all folded away, with one line that says what holds.

import { say } from "../../words.js";
import { el, newId, setText } from "../dom.js";
import { expiryChoice, fromNow } from "../format.js";
import { field } from "../frame.js";
import { passwordField } from "../password.js";

/** @import { ServerDescription } from "../../types.js" */

/** Longest title and note that can be typed, in characters; the manifest has room for far more. */
const LONGEST_TITLE = 200;
const LONGEST_NOTE = 10_000;
/** What stands in lists until the server has said what it offers: its own default, a week. */
export const WEEK = 604_800;

/**
 * @typedef {object} Chosen
 * @property {string | null} title
 * @property {string | null} note
 * @property {number | null} expiresIn
 * @property {number | null} maxDownloads
 * @property {string | null} password
 * @property {boolean} compress
 */

/**
 * A choice of ends. @param {(number | null)[]} choices @param {number | null} chosen
 */
export function expirySelect(choices, chosen) {
  const select = el("select", {});
  fillExpiry(select, choices, chosen);
  return select;
}

/** @param {HTMLSelectElement} select @param {(number | null)[]} choices @param {number | null} chosen */
function fillExpiry(select, choices, chosen) {
  const all = choices.includes(chosen) ? choices : [...choices, chosen];
  const sorted = all.toSorted((a, b) => (a ?? Infinity) - (b ?? Infinity));
  select.replaceChildren(
    ...sorted.map((seconds) =>
      el("option", { value: seconds ?? "never", selected: seconds === chosen }, expiryChoice(seconds)),
    ),
  );
}

/** @param {HTMLSelectElement} select @returns {number | null} */
export const expiryOf = (select) => (select.value === "never" ? null : Number(select.value));

/** A number of downloads, or nothing. */
export const downloadsInput = () =>
  el("input", { type: "text", inputmode: "numeric", autocomplete: "off", maxlength: 9 });

/**
 * @param {HTMLInputElement} input
 * @returns {number | null | undefined} null is any number; undefined is no number at all
 */
export function downloadsOf(input) {
  const text = input.value.trim();
  if (text === "") return null;
  return /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}

export class OptionsView {
  #title = el("input", { type: "text", autocomplete: "off", maxlength: LONGEST_TITLE });
  #note = el("textarea", { rows: 3, maxlength: LONGEST_NOTE });
  #expiry = expirySelect([WEEK], WEEK);
  #downloads = downloadsInput();
  #password = passwordField({
    label: say("optionPassword"),
    hint: say("optionPasswordHint"),
    autocomplete: "new-password",
  });
  #compress = el("input", { type: "checkbox", role: "switch", id: newId(), checked: true });
  #summary = el("span", { class: "summary-words" });
  #wrong = el("p", { class: "wrong", role: "alert" });

  /** @param {HTMLElement} last what stands below all options */
  constructor(last) {
    const hintId = newId();
    this.#compress.setAttribute("aria-describedby", hintId);
    this.element = el(
      "details",
      { class: "options" },
      el("summary", {}, el("span", { class: "summary-title" }, say("options")), " ", this.#summary),
      el(
        "div",
        { class: "fields" },
        field(say("optionTitle"), this.#title, { hint: say("optionTitleHint") }),
        field(say("optionNote"), this.#note),
        el(
          "div",
          { class: "two" },
          field(say("optionExpiry"), this.#expiry),
          field(say("optionDownloads"), this.#downloads, { hint: say("optionDownloadsHint") }),
        ),
        this.#wrong,
        this.#password.element,
        el(
          "div",
          { class: "field switch" },
          this.#compress,
          el("label", { for: this.#compress.id }, say("optionCompress")),
          el("p", { class: "hint", id: hintId }, say("optionCompressHint")),
        ),
        last,
      ),
    );
    this.element.addEventListener("input", () => this.#summarise());
    this.#summarise();
  }

  /** @param {ServerDescription} server */
  offer({ expiry_choices, default_expiry, max_expiry }) {
    const chosen = this.#expiry.dataset.touched ? expiryOf(this.#expiry) : default_expiry;
    const allowed = expiry_choices.filter((choice) => max_expiry === null || (choice !== null && choice <= max_expiry));
    fillExpiry(this.#expiry, allowed, chosen);
    this.#summarise();
  }

  get compress() {
    return this.#compress.checked;
  }

  /** @returns {Chosen | null} null if something is wrong: it is shown, and has the focus */
  read() {
    const maxDownloads = downloadsOf(this.#downloads);
    this.#downloads.setAttribute("aria-invalid", String(maxDownloads === undefined));
    setText(this.#wrong, maxDownloads === undefined ? say("downloadsInvalid") : "");
    if (maxDownloads === undefined) {
      this.element.open = true;
      this.#downloads.focus();
      return null;
    }
    return {
      title: this.#title.value.trim() || null,
      note: this.#note.value.trim() || null,
      expiresIn: expiryOf(this.#expiry),
      maxDownloads,
      password: this.#password.input.value || null,
      compress: this.#compress.checked,
    };
  }

  /** Opens the options at the password, which the engine refused. */
  focusPassword() {
    this.element.open = true;
    this.#password.input.focus();
  }

  /** Forgets what belongs to one share only. */
  reset() {
    this.#title.value = this.#note.value = this.#password.input.value = "";
    this.#password.input.type = "password";
    this.#summarise();
  }

  #summarise() {
    this.#expiry.dataset.touched = document.activeElement === this.#expiry || this.#expiry.dataset.touched ? "yes" : "";
    const expiresIn = expiryOf(this.#expiry);
    const most = downloadsOf(this.#downloads);
    const ends =
      expiresIn === null ? say("summaryNever") : say("summaryEnds", { when: fromNow(Date.now() / 1000 + expiresIn) });
    const downloads = most ? say("downloadsAllowed", { count: most }) : say("anyDownloads");
    const password = this.#password.input.value !== "" && say("withPassword");
    setText(this.#summary, [ends, downloads, password].filter(Boolean).join(" · "));
  }
}
