// A proxy for everything that does not go to this machine: what asks for another origin falls into it and is kept.
// One name leads back to the server: an origin of plain HTTP that is no secure context.

import http from "node:http";

import { bounded } from "./wait.js";

/** Name of an origin without TLS that is not loopback. */
export const PLAIN = "http://onekey-plain.test";

export class Trap {
  /** Addresses that were asked for. @type {string[]} */
  caught = [];

  /** @param {() => string} server origin behind PLAIN */
  constructor(server) {
    this.server = http.createServer((request, answer) => {
      const url = request.url ?? "";
      if (!url.startsWith(`${PLAIN}/`)) {
        this.caught.push(url);
        return answer.writeHead(502, { connection: "close" }).end();
      }
      const out = http.request(server() + url.slice(PLAIN.length), { method: request.method, headers: request.headers }, (incoming) => {
        answer.writeHead(incoming.statusCode ?? 502, incoming.rawHeaders);
        incoming.pipe(answer);
      });
      out.on("error", () => answer.destroy());
      request.pipe(out);
    });
    this.server.on("connect", (request, socket) => {
      this.caught.push(request.url ?? "");
      socket.on("error", () => {});
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
  }

  async open() {
    const listening = new Promise((resolve, reject) => this.server.once("error", reject).listen(0, "127.0.0.1", () => resolve(null)));
    await bounded("the trap's port", listening);
    this.port = /** @type {import("node:net").AddressInfo} */ (this.server.address()).port;
  }

  async close() {
    this.server.closeAllConnections();
    await bounded("the trap's end", new Promise((resolve) => this.server.close(resolve)));
  }
}
