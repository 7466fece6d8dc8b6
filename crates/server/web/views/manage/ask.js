// Questions of the manage page: limits of a link, and a new link.

import { say, sayFailure } from "../../words.js";
import { ask } from "../dialog.js";
import { el } from "../dom.js";
import { field } from "../frame.js";
import { passwordField } from "../password.js";
import { downloadsInput, downloadsOf, expiryOf, expirySelect, WEEK } from "../send/options.js";

/** @import { OwnedLink, OwnerAction } from "../../types.js" */

/** Most bytes of a label in UTF-8 (format.md 4). */
const LONGEST_LABEL = 256;
/** Most bytes of a password (format.md 2); the engine looks again after NFC. */
const LONGEST_PASSWORD = 1024;

const KEEP = "keep";
const encoder = new TextEncoder();

/** @typedef {{maxDownloads?: number | null, expiresIn?: number | null}} Limits */

/**
 * @param {OwnedLink} link @param {(number | null)[]} choices
 * @returns {Promise<Limits | null>} only what was changed
 */
export function askForLimits({ maxDownloads }, choices) {
  const downloads = downloadsInput();
  downloads.value = maxDownloads === null ? "" : String(maxDownloads);
  const expiry = expirySelect(choices, choices[0] ?? null);
  expiry.prepend(el("option", { value: KEEP }, say("changeKeep")));
  expiry.value = KEEP;
  return ask({
    heading: say("changeHeading"),
    content: [
      field(say("changeDownloads"), downloads, { hint: say("changeDownloadsHint") }),
      field(say("changeExpiry"), expiry),
    ],
    accept: say("save"),
    onAccept: () => {
      const most = downloadsOf(downloads);
      if (most === undefined) return say("downloadsInvalid");
      /** @type {Limits} */
      const limits = {};
      if (most !== maxDownloads) limits.maxDownloads = most;
      if (expiry.value !== KEEP) limits.expiresIn = expiryOf(expiry);
      return limits;
    },
  });
}

/**
 * @param {(number | null)[]} choices
 * @returns {Promise<Omit<Extract<OwnerAction, {kind: "add"}>, "kind"> | null>}
 */
export function askForLink(choices) {
  const label = el("input", { type: "text", autocomplete: "off" });
  const password = passwordField({
    label: say("optionPassword"),
    hint: say("optionPasswordHint"),
    autocomplete: "new-password",
  });
  const downloads = downloadsInput();
  const expiry = expirySelect(choices, choices.includes(WEEK) ? WEEK : (choices[0] ?? null));
  return ask({
    heading: say("addLinkHeading"),
    content: [
      field(say("addLinkLabel"), label, { hint: say("addLinkLabelHint") }),
      password.element,
      el(
        "div",
        { class: "two" },
        field(say("optionExpiry"), expiry),
        field(say("optionDownloads"), downloads, { hint: say("optionDownloadsHint") }),
      ),
    ],
    accept: say("addLinkDo"),
    onAccept: () => {
      const maxDownloads = downloadsOf(downloads);
      if (maxDownloads === undefined) return say("downloadsInvalid");
      const text = label.value.trim();
      if (encoder.encode(text).length > LONGEST_LABEL) return say("labelTooLong");
      const typed = password.input.value;
      if (encoder.encode(typed).length > LONGEST_PASSWORD) return sayFailure("password_too_long").happened;
      return { label: text || null, password: typed || null, maxDownloads, expiresIn: expiryOf(expiry) };
    },
  });
}
