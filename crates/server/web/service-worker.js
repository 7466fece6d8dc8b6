// Downloads that stream: the page offers one under a random id, the browser asks for /download/ID, and what the page's worker
// decrypts goes into the answer piece by piece. Names stand in no address. This worker asks the network for nothing, keeps
// no keys and stores nothing; what it does not know is 404. The messages of the port are listed in download/port-sink.js.
"use strict";

{
  /** How long an offer waits for the browser, in milliseconds. */
  const OFFER_WAIT = 60_000;

  /** Most offers that wait at once. */
  const MAX_OFFERS = 16;

  /** From here on Firefox hung on a Content-Length (T12). */
  const MAX_CONTENT_LENGTH = 2 ** 31;

  /** How often a download looks whether its page is there, in milliseconds, and after how many looks it is not. */
  const BEAT = 10_000;
  const MISSED_BEATS = 3;

  /** How long a message from the page keeps this worker running, in milliseconds: until the one after the next. */
  const KEEP = 20_000;

  /** @type {Map<string, Download>} */
  const downloads = new Map();

  /** One download. It ends once: closed with the right count, or in error, which the browser shows as failed. */
  class Download {
    /** @type {Uint8Array[]} */
    #pieces = [];
    #given = 0;
    /** @type {number | null} */
    #end = null;
    #isOver = false;
    /** @type {ReadableStreamDefaultController<Uint8Array> | null} */
    #controller = null;
    #wake = () => {};
    #missed = 0;
    #beat;

    /** @param {string} id @param {string} name @param {number} size @param {MessagePort} port @param {MessagePort} control */
    constructor(id, name, size, port, control) {
      this.id = id;
      this.name = name;
      this.size = size;
      this.port = port;
      this.control = control;
      this.isStarted = false;
      port.onmessage = ({ data }) => this.#hear(data);
      // The page was closed; not every browser says so.
      port.addEventListener("close", () => this.fail());
      this.#beat = setInterval(() => {
        if (++this.#missed > MISSED_BEATS) this.fail();
      }, BEAT);
      setTimeout(() => {
        if (!this.isStarted) this.fail();
      }, OFFER_WAIT);
    }

    /** @returns {Response} */
    answer() {
      this.isStarted = true;
      this.control.postMessage("started");
      const stream = new ReadableStream(
        {
          start: (controller) => void (this.#controller = controller),
          pull: () => this.#pull(),
          cancel: () => this.fail(),
        },
        { highWaterMark: 0 },
      );
      /** @type {Record<string, string>} */
      const headers = {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": `attachment; filename*=UTF-8''${extended(this.name)}`,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
      };
      if (this.size < MAX_CONTENT_LENGTH) headers["Content-Length"] = String(this.size);
      return new Response(stream, { headers });
    }

    /** Ends the download as failed, and says so to the page. */
    fail() {
      if (this.#isOver) return;
      this.#over();
      this.port.postMessage("lost");
      try {
        this.#controller?.error(new TypeError("the download failed"));
      } catch {
        // The browser has cancelled it.
      }
    }

    /** @param {unknown} data */
    #hear(data) {
      this.#missed = 0;
      if (data instanceof Uint8Array) this.#pieces.push(data);
      else if (data === "alive?") return this.port.postMessage("alive");
      else if (typeof data === "object" && data !== null && "end" in data) this.#end = Number(data.end);
      else this.fail();
      this.#wake();
    }

    /** Gives one piece: more than one for each pull stalls Firefox (T13). */
    async #pull() {
      for (;;) {
        if (this.#isOver) return;
        const piece = this.#pieces.shift();
        if (piece) {
          this.#given += piece.length;
          // A copy, as memory that a script asks for makes V8 collect what came by message too; else garbage grows to half a GiB.
          this.#controller?.enqueue(piece.slice());
          this.port.postMessage("taken");
          return;
        }
        if (this.#end !== null) return this.#close();
        await new Promise((wake) => (this.#wake = () => wake(null)));
      }
    }

    /** The browser asked for more behind the last piece: it has them all. */
    #close() {
      if (this.#end !== this.#given || this.size !== this.#given) return this.fail();
      this.#over();
      this.#controller?.close();
      this.port.postMessage({ closed: this.#given });
    }

    #over() {
      this.#isOver = true;
      this.#pieces = [];
      clearInterval(this.#beat);
      downloads.delete(this.id);
      this.#wake();
    }
  }

  /** @param {boolean} isLink */
  const nothing = (isLink) => new Response(isLink ? null : "nothing here\n", { status: isLink ? 204 : 404 });

  /** A name as RFC 8187 wants it. @param {string} name */
  const extended = (name) =>
    encodeURIComponent(name).replace(/['()*!]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

  self.addEventListener("message", (/** @type {any} */ event) => {
    event.waitUntil(new Promise((resolve) => setTimeout(resolve, KEEP)));
    const { data, ports, source } = event;
    if (data === "there?") ports[0]?.postMessage("there");
    const { offer, name, size, keep, drop } = data ?? {};
    if (typeof offer === "string" && ports.length === 2 && downloads.size < MAX_OFFERS) {
      downloads.set(offer, new Download(offer, String(name), Number(size), ports[0], ports[1]));
      ports[1].postMessage("ready");
    }
    // A worker that was stopped in between knows nothing of it.
    if (typeof keep === "string" && !downloads.has(keep)) source?.postMessage({ lost: keep });
    if (typeof drop === "string") downloads.get(drop)?.fail();
  });

  self.addEventListener("fetch", (/** @type {any} */ event) => {
    const { pathname } = new URL(event.request.url);
    const download = downloads.get(pathname.slice(pathname.lastIndexOf("/") + 1));
    const isWanted = download && !download.isStarted && event.request.method === "GET";
    event.respondWith(isWanted ? download.answer() : nothing(event.request.mode === "navigate"));
  });
}
