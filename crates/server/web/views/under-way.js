// A transfer that is under way: its progress in words and numbers, pause and continue, and cancel, which asks first.

import { say } from "../words.js";
import { closeQuestions, confirm } from "./dialog.js";
import { button, el, setText } from "./dom.js";
import { roughly } from "./format.js";
import { TransferView } from "./transfer.js";

/** @import { WordKey } from "../words.js" */
/** @import { Step } from "./transfer.js" */

/**
 * @template {string} S the states that are its own
 * @typedef {object} Transfer
 * @property {string} label of the bar
 * @property {Record<S, WordKey>} states words for each of them; `preparing` is one
 * @property {NoInfer<S>} moving the one in which bytes move
 * @property {{heading: string, text: string, accept: string, refuse: string}} question before it is cancelled
 */

/** @template {string} S */
export class UnderWay {
  #states;
  #moving;
  #question;
  #view;
  #paused = false;

  /** @param {Transfer<S>} transfer */
  constructor({ label, states, moving, question }) {
    this.#states = states;
    this.#moving = moving;
    this.#question = question;
    this.#view = new TransferView(label);
    this.element = this.#view.element;
  }

  /**
   * @param {{state: S | "waiting" | "paused", retryIn: number | null}} progress
   * @param {Pick<Step, "done" | "total" | "atMost">} counts
   */
  progress({ state, retryIn }, counts) {
    this.#view.update({
      // The worker hears of a pause later than the person who pressed the button.
      state: this.#paused ? say("statePaused") : this.#words(state, retryIn),
      said: state === "waiting" && !this.#paused ? say("stateWaiting") : undefined,
      moving: state === this.#moving && !this.#paused,
      ...counts,
    });
  }

  /** @param {{pause(): void, resume(): void, cancel(): void}} call @returns {HTMLElement} */
  controls(call) {
    const toggle = button("quiet", say("pause"), () => {
      this.#paused = !this.#paused;
      if (this.#paused) call.pause();
      else call.resume();
      setText(toggle, say(this.#paused ? "continue" : "pause"));
      this.#view.say(say(this.#paused ? "statePaused" : this.#states[this.#moving]));
    });
    const cancel = button("quiet", say("cancel"), async () => {
      if (await confirm(this.#question)) call.cancel();
    });
    return el("div", { class: "actions" }, toggle, cancel);
  }

  /** Ends: what it asks about is over. */
  end() {
    this.#view.end();
    closeQuestions();
  }

  /** @param {S | "waiting" | "paused"} state @param {number | null} retryIn */
  #words(state, retryIn) {
    if (state === "paused") return say("statePaused");
    if (state !== "waiting") return say(this.#states[state]);
    return retryIn === null ? say("stateWaiting") : say("stateWaitingSeconds", { time: roughly(retryIn) });
  }
}
