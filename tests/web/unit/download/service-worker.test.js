// The service worker in a place of its own, with the page's port sink at the other end.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, mock, test } from "node:test";
import vm from "node:vm";

import { PortSink } from "../../../../crates/server/web/download/port-sink.js";
import { OnekeyError } from "../../../../crates/server/web/error.js";
import { ROOT } from "../../support/programs.js";
import { failure } from "./stage.js";

const SCRIPT = readFileSync(join(ROOT, "crates/server/web/service-worker.js"), "utf8");

/** What a test leaves behind. @type {(() => void)[]} */
const left = [];
afterEach(() => left.splice(0).forEach((end) => end()));

/** Nobody waits for timers of a browser. */
const unref = (timer) => (timer.unref?.(), timer);

/** A service worker that runs, as the browser would start it. */
function started() {
  const listeners = {};
  const self = { addEventListener: (name, listener) => (listeners[name] = listener) };
  const parts = { self, Response, ReadableStream, URL, Uint8Array, TypeError, encodeURIComponent, clearInterval };
  const timers = { setTimeout: (...timer) => unref(setTimeout(...timer)), setInterval: (...timer) => unref(setInterval(...timer)) };
  const fetched = mock.fn();
  vm.runInNewContext(SCRIPT, { ...parts, ...timers, fetch: fetched });
  return {
    fetched,
    message(data, ports = [], source = null) {
      listeners.message({ data, ports, source, waitUntil() {} });
    },
    fetch(path, { method = "GET", mode = "navigate" } = {}) {
      let answer;
      listeners.fetch({ request: { url: `http://x.test${path}`, method, mode }, respondWith: (response) => (answer = response) });
      return answer;
    },
  };
}

/** An offer, the sink that fills it, and what the service worker said of it. */
function offered({ size, name = "ä b's.txt", worker = started(), id = "id" }) {
  const data = new MessageChannel();
  const control = new MessageChannel();
  const said = [];
  control.port1.onmessage = ({ data }) => said.push(data);
  worker.message({ offer: id, name, size }, [data.port2, control.port2]);
  const sink = new PortSink(data.port1, () => {});
  left.push(() => (sink.abort(), data.port2.close(), control.port1.close()));
  return { worker, said, sink };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 30));
const bytes = (length, value = 1) => new Uint8Array(length).fill(value);
const code = (promise) => failure(promise);

test("a download: every byte, in order, confirmed at its end", async () => {
  const { worker, said, sink } = offered({ size: 3_000_003 });
  const response = worker.fetch("/prefix/download/id");
  assert.equal(response.status, 200);
  const read = response.arrayBuffer();
  for (const value of [1, 2, 3]) await sink.write(bytes(1_000_001, value));
  assert.equal(await sink.close(), null);
  assert.deepEqual(said, ["ready", "started"]);
  const got = new Uint8Array(await read);
  assert.equal(got.length, 3_000_003);
  assert.deepEqual([got[0], got[1_000_001], got[3_000_002]], [1, 2, 3]);
});

test("fields of the answer: a file to save, whatever it holds", async () => {
  const { worker } = offered({ size: 5 });
  const { headers } = worker.fetch("/download/id");
  assert.equal(headers.get("Content-Type"), "application/octet-stream");
  assert.equal(headers.get("Content-Disposition"), "attachment; filename*=UTF-8''%C3%A4%20b%27s.txt");
  assert.equal(headers.get("X-Content-Type-Options"), "nosniff");
  assert.match(headers.get("Content-Security-Policy"), /sandbox/);
  assert.equal(headers.get("Cache-Control"), "no-store");
});

test("T12 Content-Length is left out from 2 GiB on", () => {
  for (const [size, expected] of [[0, "0"], [2 ** 31 - 1, "2147483647"], [2 ** 31, null], [2 ** 40, null]]) {
    assert.equal(offered({ size }).worker.fetch("/download/id").headers.get("Content-Length"), expected);
  }
});

test("T13 one piece for each pull, and a bounded number ahead", async () => {
  const { worker, sink } = offered({ size: 100 });
  const reader = worker.fetch("/download/id").body.getReader();
  let written = 0;
  (async () => {
    for (let n = 0; n < 10; n += 1) {
      await sink.write(bytes(10));
      written += 1;
    }
  })();
  await turn();
  assert.equal(written, 4, "no more than four are on their way before anybody reads");
  for (let n = 1; n <= 3; n += 1) {
    assert.equal((await reader.read()).value.length, 10);
    await turn();
    assert.equal(written, 4 + n, "one more for each that was read");
  }
});

test("T14 a failure ends the download in error, not at its end", async () => {
  const { worker, sink } = offered({ size: 100 });
  const reader = worker.fetch("/download/id").body.getReader();
  await sink.write(bytes(10));
  await reader.read();
  const next = reader.read();
  next.catch(() => {});
  await sink.abort(new OnekeyError("damaged"));
  await assert.rejects(next);
});

test("T14 a failure while pieces wait: none of them is taken for the end", async () => {
  const { worker, sink } = offered({ size: 100 });
  const { body } = worker.fetch("/download/id");
  await sink.write(bytes(10));
  await sink.abort(new OnekeyError("damaged"));
  await turn();
  await assert.rejects(new Response(body).arrayBuffer());
});

