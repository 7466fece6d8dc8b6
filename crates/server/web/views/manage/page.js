// Managing: the share, its links, and what can be changed.

import { Engine } from "../../engine.js";
import { OnekeyError } from "../../error.js";
import { say } from "../../words.js";
import { confirm } from "../dialog.js";
import { button, el } from "../dom.js";
import { ends, fromNow, moment, size } from "../format.js";
import { announce, notify, show, showServer } from "../frame.js";
import { icon } from "../icons.js";
import { linkElement } from "../link.js";
import { problemNote, showProblem } from "../problem.js";
import { WEEK } from "../send/options.js";
import { askForLink, askForLimits } from "./ask.js";
import { linkCard } from "./link.js";

/** @import { OwnedLink, OwnedShare, OwnerAction, ServerDescription } from "../../types.js" */

export class ManagePage {
  #engine = new Engine();
  #link = { share: "", secret: "" };
  /** @type {(number | null)[]} */
  #choices = [WEEK];
  #problem = el("div", { class: "problem-place" });
  /** Grows with every load: an older answer is not shown. */
  #turn = 0;

  start() {
    addEventListener("hashchange", () => void this.#load());
    void this.#describe();
    return this.#load();
  }

  async #describe() {
    try {
      /** @type {ServerDescription} */
      const server = await this.#engine.describeServer();
      const { expiry_choices, max_expiry } = server;
      this.#choices = expiry_choices.filter(
        (choice) => max_expiry === null || (choice !== null && choice <= max_expiry),
      );
      showServer(server, { tools: true });
    } catch {
      // The share's own answer says what is wrong.
    }
  }

  async #load() {
    const turn = ++this.#turn;
    try {
      const share = /\/manage\/([\w-]{22})$/.exec(location.pathname)?.[1];
      const secret = /^#([\w-]{43})$/.exec(location.hash)?.[1];
      if (!share || !secret) throw new OnekeyError("manage_link_malformed");
      this.#link = { share, secret };
      show({ heading: say("manageChecking"), title: say("manageTitle"), className: "checking" });
      const owned = await this.#engine.describeOwned(this.#link);
      if (turn === this.#turn) this.#show(owned);
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    const passing = ["network", "not_onekey", "unavailable"].includes(OnekeyError.from(error).code);
    showProblem(error, passing && button("primary", say("tryAgain"), () => void this.#load()));
  }

  /** @param {OwnedShare} owned @param {string | null} [added] a link that was just made */
  #show(owned, added = null) {
    const { links, createdAt, expiresAt, canAddLinks } = owned;
    this.#problem = el("div", { class: "problem-place" });
    const facts = [
      say("createdOn", { when: fromNow(createdAt), date: moment(createdAt) }),
      ends(expiresAt),
      say("storedSize", { size: size(owned.size) }),
    ];
    const cards = links.map((link, index) =>
      linkCard(link, index, {
        change: () => void this.#change(link),
        revoke: () => void this.#revoke(link),
      }),
    );
    show(
      { heading: say("managePageHeading"), title: say("manageTitle"), className: "manage" },
      el("ul", { class: "facts" }, ...facts.map((fact) => el("li", {}, fact))),
      links.some((link) => link.direct) && el("p", { class: "reminder" }, icon("view"), say("shareDirect")),
      added !== null &&
        el(
          "section",
          { class: "card new-link", "aria-label": say("newLinkHeading") },
          el("h2", {}, say("newLinkHeading")),
          el("p", {}, say("newLinkOnce")),
          linkElement(added),
        ),
      this.#problem,
      el("h2", {}, say("linksHeading")),
      el("ul", { class: "links" }, ...cards),
      !canAddLinks && el("p", { class: "hint" }, say("cannotAddLinks")),
      el(
        "div",
        { class: "actions" },
        canAddLinks && button("primary", say("addLink"), () => void this.#add()),
        button("quiet", say("refresh"), () => void this.#refresh(say("refreshed"))),
      ),
      el(
        "div",
        { class: "actions separate" },
        button("danger", say("deleteShare"), () => void this.#delete()),
      ),
    );
  }

  /**
   * Does it, then shows how things stand.
   * @param {OwnerAction} action @param {string} done words for it
   */
  async #act(action, done) {
    try {
      const { link } = await this.#engine.changeOwned({ ...this.#link, action });
      await this.#refresh(done, link);
    } catch (error) {
      this.#problem.replaceChildren(problemNote(error));
      this.#problem.scrollIntoView({ block: "center" });
    }
  }

  /** @param {string} done @param {string | null} [added] */
  async #refresh(done, added = null) {
    const turn = ++this.#turn;
    try {
      const owned = await this.#engine.describeOwned(this.#link);
      if (turn !== this.#turn) return;
      this.#show(owned, added);
      // A new link stands there to be seen.
      if (added === null) notify(done);
      else announce(done);
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  /** @param {OwnedLink} link */
  async #change(link) {
    const limits = await askForLimits(link, this.#choices);
    if (limits && Object.keys(limits).length > 0)
      await this.#act({ kind: "change", locator: link.locator, ...limits }, say("changed"));
  }

  /** @param {OwnedLink} link */
  async #revoke(link) {
    const question = {
      heading: say("revokeHeading"),
      text: say("revokeText"),
      accept: say("revokeDo"),
      refuse: say("keep"),
    };
    if (await confirm(question)) await this.#act({ kind: "revoke", locator: link.locator }, say("revoked"));
  }

  async #add() {
    const wanted = await askForLink(this.#choices);
    if (wanted) await this.#act({ kind: "add", ...wanted }, say("newLinkHeading"));
  }

  async #delete() {
    const question = {
      heading: say("deleteHeading"),
      text: say("deleteText"),
      accept: say("deleteDo"),
      refuse: say("keep"),
    };
    if (!(await confirm(question))) return;
    try {
      await this.#engine.changeOwned({ ...this.#link, action: { kind: "delete" } });
      this.#turn++;
      show({ heading: say("deletedHeading"), lead: say("deletedText") });
      announce(say("deletedText"));
    } catch (error) {
      this.#problem.replaceChildren(problemNote(error));
    }
  }
}
