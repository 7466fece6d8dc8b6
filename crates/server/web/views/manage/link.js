// One link of a share: who it is for, what it allows, what became of it.

import { say } from "../../words.js";
import { button, el } from "../dom.js";
import { ends, fromNow } from "../format.js";
import { icon } from "../icons.js";
import { nameElement, shortened } from "../names.js";

/** @import { OwnedLink } from "../../types.js" */

const STATES = /** @type {const} */ ({
  live: "linkLive",
  expired: "linkExpired",
  used_up: "linkUsedUp",
  revoked: "linkRevoked",
});

/**
 * @param {OwnedLink} link @param {number} index
 * @param {{change: () => void, revoke: () => void}} on
 */
export function linkCard(link, index, on) {
  const { label, state, downloads, downloadsLeft, expiresAt, lastUsedAt } = link;
  const unnamed = say("linkUnnamed", { count: index + 1 });
  const name = label ? shortened(label) : unnamed;
  const left = downloadsLeft === null ? say("linkUncapped") : say("linkLeft", { count: downloadsLeft });
  const live = state === "live";
  // Without a limit nobody counts who looks: the numbers are those of the link's private form.
  const uncounted = link.direct && downloadsLeft === null;
  const used = [say("linkUsed", { count: downloads }), live && left].filter(Boolean).join(", ");
  const never = !uncounted && say("linkNeverUsed");
  const facts = [
    (!uncounted || downloads > 0) && used,
    (live || state === "expired") && ends(expiresAt),
    lastUsedAt === null ? never : say("linkLastUsed", { when: fromNow(lastUsedAt) }),
    link.password && say("linkHasPassword"),
    link.direct && say("linkDirectHint"),
    uncounted && say("linkUncounted"),
  ];
  return el(
    "li",
    { class: "link-card" },
    el(
      "div",
      { class: "link-head" },
      el("h3", {}, label ? nameElement(label) : unnamed),
      el(
        "span",
        { class: "badges" },
        link.direct && el("span", { class: "badge direct" }, icon("view"), say("linkDirect")),
        el("span", { class: `badge ${state}` }, live && icon("done"), say(STATES[state])),
      ),
    ),
    el("ul", { class: "facts" }, ...facts.map((fact) => fact && el("li", {}, fact))),
    state !== "revoked" &&
      el(
        "div",
        { class: "actions" },
        button("quiet small", say("changeShort"), on.change, { "aria-label": say("change", { name }) }),
        button("quiet small", say("revokeShort"), on.revoke, { "aria-label": say("revoke", { name }) }),
      ),
  );
}
