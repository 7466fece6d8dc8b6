// The end of sending: the link, what it allows, and the manage link, folded away.

import { say } from "../../words.js";
import { copyField } from "../copy.js";
import { button, el } from "../dom.js";
import { ends, size } from "../format.js";
import { show } from "../frame.js";
import { icon } from "../icons.js";
import { linkElement } from "../link.js";

/** @import { Sent } from "../../types.js" */

/** @param {Sent} sent @param {boolean} password @param {() => void} onMore */
export function showSent(sent, password, onMore) {
  const { files, expiresAt, maxDownloads } = sent;
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const facts = [
    say("filesAndSize", { count: files.length, size: size(bytes) }),
    ends(expiresAt),
    maxDownloads === null ? say("anyDownloads") : say("downloadsAllowed", { count: maxDownloads }),
  ];
  show(
    { heading: say("sentHeading"), lead: say("linkIsSecret"), className: "sent" },
    linkElement(sent.link),
    el("ul", { class: "facts" }, ...facts.map((fact) => el("li", {}, fact))),
    password && el("p", { class: "reminder" }, icon("lock"), say("sentNeedsPassword")),
    el(
      "details",
      { class: "manage-link" },
      el("summary", {}, el("span", { class: "summary-title" }, say("manageHeading"))),
      el(
        "div",
        { class: "fields" },
        el("p", {}, say("manageWords")),
        copyField({ label: say("manageField"), value: sent.manageLink, copy: say("copyManage") }),
        el(
          "p",
          {},
          el("a", { href: sent.manageLink, target: "_blank", rel: "noopener noreferrer" }, say("openManage")),
        ),
      ),
    ),
    el("div", { class: "actions" }, button("quiet", say("sendMore"), onMore)),
  );
}
