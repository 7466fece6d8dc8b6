// Sending, state by state: choose, list, sending, sent.

import { Engine } from "../../engine.js";
import { OnekeyError } from "../../error.js";
import { say, sayFailure } from "../../words.js";
import { button, el, setText } from "../dom.js";
import { size } from "../format.js";
import { announce, notify, show, showServer } from "../frame.js";
import { icon } from "../icons.js";
import { preparePickers } from "../pick.js";
import { problemNote } from "../problem.js";
import { Selection } from "../selection.js";
import { watchArrivals } from "./arrivals.js";
import { addButtons, dropArea, toolsHint } from "./choose.js";
import { ListView } from "./list.js";
import { OptionsView } from "./options.js";
import { SecretView } from "./secret.js";
import { textFile } from "./write.js";

/** @import { SendRequest, ServerDescription } from "../../types.js" */
/** @import { Found } from "../entries.js" */

export class SendPage {
  #engine = new Engine();
  #selection = new Selection();
  #secret = new SecretView();
  #options = new OptionsView(this.#secret.kept);
  /** @type {Promise<ServerDescription | null>} */
  #described = Promise.resolve(null);
  /** @type {ServerDescription | null} */
  #server = null;
  /** @type {"choose" | "list" | "busy"} */
  #state = "choose";
  /** @type {ListView | null} */
  #list = null;
  #total = el("p", { class: "total" });
  #advice = el("p", { class: "wrong advice" });
  #problem = el("div", { class: "problem-place" });
  /**
   * What failed and can be gone on with, if nothing is changed before the next try: an upload keeps the options it
   * began with.
   * @type {{id: string, options: string} | null}
   */
  #begun = null;
  #starting = false;
  /** @type {Promise<typeof import("./later.js")> | null} */
  #later = null;

  start() {
    preparePickers();
    this.#described = this.#describe();
    this.#options.element.addEventListener("input", () => this.#changed());
    watchArrivals({
      open: () => this.#state !== "busy" && !document.querySelector("dialog[open]"),
      found: (found) => this.#add(found),
      text: (text) => this.#add([textFile(text)]),
      failed: (error) => this.#fail(error),
    });
    this.#choose();
  }

