// Requests, and what their answers mean.

import assert from "node:assert/strict";
import http from "node:http";
import { after, test } from "node:test";

import { apiUrl, request, withDeadline } from "../../../../crates/server/web/protocol/request.js";
import { payloadRange } from "../../../../crates/server/web/protocol/payload.js";
import { createUpload } from "../../../../crates/server/web/protocol/uploads.js";

/** What the next request gets. @type {(request: http.IncomingMessage, answer: http.ServerResponse, body: string) => void} */
let answering = () => {};
/** @type {http.IncomingMessage[]} */
const seen = [];
const server = http.createServer(async (request, answer) => {
  seen.push(request);
  let body = "";
  for await (const piece of request) body += piece;
  answering(request, answer, body);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
after(() => {
  server.closeAllConnections();
  server.close();
});
const url = `http://127.0.0.1:${server.address().port}`;

const says = (status, body, headers = {}) => {
  answering = (_, answer) => answer.writeHead(status, headers).end(body);
};
const asked = (options = {}) => request(url, { method: "GET", path: "/x", ...options });
const code = (promise) => promise.then(() => "none", ({ code, detail }) => (detail === null ? code : `${code} ${detail}`));

test("addresses, with a path and a slash or without", () => {
  for (const server of ["https://a.example/b", "https://a.example/b/", new URL("https://a.example/b/")]) {
    assert.equal(apiUrl(server, "/server"), "https://a.example/b/api/v1/server");
  }
  assert.equal(apiUrl(new URL("https://a.example/"), "/server"), "https://a.example/api/v1/server");
});

test("a body is JSON, and text is sent as it is", async () => {
  answering = (request, answer, body) => answer.end(JSON.stringify({ body, type: request.headers["content-type"] }));
  assert.deepEqual(await asked({ method: "POST", body: { a: 1 } }), { body: '{"a":1}', type: "application/json" });
  assert.deepEqual(await asked({ method: "POST", body: '{"b": 2}' }), { body: '{"b": 2}', type: "application/json" });
  assert.deepEqual(await asked({ method: "POST" }), { body: "" });
});

test("a credential travels in its field only, and nothing else tells of the page", async () => {
  says(204, "");
  assert.equal(await asked({ method: "DELETE", authorization: "Onekey-Owner abc", expected: 204 }), null);
  const { headers, url: path } = /** @type {http.IncomingMessage} */ (seen.at(-1));
  assert.equal(headers.authorization, "Onekey-Owner abc");
  assert.equal(path, "/api/v1/x");
  assert.equal(headers.cookie, undefined);
  assert.equal(headers.referer, undefined);
});

test("refusals of the server keep their code and Retry-After", async () => {
  says(429, '{"error":{"code":"too_many_attempts","message":"x"}}', { "retry-after": "17" });
  await assert.rejects(asked(), { code: "too_many_attempts", retryAfter: 17 });
  says(503, '{"error":{"code":"unavailable","message":"x"}}', { "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" });
  await assert.rejects(asked(), { code: "unavailable", retryAfter: null });
});

test("codes of a newer server go by the status, and none is taken for one of the page's own", async () => {
  const cases = [[400, "bad_request"], [404, "not_found"], [409, "wrong_state"], [413, "too_large"], [429, "quota"], [500, "internal"],
    [503, "unavailable"], [507, "storage_full"], [418, "bad_request"]];
  for (const [status, expected] of cases) {
    for (const name of ["from_the_future", "network", "cancelled", "__proto__"]) {
      says(status, JSON.stringify({ error: { code: name, message: "x" } }));
      assert.equal(await code(asked()), expected);
    }
  }
});

test("what is not of a onekey server", async () => {
  for (const [status, body] of [[502, "<h1>Bad gateway</h1>"], [413, "too large"], [404, "{}"], [403, '{"error":"x"}'], [500, ""]]) {
    says(status, body);
    assert.equal(await code(asked()), `not_onekey ${status}`);
  }
  says(200, "<!doctype html>");
  assert.equal(await code(asked()), "not_onekey 200");
  says(200, "{}");
  assert.equal(await code(asked({ expected: 201 })), "not_onekey 200");
  says(500, JSON.stringify({ error: { code: "internal", message: "x".repeat(100_000) } }));
  assert.equal(await code(asked()), "not_onekey 500");
});

test("redirects are not followed", async () => {
  const before = seen.length;
  says(307, "", { location: "/elsewhere" });
  assert.equal(await code(asked({ authorization: "Onekey-Owner abc" })), "network");
  assert.equal(seen.length, before + 1);
});

test("a connection that breaks, before the answer and in it", async () => {
  answering = (_, answer) => answer.socket?.destroy();
  assert.equal(await code(asked()), "network");
  answering = (_, answer) => {
    answer.writeHead(200, { "content-length": "100" }).write("{");
    setTimeout(() => answer.socket?.destroy(), 20);
  };
  assert.equal(await code(asked()), "network");
});

test("silence ends at the deadline, a cancel at once", async () => {
  const started = performance.now();
  const silent = withDeadline(50, null, (within) => new Promise((_, reject) => within.addEventListener("abort", () => reject(new Error("x")))));
  assert.equal(await code(silent), "network");
  assert.ok(performance.now() - started < 5_000);
  const aborter = new AbortController();
  answering = () => aborter.abort();
  assert.equal(await code(asked({ signal: aborter.signal })), "cancelled");
});

test("a payload's range is checked before a byte of it counts", async () => {
  const grant = "g".repeat(43);
  const got = (first, last) => code(payloadRange(url, grant, first, last));
  const range = (text) => says(206, "abcd", { "content-range": text });
  range("bytes 4-7/10");
  assert.equal(await got(4, 7), "none");
  assert.equal(seen.at(-1)?.headers.range, "bytes=4-7");
  assert.equal(seen.at(-1)?.headers.authorization, `Onekey-Grant ${grant}`);
  for (const other of ["bytes 0-3/10", "bytes 4-8/10", "bytes 4-7/6", "bytes 4-7/*", "items 4-7/10", ""]) {
    range(other);
    assert.equal(await got(4, 7), "not_onekey 206", other);
  }
  range("bytes 4-9/10");
  assert.equal(await got(4, null), "none");
  assert.equal(seen.at(-1)?.headers.range, "bytes=4-");
  says(200, "abcdefghij");
  assert.equal(await got(4, 7), "not_onekey 200");
  assert.equal(await got(0, null), "none");
  assert.equal(seen.at(-1)?.headers.range, undefined);
  says(404, '{"error":{"code":"not_found","message":"x"}}');
  assert.equal(await got(0, null), "not_found");
});

test("an upload secret that no field can carry is a wrong one", async () => {
  const before = seen.length;
  for (const secret of ["", "with space", "ä", "a\r\nb", "x".repeat(1025)]) {
    assert.equal(await code(createUpload(url, {}, secret, {})), "upload_secret_rejected");
  }
  assert.equal(seen.length, before);
});

test("an upload is not created twice for a lost answer", async () => {
  let calls = 0;
  answering = (_, answer) => {
    calls += 1;
    answer.socket?.destroy();
  };
  assert.equal(await code(createUpload(url, {}, null, {})), "network");
  assert.equal(calls, 1);
});
