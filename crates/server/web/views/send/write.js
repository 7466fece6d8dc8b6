// A text that is written or pasted here travels as a file.

import { say } from "../../words.js";
import { el } from "../dom.js";
import { field } from "../frame.js";
import { ask } from "../dialog.js";
import { pathProblem } from "../paths.js";

/** @import { Found } from "../entries.js" */

/** Longest text that can be written here, in characters: a field with more stutters, and a file can be sent instead. */
const LONGEST_TEXT = 10_000_000;

/** @param {string} text @param {string} [name] @returns {Found} */
export const textFile = (text, name = say("textFileName")) => ({
  path: name,
  file: new File([text], name, { type: "text/plain", lastModified: Date.now() }),
});

/** Asks for a text. @returns {Promise<Found | null>} */
export function writeText() {
  const area = el("textarea", { rows: 8, maxlength: LONGEST_TEXT });
  const name = el("input", { type: "text", autocomplete: "off", spellcheck: "false" });
  name.value = say("textFileName");
  return ask({
    heading: say("textHeading"),
    content: [field(say("textField"), area), field(say("textName"), name)],
    accept: say("textAdd"),
    onAccept: () => {
      const path = name.value.trim();
      const problem = pathProblem(path);
      if (area.value === "") return say("textEmpty");
      return problem ? say(problem) : textFile(area.value, path);
    },
  });
}
