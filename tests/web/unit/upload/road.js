// A road to the server that loses, refuses and cuts what a test says, and remembers what travelled.

import { createHash } from "node:crypto";
import http from "node:http";

/**
 * What becomes of a request: it passes; it is answered here; its connection breaks (`drop`); it arrives, and its answer is lost
 * (`lose`); or it waits until the road is cut (`hold`).
 * @typedef {"pass" | "drop" | "lose" | "hold" | {status: number, body: string, headers?: Record<string, string>}} Fate
 */

/** @typedef {{method: string, path: string, headers: http.IncomingHttpHeaders, body: Buffer, status: number | null}} Exchange */

export class Road {
  /** @type {Exchange[]} */
  seen = [];
  /** Most parts that were on their way at once. */
  mostParts = 0;
  /** @type {(exchange: Exchange) => Fate | Promise<Fate>} */
  fate = () => "pass";
  #parts = 0;
  #port = 0;
  /** @type {http.Server | null} */
  #http = null;
  #agent = new http.Agent({ keepAlive: true });

  /** @param {() => number} target */
  constructor(target) {
    this.target = target;
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  async open() {
    const server = http.createServer((request, answer) => void this.#pass(request, answer).catch(() => answer.destroy()));
    this.#http = server;
    await new Promise((resolve, reject) => server.once("error", reject).listen(this.#port, "127.0.0.1", () => resolve(null)));
    this.#port = /** @type {import("node:net").AddressInfo} */ (server.address()).port;
  }

  /** Breaks every connection, and lets none come up until it is opened again. */
  async cut() {
    const server = this.#http;
    this.#http = null;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  async close() {
    await this.cut();
    this.#agent.destroy();
  }

  /** @param {string} method @param {RegExp} path */
  travelled(method, path) {
    return this.seen.filter((exchange) => exchange.method === method && path.test(exchange.path));
  }

  /** Numbers of the parts that travelled to an upload. @param {string} id */
  parts(id) {
    const numbers = this.travelled("PUT", new RegExp(`/uploads/${id}/parts/`)).map(({ path }) => Number(path.split("/").at(-1)));
    return numbers.sort((a, b) => a - b);
  }

  /** @param {http.IncomingMessage} request @param {http.ServerResponse} answer */
  async #pass(request, answer) {
    const isPart = request.method === "PUT";
    if (isPart) this.mostParts = Math.max(this.mostParts, ++this.#parts);
    request.on("close", () => isPart && (this.#parts -= 1));
    request.on("error", () => {});
    answer.on("error", () => {});
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces);
    const exchange = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body, status: null };
    this.seen.push(exchange);
    const fate = await this.fate(exchange);
    if (fate === "drop") return void answer.destroy();
    // Until the connection is cut.
    if (fate === "hold") return;
    if (typeof fate === "object") return void answer.writeHead(fate.status, fate.headers ?? {}).end(fate.body);
    const out = http.request({ host: "127.0.0.1", port: this.target(), method: request.method, path: request.url, headers: request.headers, agent: this.#agent });
    const incoming = await new Promise((resolve, reject) => out.once("response", resolve).once("error", reject).end(body));
    exchange.status = incoming.statusCode;
    if (fate === "lose") {
      incoming.resume();
      return void answer.destroy();
    }
    answer.writeHead(incoming.statusCode, incoming.headers);
    incoming.pipe(answer);
  }
}

/** @param {Uint8Array} bytes */
export const sha256 = (bytes) => createHash("sha256").update(bytes).digest();

/** An error as the server says it. @param {number} status @param {string} code @returns {Fate} */
export const refusal = (status, code) => ({ status, body: JSON.stringify({ error: { code, message: "a test says so" } }) });
