// Opening, state by state: password, files, saving, saved; and every reason why not.

import { Engine } from "../../engine.js";
import { OnekeyError } from "../../error.js";
import { say } from "../../words.js";
import { button } from "../dom.js";
import { notify, show, showServer } from "../frame.js";
import { showProblem, showProblemWith } from "../problem.js";
import { FilesView } from "./files.js";
import { PasswordView } from "./password.js";
import { cancelSaving, saveFiles, showSaved } from "./save.js";

/** @import { Opened } from "../../types.js" */
/** @import { Choice } from "./choice.js" */

/** Failures of saving that no other try ends. */
const GONE = new Set(["link_gone", "expired", "used_up", "revoked"]);

/** Failures that another try may end: all others stay as they are. */
const PASSING = new Set([
  "network",
  "not_onekey",
  "unavailable",
  "internal_page",
  "storage",
  "too_many_attempts",
  "quota",
]);

export class OpenPage {
  #engine = new Engine();
  #key = "";
  /** @type {string | null} */
  #password = null;
  /** Grows with every key: what is still under way for another one is not shown. */
  #turn = 0;

  start() {
    // Another link was pasted into the address bar of this page.
    addEventListener("hashchange", () => {
      cancelSaving();
      void this.#open();
    });
    void this.#report();
    return this.#open();
  }

  async #report() {
    try {
      showServer(await this.#engine.describeServer());
    } catch {
      // Opening the link says what is wrong.
    }
  }

  async #open() {
    const turn = ++this.#turn;
    this.#password = null;
    this.#key = location.hash.slice(1);
    try {
      if (this.#key === "") throw new OnekeyError("key_missing");
      show({ heading: say("openChecking"), title: say("openTitle"), className: "checking" });
      const { password } = await this.#engine.linkState(this.#key);
      if (turn !== this.#turn) return;
      if (password) return this.#askPassword();
      const opened = await this.#engine.open({ key: this.#key, password: null });
      if (turn === this.#turn) this.#show(opened);
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  #askPassword() {
    const turn = this.#turn;
    const view = new PasswordView(async (password) => {
      try {
        const opened = await this.#engine.open({ key: this.#key, password });
        if (turn !== this.#turn) return;
        this.#password = password;
        this.#show(opened);
      } catch (thrown) {
        if (turn !== this.#turn) return;
        const error = OnekeyError.from(thrown);
        // What can be typed better is said in the form; everything else ends it.
        if (!view.refuse(error)) this.#fail(error);
      }
    });
    show({ heading: say("passwordHeading"), title: say("openTitle"), lead: say("passwordLead") }, view.element);
    view.focus();
  }

  /** @param {unknown} thrown */
  #fail(thrown) {
    const { code } = OnekeyError.from(thrown);
    showProblem(thrown, PASSING.has(code) && button("primary", say("tryAgain"), () => void this.#open()));
  }

  /** @param {Opened} opened */
  #show(opened) {
    const turn = this.#turn;
    const view = new FilesView(this.#engine, opened, {
      save: (choice) => void this.#save(opened, choice, view),
      spent: (downloadsLeft) => {
        if (turn === this.#turn) this.#show({ ...opened, granted: true, downloadsLeft });
      },
      failed: (error) => view.problem(error),
    });
    view.show();
  }

  /** @param {Opened} before @param {Choice} choice @param {FilesView | null} view that was clicked */
  async #save(before, choice, view) {
    const turn = this.#turn;
    const outcome = await saveFiles(this.#engine, before, choice);
    if (turn !== this.#turn) return;
    if (outcome.kind === "closed") return;
    const spent = outcome.downloadsLeft;
    const opened = spent === null ? before : { ...before, granted: true, downloadsLeft: spent };
    const back = button("quiet", say("backToFiles"), () => this.#show(opened));
    if (outcome.kind === "saved") return showSaved(choice, back);
    const { error } = outcome;
    if (error.code === "cancelled") {
      this.#show(opened);
      return notify(say("saveCancelled"));
    }
    // Nothing began: the choice can be changed where it was made.
    if (error.code === "too_large_for_memory" && view) return view.problem(error);
    if (error.code === "grant_ended")
      return showProblem(
        error,
        button("primary", say("backToFiles"), () => void this.#reopen()),
      );
    const again = button("primary", say("tryAgain"), () => void this.#save(opened, choice, null));
    if (GONE.has(error.code)) return showProblem(error, back);
    const free = opened.granted && opened.downloadsLeft !== null;
    showProblemWith(error, free ? say("savedRetryFree") : null, again, back);
  }

  /** Opens anew with what is known: caps and grants may have changed. */
  async #reopen() {
    try {
      this.#show(await this.#engine.open({ key: this.#key, password: this.#password }));
    } catch (error) {
      this.#fail(error);
    }
  }
}
