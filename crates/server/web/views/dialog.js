// Questions over the page: the browser's own dialog keeps the focus inside, closes with Escape and gives the focus
// back.

import { say } from "../words.js";
import { button, el, newId } from "./dom.js";

/** @import { Child } from "./dom.js" */

/**
 * Asks with a form. Resolves with what `accept` returned, or null if the person went back.
 * @template T
 * @param {object} question
 * @param {string} question.heading
 * @param {string} [question.text]
 * @param {Child[]} [question.content]
 * @param {string} question.accept words of the button
 * @param {string} [question.refuse]
 * @param {boolean} [question.danger]
 * @param {() => T | string} question.onAccept a text is what is wrong: it is shown and the dialog stays
 * @returns {Promise<T | null>}
 */
export function ask({ heading, text, content = [], accept, refuse = say("cancel"), danger = false, onAccept }) {
  return new Promise((resolve) => {
    const headingId = newId();
    const textId = newId();
    /** @type {T | null} */
    let answer = null;
    const wrong = el("p", { class: "wrong", role: "alert" });
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      const given = onAccept();
      if (typeof given === "string") {
        wrong.textContent = given;
        return;
      }
      answer = given;
      dialog.close();
    };
    const dialog = el(
      "dialog",
      { "aria-labelledby": headingId, "aria-describedby": text ? textId : null },
      el(
        "form",
        { method: "dialog", novalidate: true, onsubmit: submit },
        el("h2", { id: headingId }, heading),
        text && el("p", { id: textId }, text),
        ...content,
        wrong,
        el(
          "div",
          { class: "actions" },
          // The way back first, what the person asked for last, as in every question here.
          button("quiet", refuse, () => dialog.close()),
          el("button", { type: "submit", class: danger ? "danger" : "primary" }, accept),
        ),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
    // A question begins at its field, a warning at the way back.
    /** @type {HTMLElement | null} */ (
      dialog.querySelector("input, textarea, select") ?? dialog.querySelector("button")
    )?.focus();
  });
}

/**
 * Asks yes or no.
 * @param {{heading: string, text: string, accept: string, refuse: string, danger?: boolean}} question
 * @returns {Promise<boolean>}
 */
export const confirm = async (question) => (await ask({ danger: true, ...question, onAccept: () => true })) ?? false;

/** Closes every question: what it asks about is over. */
export function closeQuestions() {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
}
