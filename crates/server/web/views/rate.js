// How fast it goes, calmly: the mean of the last seconds, and a time left that does not jump.

/** Window of the mean, in seconds: long enough to be calm, short enough to follow a change of network. */
const WINDOW = 8;
/** Nothing is said about the rate before this many seconds: the first numbers only frighten. */
const WARM_UP = 1.5;
/** Most samples that are kept: ten a second for the window. */
const MOST_SAMPLES = 80;

export class Rate {
  /** @type {{at: number, done: number}[]} */
  #samples = [];

  /** Forgets all: after a pause, the time of waiting must not count. */
  reset() {
    this.#samples = [];
  }

  /** @param {number} done bytes so far @param {number} at seconds */
  add(done, at) {
    const last = this.#samples.at(-1);
    // Work was thrown away (a part is sent again): begin anew rather than show a negative rate.
    if (last && done < last.done) this.reset();
    if (last && at - last.at < WINDOW / MOST_SAMPLES) return;
    this.#samples.push({ at, done });
    while (this.#samples.length > 2 && at - /** @type {{at: number}} */ (this.#samples[0]).at > WINDOW)
      this.#samples.shift();
  }

  /** @returns {number | null} bytes a second, or null while nobody can know */
  get perSecond() {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (!first || !last || last.at - first.at < WARM_UP) return null;
    return (last.done - first.done) / (last.at - first.at);
  }

  /** @param {number} rest bytes @returns {number | null} seconds, in steps that a person reads: 1, 5, 60 */
  secondsLeft(rest) {
    const { perSecond } = this;
    if (!perSecond || perSecond < 1) return null;
    const seconds = rest / perSecond;
    const step = seconds < 10 ? 1 : seconds < 120 ? 5 : 60;
    return Math.max(1, Math.ceil(seconds / step) * step);
  }
}
