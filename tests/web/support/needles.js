// The search for secrets: what must not be somewhere, in each form that it could have.

import { createHash } from "node:crypto";

/** Shortest form that is searched for: shorter ones are found by chance. */
const SHORTEST = 8;

export class Needles {
  /** @type {{name: string, form: string, bytes: Buffer}[]} */
  #forms = [];

  /** Looks for bytes as they are, in hexadecimal and in base64, wherever in a longer text they stand. @param {string} name @param {Uint8Array | string} what */
  add(name, what) {
    const bytes = Buffer.from(what);
    this.#form(name, "plain", bytes);
    this.#form(name, "hex", Buffer.from(bytes.toString("hex")));
    this.#form(name, "HEX", Buffer.from(bytes.toString("hex").toUpperCase()));
    if (typeof what === "string" && encodeURIComponent(what) !== what) this.#form(name, "percent", Buffer.from(encodeURIComponent(what)));
    for (let shift = 0; shift < 3; shift += 1) {
      // Three bytes are four characters; of what stands at another place only the middle is the same.
      const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
      const from = Math.ceil((shift * 4) / 3);
      const to = Math.floor(((shift + bytes.length) * 4) / 3);
      const base64 = text.slice(from, to);
      this.#form(name, `base64 at ${shift}`, Buffer.from(base64));
      this.#form(name, `base64url at ${shift}`, Buffer.from(base64.replaceAll("+", "-").replaceAll("/", "_")));
    }
    return this;
  }

  /** Looks for something and for its digest. @param {string} name @param {Uint8Array | string} what */
  andDigest(name, what) {
    return this.add(name, what).add(`SHA-256 of ${name}`, createHash("sha256").update(what).digest());
  }

  /** @param {string} name @param {string} form @param {Buffer} bytes */
  #form(name, form, bytes) {
    if (bytes.length < SHORTEST) throw new Error(`${name} is too short to be searched for`);
    this.#forms.push({ name, form, bytes });
  }

  /** Names of what is in a place, with their forms. @param {Buffer | string} place */
  foundIn(place) {
    const hay = Buffer.from(place);
    return this.#forms.filter(({ bytes }) => hay.includes(bytes)).map(({ name, form }) => `${name} (${form})`);
  }

  /** Whether the place has something of this name, in any form. @param {string} name @param {Buffer | string} place */
  has(name, place) {
    return this.foundIn(place).some((found) => found.startsWith(`${name} (`));
  }
}
