// A vector's file: `key: value` lines, an empty line, bytes (vectors/README.md).

/** @param {Uint8Array} bytes */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {string} text */
export const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** @param {Uint8Array} bytes */
export const sha256 = async (bytes) =>
  hex(new Uint8Array(await crypto.subtle.digest("SHA-256", /** @type {Uint8Array<ArrayBuffer>} */ (bytes))));

export class Vector {
  /** @type {[string, string][]} */
  #fields;

  /** @param {string} name `KIND/NAME` @param {Uint8Array} file */
  constructor(name, file) {
    const end = file.findIndex((byte, at) => byte === 10 && file[at + 1] === 10);
    if (end < 0) throw new Error(`${name}: no empty line`);
    const head = new TextDecoder("utf-8", { fatal: true }).decode(file.subarray(0, end));
    this.name = name;
    this.body = file.slice(end + 2);
    this.#fields = head.split("\n").map((line) => {
      const colon = line.indexOf(": ");
      if (colon < 0) throw new Error(`${name}: not a line of a header`);
      return [line.slice(0, colon), line.slice(colon + 2)];
    });
    if (this.get("kind") !== this.kind) throw new Error(`${name}: kind is not the folder`);
  }

  get kind() {
    return this.name.split("/")[0] ?? "";
  }

  get expect() {
    return this.get("expect");
  }

  /** @param {string} key */
  all(key) {
    return this.#fields.filter(([name]) => name === key).map(([, value]) => value);
  }

  /** @param {string} key @returns {string | null} */
  find(key) {
    const values = this.all(key);
    if (values.length > 1) throw new Error(`${this.name}: ${key} stands twice`);
    return values[0] ?? null;
  }

  /** @param {string} key */
  get(key) {
    const value = this.find(key);
    if (value === null) throw new Error(`${this.name}: no ${key}`);
    return value;
  }

  /** @param {string} key */
  number(key) {
    const text = this.get(key);
    const number = Number(text);
    if (BigInt(text) !== BigInt(number)) throw new Error(`${this.name}: ${key} needs more than a double`);
    return number;
  }

  /** @param {string} key */
  bytes(key) {
    return unhex(this.get(key));
  }

  /** Compares a value with the field, if the case has it. @param {string} key @param {Uint8Array | string | number} value */
  check(key, value) {
    const expected = this.find(key);
    const found = value instanceof Uint8Array ? hex(value) : String(value);
    if (expected !== null && found !== expected) throw new Error(`${this.name}: ${key} is ${found}, not ${expected}`);
  }

  /** The body as text, or null if it is not UTF-8. A BOM stays. */
  get text() {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.body);
    } catch {
      return null;
    }
  }
}
