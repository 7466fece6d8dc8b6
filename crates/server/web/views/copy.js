// A link that can be copied, also where the clipboard is closed to pages.

import { say } from "../words.js";
import { button, el } from "./dom.js";
import { field, notify } from "./frame.js";

/** How long the button says that it worked, in milliseconds. */
const CONFIRM_TIME = 2_500;

/**
 * A readonly field with a button that copies it.
 * @param {{label: string, value: string, copy: string, primary?: boolean}} what
 */
export function copyField({ label, value, copy, primary = false }) {
  const input = el("input", {
    type: "text",
    readonly: true,
    class: "link",
    spellcheck: "false",
    onfocus: () => input.select(),
  });
  input.value = value;
  return el("div", { class: "copy" }, field(label, input), copyButton(primary ? "primary" : "quiet", copy, input));
}

/**
 * A button that copies what stands in a field.
 * @param {string} className @param {string} label @param {HTMLInputElement | HTMLTextAreaElement} shown
 * @param {Record<string, unknown>} [more]
 */
export function copyButton(className, label, shown, more) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const copy = async () => {
    if (!(await copyText(shown.value, shown))) return notify(say("copyFailed"));
    notify(say("copied"));
    clearTimeout(timer);
    action.classList.add("copied");
    timer = setTimeout(() => action.classList.remove("copied"), CONFIRM_TIME);
  };
  const action = button(className, label, copy, more);
  return action;
}

/**
 * @param {string} text
 * @param {HTMLInputElement | HTMLTextAreaElement} shown where it stands, selected if all else fails
 * @returns {Promise<boolean>}
 */
export async function copyText(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    shown.focus();
    shown.select();
    // Deprecated, and the only other way there is.
    return document.execCommand("copy");
  }
}
