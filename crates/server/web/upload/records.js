// The digest rule (format.md 5, protocol.md 7): under one share key each part has one plaintext. What is read again for
// a part that may have been sent must be the same, else a server could mix two versions of a file (T17).

import { equal } from "../container/bytes.js";
import { sha256 } from "../container/derive.js";
import { Restart } from "./restart.js";

/** @import { Bytes } from "../container/bytes.js" */
/** @import { PartRecord, States } from "./state.js" */

export class Records {
  #id;
  #states;
  #known;
  #inOrder;
  /** The last part of which there is a record of an earlier session. */
  #last;
  /** @type {Promise<boolean>[]} */
  #comparisons = [];
  /** Parts that the server has since the last transaction. @type {PartRecord[]} */
  #sent = [];
  /** @type {{records: PartRecord[], done: Promise<void>} | null} */
  #batch = null;
  #previous = Promise.resolve();

  /**
   * @param {string} id of the upload
   * @param {States | null} states null where the browser keeps nothing: each part's ciphertext stays in memory until
   *   the server has it, and nothing is continued, so the rule holds without records
   * @param {PartRecord[]} [known] what an earlier session recorded
   * @param {boolean} [inOrder] whether parts come in the order of their numbers: then they are compared on the way, and
   *   what has no record waits for all that has one
   */
  constructor(id, states, known = [], inOrder = false) {
    this.#id = id;
    this.#states = states;
    this.#known = new Map(known.map((record) => [record.index, record]));
    this.#inOrder = inOrder;
    this.#last = Math.max(-1, ...known.map(({ index }) => index));
  }

  /** Whether the upload can be continued after a reload. */
  get areKept() {
    return this.#states !== null;
  }

  /**
   * Lets a part leave: resolves once its plaintext is recorded durably, or is what was recorded before. Tells whether
   *   it was.
   * @param {number} index @param {Bytes} plaintext @param {boolean} last whether it is the last part
   * @returns {Promise<boolean>}
   * @throws {Restart} `differs`, `storage`
   */
  async admit(index, plaintext, last) {
    const known = this.#known.get(index);
    // Parts that may have been sent and are not compared yet, or are no parts of this plaintext.
    if (this.#inOrder && index < this.#last && (last || !known)) throw new Restart("differs");
    const compared = this.#inOrder ? [...this.#comparisons] : [];
    const digest = sha256(plaintext);
    if (known) {
      const comparison = digest.then((found) => known.length === plaintext.length && equal(known.digest, found));
      this.#comparisons.push(comparison);
      if (!(await comparison)) throw new Restart("differs");
      return true;
    }
    if ((await Promise.all(compared)).includes(false)) throw new Restart("differs");
    await this.#write({ index, length: plaintext.length, digest: await digest, sent: 0 });
    return false;
  }

  /**
   * Notes that the server has a part, for the list of unfinished uploads: with the next record. @param {number} index
   * @param {number} sent bytes
   */
  hasSent(index, sent) {
    const record = this.#known.get(index);
    if (record && record.sent !== sent) this.#sent.push({ ...record, sent });
  }

  /** Writes what `hasSent` left. */
  async flush() {
    if (this.#sent.length > 0) await this.#begin().done;
  }

  /** @param {PartRecord} record @returns {Promise<void>} resolves when it is durable */
  #write(record) {
    if (this.#states === null) return Promise.resolve();
    this.#known.set(record.index, record);
    const batch = this.#begin();
    batch.records.push(record);
    return batch.done;
  }

  /** What comes while a transaction waits for the disk goes together into the next one. */
  #begin() {
    if (this.#batch) return this.#batch;
    /** @type {PartRecord[]} */
    const records = [];
    const done = this.#previous.then(() => {
      this.#batch = null;
      return this.#store(records);
    });
    this.#previous = done.catch(() => {});
    this.#batch = { records, done };
    return this.#batch;
  }

  /** @param {PartRecord[]} records */
  async #store(records) {
    const states = this.#states;
    if (states === null) return;
    try {
      await states.record(this.#id, [...this.#sent.splice(0), ...records]);
    } catch {
      // Without its records nothing may be continued, and nothing will be: it goes on as if nothing was kept.
      this.#states = null;
      await states.erase(this.#id).catch(() => {
        throw new Restart("storage");
      });
    }
  }
}