  /** @returns {Promise<ServerDescription | null>} */
  async #describe() {
    try {
      const server = await this.#engine.describeServer();
      this.#server = server;
      this.#options.offer(server);
      showServer(server, { tools: true });
      await this.#secret.want(server.upload_secret_required);
      return server;
    } catch {
      // Files can be chosen meanwhile; sending says what is wrong, if it still is.
      return null;
    }
  }

  #choose() {
    this.#state = "choose";
    this.#problem = el("div", { class: "problem-place" });
    const unfinished = el("div", { class: "unfinished" });
    void this.#offerUnfinished(unfinished);
    show(
      { heading: say("sendHeading"), lead: say("sendLead"), className: "choose" },
      this.#problem,
      dropArea((found) => this.#add(found), this.#described),
      unfinished,
      toolsHint(this.#described),
    );
  }

  /** @param {HTMLElement} place */
  async #offerUnfinished(place) {
    try {
      const uploads = await this.#engine.unfinished();
      if (uploads.length === 0) return;
      const { UnfinishedView } = await this.#load();
      const view = new UnfinishedView(this.#engine, {
        failed: (error) => this.#fail(error),
        // It is only wanted if everything must begin anew: then the server asks.
        continue: (request) => void this.#send({ ...request, uploadSecret: this.#secret.peek() }),
      });
      place.append(...uploads.map((upload) => view.card(upload)));
    } catch {
      // Without storage there is nothing to continue.
    }
  }

  /** What a first look at the page does not need. It is fetched as soon as something was chosen. */
  #load() {
    this.#later ??= import("./later.js").catch((error) => {
      this.#later = null;
      throw new OnekeyError("network", null, { cause: error });
    });
    return this.#later;
  }

  /** @param {Found[]} found */
  #add(found) {
    if (found.length === 0) return;
    const { added, renumbered } = this.#selection.add(found);
    this.#abandon();
    if (this.#state !== "list") this.#showList();
    else this.#list?.draw();
    this.#changed();
    if (renumbered > 0) notify(say("renumbered", { count: renumbered }));
    else announce(say("added", { count: added }));
  }

  #showList() {
    this.#state = "list";
    // Its failure shows when it is needed.
    this.#load().catch(() => {});
    this.#problem = el("div", { class: "problem-place" });
    this.#list = new ListView(this.#selection, () => {
      this.#abandon();
      this.#changed();
    });
    show(
      { heading: say("listHeading"), className: "ready" },
      el(
        "div",
        { class: "list-head" },
        this.#total,
        button("quiet small", say("clear"), () => this.#clear()),
      ),
      this.#list.element,
      addButtons((found) => this.#add(found), say("addGroup"), true),
      this.#options.element,
      this.#secret.element,
      this.#advice,
      this.#problem,
      el(
        "button",
        { type: "button", class: "primary wide", onclick: () => void this.#start() },
        icon("lock"),
        say("send"),
      ),
    );
    this.#changed();
    void this.#described.then(() => this.#changed());
  }

  #clear() {
    this.#selection.clear();
    this.#abandon();
    this.#changed();
  }

  /** What was begun is not what is wanted any more: its parts need not stay on the server. */
  #abandon() {
    if (this.#begun) this.#engine.forget(this.#begun.id).catch(() => {});
    this.#begun = null;
  }

  #changed() {
    if (this.#state !== "list") return;
    const { count, fileCount, folderCount, problemCount } = this.#selection;
    if (count === 0) return this.#choose();
    const folders = folderCount > 0 && say("emptyFolders", { count: folderCount });
    const files = say("filesAndSize", { count: fileCount, size: size(this.#selection.size) });
    setText(this.#total, [files, folders].filter(Boolean).join(" · "));
    const limit = this.#server?.max_size ?? null;
    const over = limit !== null && this.#selection.size > limit;
    const tooLarge = over && say(this.#options.compress ? "mayBeOverLimit" : "overLimit", { size: size(limit) });
    setText(this.#advice, problemCount > 0 ? say("namesToFix", { count: problemCount }) : tooLarge || "");
  }

  async #start() {
    if (this.#starting) return;
    this.#starting = true;
    try {
      await this.#startOnce();
    } finally {
      this.#starting = false;
    }
  }

  async #startOnce() {
    const chosen = this.#options.read();
    if (!chosen) return;
    if (this.#selection.problemCount > 0) return this.#list?.focusProblem();
    // Whether there is a secret to ask for must be known; a server that did not answer is asked again.
    if (!this.#server) this.#described = this.#describe();
    await this.#described;
    const uploadSecret = this.#secret.read();
    // It must be typed first; or the list was emptied while the server was asked.
    if (uploadSecret === undefined || this.#state !== "list") return;
    const options = JSON.stringify(chosen);
    if (this.#begun && this.#begun.options !== options) this.#abandon();
    const { files, folders } = this.#selection;
    const continues = this.#begun?.id ?? null;
    await this.#send({ ...chosen, files, folders, uploadSecret, continues }, options);
  }

  /** @param {SendRequest} request @param {string} [options] those chosen here, for another try */
  async #send(request, options) {
    this.#state = "busy";
    const begun = Math.floor(Date.now() / 1000);
    try {
      const { showSending, showSent } = await this.#load();
      const sent = await showSending(this.#engine, request);
      void this.#secret.accepted(request.uploadSecret);
      this.#selection.clear();
      this.#begun = null;
      showSent(sent, request.password !== null, () => {
        this.#options.reset();
        this.#choose();
      });
    } catch (thrown) {
      const error = OnekeyError.from(thrown);
      if (this.#selection.count > 0) this.#showList();
      else this.#choose();
      if (error.code === "cancelled") return notify(say("sendCancelled"));
      // What was sent is not sent twice: the next try goes on where this one ended.
      this.#fail(error, request);
      const id = request.continues ?? (await this.#begunSince(begun));
      this.#begun = id !== null && options !== undefined ? { id, options } : null;
    }
  }

  /** @param {number} begun @returns {Promise<string | null>} the upload that this page began */
  async #begunSince(begun) {
    try {
      const [newest] = await this.#engine.unfinished();
      return newest && newest.startedAt >= begun ? newest.id : null;
    } catch {
      return null;
    }
  }

  /** @param {OnekeyError} error @param {SendRequest} [request] */
  #fail(error, request) {
    if (error.code === "upload_secret_required" || error.code === "upload_secret_rejected") {
      const { happened, todo } = sayFailure(error.code);
      // What is continued has no list to show it below.
      if (this.#state === "choose") this.#problem.replaceChildren(this.#secret.element);
      return void this.#secret.refused(`${happened}. ${todo}`);
    }
    this.#problem.replaceChildren(problemNote(error));
    this.#problem.scrollIntoView({ block: "nearest" });
    if (error.code.startsWith("password_") && request) this.#options.focusPassword();
  }
}
