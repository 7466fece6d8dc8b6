// Progress of sending and saving: a bar, bytes, percent, rate and time left, in lines that keep their height.

import { say } from "../words.js";
import { el, setText } from "./dom.js";
import { percent, rate, roughly, size } from "./format.js";
import { announce, setTitlePercent } from "./frame.js";
import { Rate } from "./rate.js";

/** A screen reader hears of progress at most so often, in seconds. */
const ANNOUNCE_EVERY = 10;
/** Numbers change at most so often, in milliseconds: faster cannot be read. */
const PAINT_EVERY = 150;

/**
 * @typedef {object} Step
 * @property {string} state words for what is going on
 * @property {string} [said] the same for screen readers, without numbers that change every second
 * @property {boolean} moving whether bytes move now
 * @property {number} done
 * @property {number | null} total
 * @property {number} [atMost] where the total is open
 */

export class TransferView {
  #bar;
  #state = el("p", { class: "transfer-state" });
  #bytes = el("p", { class: "transfer-bytes" });
  #pace = el("p", { class: "transfer-pace" });
  #percent = el("p", { class: "transfer-percent", "aria-hidden": "true" });
  #rate = new Rate();
  #lastState = "";
  #lastSaid = "";
  #announcedAt = 0;
  #painted = 0;
  /** @type {Step | null} */
  #waiting = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {string} label of the bar */
  constructor(label) {
    this.#bar = el("progress", { max: 1000, "aria-label": label });
    this.element = el(
      "div",
      { class: "transfer" },
      el("div", { class: "transfer-head" }, this.#state, this.#percent),
      this.#bar,
      el("div", { class: "transfer-foot" }, this.#bytes, this.#pace),
    );
  }

  /** @param {Step} step */
  update(step) {
    const now = performance.now();
    if (step.moving) this.#rate.add(step.done, now / 1000);
    else this.#rate.reset();
    this.#waiting = step;
    clearTimeout(this.#timer);
    const wait = step.state === this.#lastState ? this.#painted + PAINT_EVERY - now : 0;
    if (wait <= 0) this.#paint();
    else this.#timer = setTimeout(() => this.#paint(), wait);
  }

  /** Says another state at once, before the worker does. @param {string} state */
  say(state) {
    if (this.#waiting) this.update({ ...this.#waiting, state, said: state, moving: false });
  }

  /** Ends: the title is the state's again. */
  end() {
    clearTimeout(this.#timer);
    this.#waiting = null;
    setTitlePercent(null);
  }

  #paint() {
    const step = this.#waiting;
    if (!step) return;
    this.#painted = performance.now();
    const most = step.total ?? step.atMost ?? 0;
    const share = most > 0 ? Math.min(step.done / most, 1) : 0;
    const inPercent = percent(share);
    this.#bar.value = Math.floor(share * 1000);
    setText(this.#state, step.state);
    setText(this.#percent, inPercent);
    const total = { done: size(step.done), total: size(most) };
    setText(this.#bytes, most === 0 ? "" : say(step.total === null ? "progressAtMost" : "progressBytes", total));
    setText(this.#pace, step.moving ? this.#paceOf(most - step.done) : "");
    setTitlePercent(inPercent);
    const now = this.#painted / 1000;
    this.#lastState = step.state;
    const said = step.said ?? step.state;
    if (said !== this.#lastSaid) {
      this.#lastSaid = said;
      announce(said);
      this.#announcedAt = now;
    } else if (step.moving && now - this.#announcedAt >= ANNOUNCE_EVERY) {
      announce(say("percentDone", { percent: inPercent }));
      this.#announcedAt = now;
    }
  }

  /** @param {number} rest */
  #paceOf(rest) {
    const { perSecond } = this.#rate;
    if (perSecond === null) return "";
    const left = this.#rate.secondsLeft(rest);
    return [rate(perSecond), left !== null && say("timeLeft", { time: roughly(left) })].filter(Boolean).join(" · ");
  }
}
