// A failure in words: what happened, what to do, and when to try again.

import { OnekeyError } from "../error.js";
import { say, sayFailure } from "../words.js";
import { el } from "./dom.js";
import { fromNow, size } from "./format.js";
import { announceUrgently, show } from "./frame.js";
import { icon } from "./icons.js";

/** @import { Child } from "./dom.js" */

/** @param {OnekeyError} error @returns {string} everything that is to be said after the heading */
function advice(error) {
  const { todo } = sayFailure(error.code);
  const more = [];
  if (error.code === "too_large_for_memory" && typeof error.detail === "number") {
    more.push(say("saveLimitKnown", { size: size(error.detail) }));
  }
  if (error.retryAfter) more.push(say("retryAfter", { when: fromNow(Date.now() / 1000 + error.retryAfter) }));
  return [todo, ...more].join(" ");
}

/**
 * A failure within a state, above what the person can do about it.
 * @param {unknown} thrown @returns {HTMLElement}
 */
export function problemNote(thrown) {
  const error = OnekeyError.from(thrown);
  const { happened } = sayFailure(error.code);
  const text = advice(error);
  announceUrgently(`${happened}. ${text}`);
  return el(
    "div",
    { class: "problem-note" },
    icon("problem"),
    el("div", {}, el("p", { class: "happened" }, happened), el("p", {}, text)),
  );
}

/**
 * A failure as a state of its own.
 * @param {unknown} thrown
 * @param {...Child} actions
 */
export const showProblem = (thrown, ...actions) => showProblemWith(thrown, null, ...actions);

/**
 * The same, with a line about what the actions do.
 * @param {unknown} thrown @param {string | null} hint
 * @param {...Child} actions
 */
export function showProblemWith(thrown, hint, ...actions) {
  const error = OnekeyError.from(thrown);
  const { happened } = sayFailure(error.code);
  const text = advice(error);
  show(
    { heading: happened, className: "problem" },
    el("p", { class: "lead" }, text),
    hint && el("p", { class: "hint" }, hint),
    actions.some(Boolean) && el("div", { class: "actions" }, ...actions),
  );
  announceUrgently(`${happened}. ${text}`);
}
