// The password prompt, with honest words: wrong is wrong, and attempts are limited.

import { OnekeyError } from "../../error.js";
import { say, sayFailure } from "../../words.js";
import { el, setText } from "../dom.js";
import { announce } from "../frame.js";
import { passwordField } from "../password.js";

export class PasswordView {
  #field = passwordField({
    label: say("passwordField"),
    hint: say("passwordLimits"),
    autocomplete: "current-password",
  });
  #wrong = el("p", { class: "wrong", role: "alert" });
  #open = el("button", { type: "submit", class: "primary" }, say("openButton"));
  #busy = false;

  /** @param {(password: string) => Promise<void>} onPassword */
  constructor(onPassword) {
    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (this.#busy) return;
      if (this.#field.input.value === "") return this.#say(say("passwordEmpty"));
      this.#busy = true;
      setText(this.#wrong, "");
      setText(this.#open, say("passwordChecking"));
      announce(say("passwordChecking"));
      await onPassword(this.#field.input.value);
      this.#busy = false;
      setText(this.#open, say("openButton"));
    };
    this.element = el(
      "form",
      { class: "password", novalidate: true, onsubmit: submit },
      this.#field.element,
      this.#wrong,
      el("div", { class: "actions" }, this.#open),
    );
  }

  focus() {
    this.#field.input.focus();
  }

  /** @param {OnekeyError} error @returns {boolean} whether the person can type something better */
  refuse(error) {
    if (error.code === "proof_rejected") this.#say(say("passwordWrong"));
    else if (error.code.startsWith("password_") || error.code === "network" || error.code === "unavailable") {
      const { happened, todo } = sayFailure(error.code);
      this.#say(`${happened}. ${todo}`);
      return true;
    } else return false;
    this.#field.input.value = "";
    return true;
  }

  /** @param {string} text */
  #say(text) {
    // Anew, so that the same words are read again.
    this.#wrong.textContent = "";
    this.#wrong.textContent = text;
    this.#field.input.focus();
  }
}
