// How far an upload is, told a few times a second.

/** @import { SendProgress } from "../types.js" */
/** @import { Job } from "../worker/job.js" */

/** How often progress is told at most, in milliseconds: a bar that moves smoothly. */
const REPORT_EVERY = 150;

/** A part on its way: bytes that were handed to the network, and until when it waits for its next try.
 * @typedef {{sent: number, until: number | null}} Moving */

export class Meter {
  /** @type {SendProgress["state"]} */
  state = "preparing";
  /** Bytes that the server has. */
  #has = 0;
  /** @type {number | null} */
  total = null;
  expected = 0;
  already = 0;
  restarted = false;
  /** @type {number | null} */
  #until = null;
  /** @type {Map<number, Moving>} */
  #moving = new Map();
  #job;
  #timer;
  #told = "";

  /** @param {Job<SendProgress>} job */
  constructor(job) {
    this.#job = job;
    this.#timer = setInterval(() => this.tell(), REPORT_EVERY);
  }

  /** Begins an upload. @param {number | null} total @param {number} expected */
  reset(total, expected) {
    this.#has = 0;
    this.already = 0;
    this.#moving.clear();
    this.total = total;
    this.expected = total ?? expected;
    this.tell();
  }

  /** Counts a part that the server had before. @param {number} length */
  had(length) {
    this.already += length;
    this.#has += length;
  }

  /** @param {number} index */
  begins(index) {
    this.#moving.set(index, { sent: 0, until: null });
  }

  /** @param {number} index @param {number} sent */
  sends(index, sent) {
    const moving = this.#moving.get(index);
    if (moving) moving.sent = sent;
  }

  /** @param {number} index @param {number} milliseconds */
  waits(index, milliseconds) {
    const moving = this.#moving.get(index);
    if (moving) moving.until = Date.now() + milliseconds;
  }

  /** @param {number} index */
  goesOn(index) {
    const moving = this.#moving.get(index);
    if (moving) moving.until = null;
  }

  /** @param {number} index @param {number} length */
  has(index, length) {
    this.#moving.delete(index);
    this.#has += length;
  }

  /** @param {number} index */
  ends(index) {
    this.#moving.delete(index);
  }

  /** Waits that belong to no part. @param {number | null} seconds */
  waiting(seconds) {
    this.#until = seconds === null ? null : Date.now() + seconds * 1_000;
    this.tell();
  }

  tell() {
    const progress = this.#progress();
    const text = JSON.stringify(progress);
    if (text === this.#told) return;
    this.#told = text;
    this.#job.report(progress);
  }

  stop() {
    clearInterval(this.#timer);
    this.tell();
  }

  /** @returns {SendProgress} */
  #progress() {
    const moving = [...this.#moving.values()];
    const untils = [this.#until, ...moving.map(({ until }) => until)].filter((until) => until !== null);
    const isWaiting = this.#until !== null || (moving.length > 0 && moving.every(({ until }) => until !== null));
    const state = this.#job.paused ? "paused" : isWaiting ? "waiting" : this.state;
    return {
      state,
      sent: this.#has + moving.reduce((sum, { sent }) => sum + sent, 0),
      total: this.total,
      expected: this.expected,
      already: this.already,
      restarted: this.restarted,
      retryIn: state === "waiting" ? Math.max(0, Math.ceil((Math.min(...untils) - Date.now()) / 1_000)) : null,
    };
  }
}
