// The page behind `/s%23KEY`: a program on the way wrote the # of a link as %23. Says so, and puts it right.

import { OnekeyError } from "./error.js";
import { SERVER } from "./trusted.js";
import { el } from "./views/dom.js";
import { show } from "./views/frame.js";
import { showProblem } from "./views/problem.js";
import { start } from "./views/start.js";
import { say } from "./words.js";

void start(() => {
  // The whole key and nothing else: an address made from what stands here must not lead anywhere else.
  const key = /\/s\/?%23([\w-]{43})$/i.exec(location.pathname)?.[1];
  if (!key) return showProblem(new OnekeyError("key_malformed"));
  show(
    { heading: say("escapedHeading"), lead: say("escapedLead") },
    el("p", { class: "hint" }, say("escapedNote")),
    el(
      "div",
      { class: "actions" },
      el("a", { class: "primary", href: new URL(`s#${key}`, SERVER).href }, say("escapedButton")),
    ),
  );
});
