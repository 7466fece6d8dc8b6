// The road to the server: an HTTP proxy of ours in front of it, whose address is the origin that people use. It keeps
// what travels, and can be cut, hold a request, or break a body off. It changes nothing but one thing: the content
// security policy gains a `report-uri`, so that a violation anywhere, also in a worker, is reported here.

import http from "node:http";
import { Transform } from "node:stream";

import { bounded } from "./wait.js";

const REPORTS = "/content-security-policy-report";

/**
 * What travelled. Bodies are kept only where the road was asked to.
 * @typedef {{method: string, url: string, headers: string[], body: Buffer, sent: number, status: number | null,
 *   answerHeaders: http.IncomingHttpHeaders, answer: Buffer, received: number, done: boolean}} Exchange
 */

export class Road {
  /** @type {Exchange[]} */
  exchanges = [];
  /** Reports of violations. @type {string[]} */
  violations = [];
  #server;
  /** @type {Set<import("node:net").Socket>} */
  #sockets = new Set();
  #port = 0;
  /** @type {Rule[]} */
  #rules = [];

  /** @param {() => number} target port of the server @param {{keep?: boolean}} [options] `keep`: bodies as well */
  constructor(target, { keep = false } = {}) {
    this.target = target;
    this.keep = keep;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
    this.#server = this.#make();
  }