test("T14 another number of bytes than was announced is a failure", async () => {
  for (const size of [9, 11, 0]) {
    const { worker, sink } = offered({ size });
    const read = worker.fetch("/download/id").arrayBuffer();
    read.catch(() => {});
    await sink.write(bytes(10));
    assert.equal(await code(sink.close()), "download_lost");
    await assert.rejects(read);
  }
});

test("T15 the page is done only when the service worker says that the browser has every byte", async () => {
  const { worker, sink } = offered({ size: 10 });
  const reader = worker.fetch("/download/id").body.getReader();
  await sink.write(bytes(10));
  let isClosed = false;
  const closed = sink.close().then(() => (isClosed = true));
  await turn();
  assert.equal(isClosed, false);
  await reader.read();
  await reader.read();
  await closed;
});

test("T15 a confirmation of another number is no confirmation", async () => {
  const { port1, port2 } = new MessageChannel();
  const sink = new PortSink(port1, () => {});
  port2.onmessage = ({ data }) => typeof data === "object" && "end" in data && port2.postMessage({ closed: data.end - 1 });
  await sink.write(bytes(10));
  assert.equal(await code(sink.close()), "download_lost");
  port2.close();
});

test("T15 the browser ends the download: the page hears of it", async () => {
  const { worker, sink } = offered({ size: 100 });
  const { body } = worker.fetch("/download/id");
  await body.cancel();
  await turn();
  assert.equal(await code(sink.write(bytes(10))), "download_lost");
  await sink.abort();
});

test("T15 a service worker that is gone is missed after three beats; one that answers is not", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { port1, port2 } = new MessageChannel();
  let beats = 0;
  const sink = new PortSink(port1, () => (beats += 1));
  port2.onmessage = ({ data }) => data === "alive?" && answering && port2.postMessage("alive");
  let answering = true;
  const settle = () => new Promise((resolve) => setTimeout(resolve, 20));
  for (let n = 0; n < 10; n += 1) {
    t.mock.timers.tick(10_000);
    await settle();
  }
  assert.equal(beats, 10);
  await sink.write(bytes(1));
  answering = false;
  t.mock.timers.tick(30_000);
  await settle();
  await sink.write(bytes(1));
  t.mock.timers.tick(10_000);
  assert.equal(await code(sink.write(bytes(1))), "download_lost");
  await sink.abort();
  port2.close();
});

test("T14 T15 a page that is gone is missed, and its download fails", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  const { worker } = withOffer();
  const { body } = worker.fetch("/download/id");
  const read = new Response(body).arrayBuffer();
  t.mock.timers.tick(50_000);
  await assert.rejects(read);
});

// Without the time limit the missed beats would end it, too.
test("T14 a page that says that it failed is believed at once, though its port stays open", { timeout: 5_000 }, async () => {
  const { worker, port } = withOffer();
  const { body } = worker.fetch("/download/id");
  port.postMessage({ error: true });
  await assert.rejects(new Response(body).arrayBuffer());
});

/** A service worker with an offer behind which nobody is, and the port on which a page would speak. */
function withOffer() {
  const worker = started();
  const data = new MessageChannel();
  const control = new MessageChannel();
  worker.message({ offer: "id", name: "x", size: 5 }, [data.port2, control.port2]);
  left.push(() => (data.port1.close(), control.port1.close()));
  return { worker, port: data.port1 };
}

test("T34 unknown and used ids are answered here, and nothing is asked of the network", async () => {
  const { worker } = offered({ size: 0 });
  assert.equal(worker.fetch("/download/other").status, 204);
  assert.equal(worker.fetch("/download/other", { mode: "cors" }).status, 404);
  assert.equal(worker.fetch("/download/id", { method: "POST" }).status, 204);
  assert.equal(worker.fetch("/download/id").status, 200);
  assert.equal(worker.fetch("/download/id").status, 204, "one use");
  assert.equal(worker.fetched.mock.callCount(), 0);
});

test("an offer that nobody takes is over after a minute, also while its page is there", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  const { worker, port } = withOffer();
  for (let beat = 1; beat <= 6; beat += 1) {
    t.mock.timers.tick(10_000);
    port.postMessage("alive?");
    await new Promise((answered) => port.once("message", answered));
  }
  assert.equal(worker.fetch("/download/id").status, 204);
});

test("no more than sixteen downloads at once", () => {
  const worker = started();
  for (let n = 0; n < 20; n += 1) offered({ size: 5, worker, id: `id${n}` });
  const statuses = Array.from({ length: 20 }, (_, n) => worker.fetch(`/download/id${n}`).status);
  assert.equal(statuses.filter((status) => status === 200).length, 16);
});

test("T15 a service worker that was stopped in between says that it knows nothing", () => {
  const { worker } = offered({ size: 5 });
  const source = { postMessage: mock.fn() };
  worker.message({ keep: "id" }, [], source);
  assert.equal(source.postMessage.mock.callCount(), 0);
  started().message({ keep: "id" }, [], source);
  assert.equal(source.postMessage.mock.calls[0].arguments[0].lost, "id");
});

test("a page that is left ends its download", async () => {
  const { worker } = offered({ size: 5 });
  const read = worker.fetch("/download/id").arrayBuffer();
  worker.message({ drop: "id" });
  await assert.rejects(read);
});
