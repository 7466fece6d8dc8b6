// A password field whose text can be shown.

import { say } from "../words.js";
import { el, newId } from "./dom.js";

/**
 * @param {{label: string, hint?: string | null, autocomplete: "new-password" | "current-password" | "off"}} what
 * @returns {{element: HTMLElement, input: HTMLInputElement}}
 */
export function passwordField({ label, hint = null, autocomplete }) {
  const hintId = newId();
  const input = el("input", {
    type: "password",
    id: newId(),
    autocomplete,
    autocapitalize: "off",
    spellcheck: "false",
    "aria-describedby": hint ? hintId : null,
  });
  const toggle = el(
    "button",
    {
      type: "button",
      class: "reveal",
      "aria-pressed": "false",
      "aria-label": say("showPassword"),
      onclick: () => {
        const reveal = input.type === "password";
        input.type = reveal ? "text" : "password";
        toggle.setAttribute("aria-pressed", String(reveal));
      },
    },
    say("showPasswordShort"),
  );
  const element = el(
    "div",
    { class: "field" },
    el("label", { for: input.id }, label),
    el("div", { class: "with-button" }, input, toggle),
    hint && el("p", { class: "hint", id: hintId }, hint),
  );
  return { element, input };
}