  #make() {
    // A part of 8 MiB and a download of hours are all right; nothing here may end them but the test.
    const server = http.createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, (request, answer) => this.#pass(request, answer));
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => {});
    });
    server.on("clientError", (_, socket) => socket.destroy());
    return server;
  }

  /** Opens the road, on the port it had before. */
  async open() {
    if (this.#server.listening) return;
    this.#server = this.#make();
    const listening = new Promise((resolve, reject) => this.#server.once("error", reject).listen(this.#port, "127.0.0.1", () => resolve(null)));
    await bounded("the road's port", listening);
    this.#port = /** @type {import("node:net").AddressInfo} */ (this.#server.address()).port;
  }

  /** Cuts the road: every connection breaks and no new one comes up, until it is opened again. */
  async cut() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await bounded("the road's end", closed);
  }

  async close() {
    for (const rule of this.#rules.splice(0)) rule.release();
    if (this.#server.listening) await this.cut();
    this.agent.destroy();
  }

  get origin() {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Exchanges so far whose method and path fit. @param {string} method @param {RegExp} path */
  travelled(method, path) {
    return this.exchanges.filter((one) => one.method === method && path.test(one.url));
  }

  /**
   * Does something else with the requests that fit, until it is removed.
   * @param {Omit<Partial<Rule>, "release" | "drop"> & {method: string, path: RegExp}} rule @returns {Rule}
   */
  rule(rule) {
    const made = new Rule(rule, () => (this.#rules = this.#rules.filter((one) => one !== made)));
    this.#rules.push(made);
    return made;
  }

  /** @param {http.IncomingMessage} request @param {http.ServerResponse} answer */
  async #pass(request, answer) {
    const { method = "", url = "" } = request;
    if (url === REPORTS) return this.#report(request, answer);
    /** @type {Exchange} */
    const exchange = {
      method, url, headers: request.rawHeaders, body: Buffer.alloc(0), sent: 0, status: null,
      answerHeaders: {}, answer: Buffer.alloc(0), received: 0, done: false,
    };
    this.exchanges.push(exchange);
    request.on("error", () => {});
    answer.on("error", () => {});

    const rule = this.#rules.find((one) => one.fits(method, url, Number(request.headers["content-length"] ?? 0)));
    if (rule) {
      await rule.passed(exchange);
      if (rule.answer) {
        request.resume();
        answer.writeHead(rule.answer.status, { "content-type": "text/html", connection: "close" });
        return answer.end(rule.answer.body);
      }
    }
    if (rule?.isDropped) request.socket.resetAndDestroy();
    // Whoever asked has left meanwhile: the server must not get half a request that never ends.
    if (request.socket.destroyed || answer.destroyed) return;

    const out = http.request({
      host: "127.0.0.1", port: this.target(), method, path: url, headers: request.headers, agent: this.agent,
    });
    const kept = this.#keeper(exchange, "body");
    request.on("data", (data) => {
      exchange.sent += data.length;
      kept(data);
      if (rule?.breakSentAfter != null && exchange.sent > rule.breakSentAfter) {
        rule.broken += 1;
        request.socket.resetAndDestroy();
        out.destroy();
      }
    });
    request.pipe(out);
    // A body of the server's that breaks off must break off here as well.
    const fail = () => answer.socket?.resetAndDestroy();
    out.on("error", fail);
    answer.on("close", () => {
      if (!answer.writableFinished) out.destroy();
    });
    out.on("response", (incoming) => {
      exchange.status = incoming.statusCode ?? 0;
      exchange.answerHeaders = incoming.headers;
      const keptAnswer = this.#keeper(exchange, "answer");
      answer.writeHead(exchange.status, withReports(incoming.rawHeaders));
      incoming.on("aborted", fail);
      incoming.on("error", fail);
      incoming.on("data", (data) => {
        exchange.received += data.length;
        keptAnswer(data);
        if (rule?.breakReceivedAfter != null && exchange.received > rule.breakReceivedAfter) {
          rule.broken += 1;
          out.destroy();
          answer.socket?.resetAndDestroy();
        }
      });
      incoming.on("end", () => (exchange.done = true));
      if (rule?.stallReceivedAfter != null) incoming.pipe(rule.gate()).pipe(answer);
      else incoming.pipe(answer);
    });
  }

  /** @param {Exchange} exchange @param {"body" | "answer"} name */
  #keeper(exchange, name) {
    if (!this.keep) return () => {};
    return (/** @type {Buffer} */ data) => (exchange[name] = Buffer.concat([exchange[name], data]));
  }

  /** @param {http.IncomingMessage} request @param {http.ServerResponse} answer */
  #report(request, answer) {
    let text = "";
    request.on("data", (data) => (text += data));
    request.on("end", () => {
      this.violations.push(text);
      answer.writeHead(204).end();
    });
  }
}

/** What happens to requests that fit, in place of just passing. */
export class Rule {
  /** Connections that were broken. */
  broken = 0;
  /** Answers that were held in their middle. */
  stalled = 0;
  /** @type {Exchange[]} */
  seen = [];
  /** @type {(() => void)[]} */
  #held = [];
  #released = false;
  isDropped = false;

  /**
   * @param {{method: string, path: RegExp, hold?: boolean, after?: number, breakSentAfter?: number, breakReceivedAfter?: number, stallReceivedAfter?: number,
   *   answer?: {status: number, body: string}, largerThan?: number}} options `after`: so many pass first
   * @param {() => void} remove
   */
  constructor({ method, path, hold = false, after = 0, breakSentAfter, breakReceivedAfter, stallReceivedAfter, answer, largerThan = -1 }, remove) {
    this.method = method;
    this.path = path;
    this.hold = hold;
    this.after = after;
    this.breakSentAfter = breakSentAfter;
    this.breakReceivedAfter = breakReceivedAfter;
    this.stallReceivedAfter = stallReceivedAfter;
    this.answer = answer;
    this.largerThan = largerThan;
    this.remove = remove;
  }

  /** @param {string} method @param {string} url @param {number} length of the body */
  fits(method, url, length) {
    if (method !== this.method || !this.path.test(url) || length <= this.largerThan) return false;
    if (this.after > 0) {
      this.after -= 1;
      return false;
    }
    return true;
  }

  /** @param {Exchange} exchange */
  async passed(exchange) {
    this.seen.push(exchange);
    if (this.hold && !this.#released) await new Promise((resolve) => this.#held.push(() => resolve(null)));
  }

  /** Lets so many bytes of an answer pass, and holds the rest until the rule is released. */
  gate() {
    let passed = 0;
    return new Transform({
      transform: (data, _, next) => {
        passed += data.length;
        if (this.#released || passed <= this.stallReceivedAfter) return next(null, data);
        this.stalled += 1;
        this.#held.push(() => next(null, data));
      },
    });
  }

  /** Ends the rule, and lets go what it holds. */
  release() {
    this.remove();
    this.#released = true;
    for (const go of this.#held.splice(0)) go();
  }

  /**
   * The same, but requests that are held end here: their page has gone, and what of them lies in buffers on the way must
   * not arrive behind it.
   */
  drop() {
    this.isDropped = true;
    this.release();
  }
}

/** Adds our report address to every policy. @param {string[]} raw */
function withReports(raw) {
  const headers = [];
  for (let i = 0; i < raw.length; i += 2) {
    const policy = /^content-security-policy$/i.test(raw[i]);
    headers.push([raw[i], policy ? `${raw[i + 1]}; report-uri ${REPORTS}` : raw[i + 1]]);
  }
  return headers.flat();
}
