// The upload secret: asked for once, kept in this browser only if the person wants that.

import { read, remove, write } from "../../store/database.js";
import { say } from "../../words.js";
import { button, el, newId, setText } from "../dom.js";
import { notify } from "../frame.js";
import { passwordField } from "../password.js";

/** Its place among the settings. */
const KEY = "upload_secret";

export class SecretView {
  #field = passwordField({ label: say("secretField"), autocomplete: "off" });
  #keep = el("input", { type: "checkbox", id: newId() });
  #wrong = el("p", { class: "wrong", role: "alert" });
  /** @type {string | null} one that the server took, or that was kept */
  #known = null;
  #wanted = false;

  /** What stands among the options while it is remembered. */
  kept = el(
    "div",
    { class: "kept", hidden: true },
    el("p", { class: "hint" }, say("secretKept")),
    button("quiet small", say("secretForget"), () => void this.#forget()),
  );

  constructor() {
    this.element = el(
      "section",
      { class: "secret", hidden: true, "aria-label": say("secretField") },
      el("p", {}, say("secretLead")),
      this.#field.element,
      el("div", { class: "check" }, this.#keep, el("label", { for: this.#keep.id }, say("secretKeep"))),
      this.#wrong,
    );
  }

  /** @param {boolean} wanted what the server says */
  async want(wanted) {
    this.#wanted = wanted;
    if (!wanted) return;
    try {
      const kept = /** @type {{value?: unknown} | undefined} */ (await read("settings", KEY));
      if (typeof kept?.value === "string") {
        this.#known = kept.value;
        this.kept.hidden = false;
      }
    } catch {
      // Without storage it is asked for each time.
    }
    this.element.hidden = this.#known !== null;
  }

  /** @returns {string | null | undefined} undefined if it must be typed first: that is said */
  read() {
    if (!this.#wanted || this.#known !== null) return this.#known;
    const typed = this.#field.input.value.trim();
    if (typed !== "") return typed;
    this.#say(say("secretMissing"));
    return undefined;
  }

  /** @returns {string | null} without asking for it */
  peek() {
    return this.#known ?? (this.#field.input.value.trim() || null);
  }

  /** The server took it. @param {string | null} secret */
  async accepted(secret) {
    if (secret === null || secret === this.#known) return;
    this.#known = secret;
    this.element.hidden = true;
    setText(this.#wrong, "");
    this.#field.input.value = "";
    try {
      if (!this.#keep.checked) return;
      await write("settings", { key: KEY, value: secret });
      this.kept.hidden = false;
    } catch {
      // It is kept for this visit.
    }
  }

  /** The server did not take it. @param {string} why */
  async refused(why) {
    this.#wanted = true;
    this.#known = null;
    this.element.hidden = false;
    this.#say(why);
    await this.#erase();
  }

  async #forget() {
    this.#known = null;
    this.element.hidden = false;
    await this.#erase();
    notify(say("secretForgotten"));
    this.#field.input.focus();
  }

  async #erase() {
    this.kept.hidden = true;
    this.#keep.checked = false;
    try {
      await remove("settings", KEY);
    } catch {
      // There was nothing to remove.
    }
  }

  #say(/** @type {string} */ text) {
    setText(this.#wrong, text);
    this.#field.input.focus();
    this.#field.input.select();
  }
}
