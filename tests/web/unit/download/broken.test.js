import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "../../../../crates/server/web/download/open.js";
import { save } from "../../../../crates/server/web/download/save.js";
import { Job } from "../../../../crates/server/web/worker/job.js";
import { lines, noise, write } from "../../support/files.js";
import { temporaryFolder } from "../../support/programs.js";
import { failure, fileTarget, got, installDatabase, loadBrotli, passed, Road, share, startServer, taken } from "./stage.js";

const E = 65_564;
const C = 65_536;

const stores = installDatabase();
await loadBrotli();
const { url, port } = await startServer();
const folder = temporaryFolder("files");
const BYTES = noise(3_000_000, "broken");
const path = write(`${folder}/broken.bin`, BYTES);

/** Saves on a road whose payloads `change` answers, on a link of one download; and looks that nothing was spent twice. */
async function brokenRoad(change, { expect, whole = true, downloads = 1, files, args = [path], bytes = BYTES } = {}) {
  const made = await share(url, [...args, "--downloads", "1"]);
  const road = await new Road().open(port);
  let count = 0;
  road.change = (request, answer, incoming) => request.method === "GET" && change(answer, incoming, count++, request);
  const outcome = await got(road.url, made.key, { as: "file", whole, files });
  assert.equal(outcome.error?.code ?? "none", expect);
  assert.ok(road.grants() <= 1, "one grant");
  assert.equal(await taken(made), downloads);
  const { target } = outcome;
  assert.ok(bytes.subarray(0, target.bytes.length).equals(target.bytes), "never a byte that was not sent");
  if (expect === "none") {
    assert.ok(target.closed && target.bytes.equals(bytes));
  } else {
    assert.ok(target.aborted && !target.closed && target.removed, "nothing looks finished");
    assert.notEqual(outcome.reports.at(-1).state, "finishing");
  }
  return { ...outcome, made, road };
}

test("T35 a connection that breaks often: one grant, every byte", async () => {
  const { road, reports } = await brokenRoad((answer, incoming, count) => passed(answer, incoming, { end: 100_000 + count * 150_000 }), {
    expect: "none",
  });
  assert.ok(road.payloads().length > 3);
  const starts = road.payloads().slice(1).map(({ range }) => Number(/^bytes=(\d+)-$/.exec(range)[1]));
  assert.ok(starts.every((start) => start % E === 0), "goes on at the edge of a chunk");
  assert.ok(reports.some(({ state, retryIn }) => state === "waiting" && retryIn !== null));
});

test("T24 the body is cut at each edge of a chunk and goes on", async () => {
  const size = 5 * C + 100;
  const small = write(`${folder}/small.bin`, noise(size, "small"));
  const made = await share(url, [small, "--downloads", "1", "--no-pad"]);
  const road = await new Road().open(port);
  let cut = 0;
  road.change = (request, answer, incoming) => request.method === "GET" && cut > 0 && passed(answer, incoming, { end: cut-- * 0 + E });
  for (cut of [1, 2, 3, 4]) {
    const { error, target } = await got(road.url, made.key, { as: "file" });
    assert.equal(error, null);
    assert.ok(target.bytes.equals(noise(size, "small")));
  }
  assert.equal(road.grants(), 1);
});

for (const [name, at] of [["first byte", 0], ["nonce of the second chunk", E], ["middle", 1_500_000], ["tag of a chunk", 10 * E - 1]]) {
  test(`T14 a bit is flipped: ${name}`, async () => {
    const { target, error } = await brokenRoad(
      (answer, incoming) =>
        passed(answer, incoming, {
          change(bytes, from) {
            if (at < from || at >= from + bytes.length) return bytes;
            const changed = Buffer.from(bytes);
            changed[at - from] ^= 1;
            return changed;
          },
        }),
      { expect: "damaged" },
    );
    assert.equal(error.detail, Math.floor(at / E));
    assert.ok(target.bytes.length <= Math.floor(at / E) * C, "no plaintext behind the failure");
  });
}

test("T14 T24 the last chunk is opened before the file is closed, also if no byte of it is wanted", async () => {
  // Whole pieces of a MiB, and an empty last chunk behind them.
  const bytes = noise(3 << 20, "pieces");
  const args = [write(`${folder}/pieces.bin`, bytes), "--no-pad"];
  const flip = 48 * E + 27;
  const { target, error } = await brokenRoad(
    (answer, incoming) =>
      passed(answer, incoming, {
        change(data, from) {
          const changed = Buffer.from(data);
          if (flip >= from && flip < from + data.length) changed[flip - from] ^= 1;
          return changed;
        },
      }),
    { expect: "damaged", args, bytes },
  );
  assert.equal(error.detail, 48);
  assert.equal(target.closed, false);
});

test("T24 a payload that the server says is shorter: cut at each edge, to one chunk, to nothing", async () => {
  const opened = await open({ key: (await share(url, [path])).key, password: null }, null, url);
  const chunks = Math.ceil(opened.size / E);
  for (const length of [0, 28, E, 2 * E, (chunks - 1) * E, opened.size - 1]) {
    await brokenRoad((answer, incoming) => passed(answer, incoming, { end: length, headers: { "content-length": String(length) } }), {
      expect: "truncated",
    });
  }
});

test("T24 a payload that is shorter where it is asked for again", async () => {
  await brokenRoad(
    (answer, incoming, count) => {
      if (count === 0) return passed(answer, incoming, { end: 5 * E });
      const [, first] = /^bytes (\d+)-/.exec(incoming.headers["content-range"]);
      const headers = { "content-range": `bytes ${first}-${10 * E - 1}/${10 * E}`, "content-length": String(10 * E - Number(first)) };
      return passed(answer, incoming, { headers, end: 10 * E - Number(first) });
    },
    { expect: "truncated" },
  );
  await brokenRoad(
    (answer, incoming, count) => {
      if (count === 0) return passed(answer, incoming, { end: 5 * E });
      incoming.resume();
      answer.writeHead(416, { "content-type": "application/json" });
      answer.end('{"error":{"code":"range_not_satisfiable","message":"x"}}');
      return true;
    },
    { expect: "truncated" },
  );
});

test("T24 chunks that are left out, repeated or in another order", async () => {
  for (const order of [[1, 0], [0, 0], [0, 2]]) {
    await brokenRoad(
      (answer, incoming) => {
        const pieces = [];
        incoming.on("data", (data) => pieces.push(data));
        incoming.on("end", () => {
          const bytes = Buffer.concat(pieces);
          const changed = Buffer.from(bytes);
          order.forEach((from, to) => bytes.copy(changed, to * E, from * E, (from + 1) * E));
          answer.writeHead(200, incoming.headers);
          answer.end(changed);
        });
        return true;
      },
      { expect: "damaged" },
    );
  }
});

test("a payload that is longer", async () => {
  await brokenRoad(
    (answer, incoming) => passed(answer, incoming, { headers: { "content-length": String(Number(incoming.headers["content-length"]) + 100) }, end: E }),
    { expect: "damaged" },
  );
});

test("T24 a body without a length that ends early is no end", async () => {
  const { reports } = await brokenRoad(
    (answer, incoming, count) => {
      if (count > 0) return false;
      const { "content-length": _, ...headers } = incoming.headers;
      answer.writeHead(200, headers);
      let left = 20 * E;
      incoming.on("data", (data) => {
        if (left > 0) answer.write(data.subarray(0, left));
        left -= data.length;
      });
      incoming.on("end", () => answer.end());
      return true;
    },
    { expect: "none" },
  );
  assert.ok(reports.some(({ state }) => state === "waiting"));
});

test("200 in place of 206, another range, no range", async () => {
  const wrong = [
    (answer, incoming) => passed(answer, incoming, { status: 200 }),
    (answer, incoming) => passed(answer, incoming, { headers: { "content-range": "bytes 0-99/3200000" } }),
    (answer, incoming) => passed(answer, incoming, { headers: { "content-range": "bytes */3200000" } }),
    (answer, incoming) => passed(answer, incoming, { headers: { "content-range": "x" } }),
  ];
  for (const change of wrong) {
    await brokenRoad((answer, incoming, count) => (count === 0 ? passed(answer, incoming, { end: 5 * E }) : change(answer, incoming)), {
      expect: "not_onekey",
    });
  }
});

test("a page of a proxy in place of the payload", async () => {
  await brokenRoad(
    (answer, incoming) => {
      incoming.resume();
      answer.writeHead(200, { "content-type": "text/html", "content-length": "4" });
      answer.end("oops");
      return true;
    },
    { expect: "truncated" },
  );
});

test("a server that is busy is asked again, one that has lost the bytes a few times", async () => {
  const refused = (status, code) => (answer, incoming) => {
    incoming.resume();
    answer.writeHead(status, { "content-type": "application/json" });
    answer.end(JSON.stringify({ error: { code, message: "x" } }));
    return true;
  };
  await brokenRoad((answer, incoming, count) => count < 2 && refused(503, "unavailable")(answer, incoming), { expect: "none" });
  const { road } = await brokenRoad(refused(500, "internal"), { expect: "internal", downloads: 1 });
  assert.equal(road.payloads().length, 4);
});

test("T27 a grant that the server knows no more is erased, and no other is taken", async () => {
  const { made } = await brokenRoad(
    (answer, incoming) => {
      incoming.resume();
      answer.writeHead(404, { "content-type": "application/json" });
      answer.end('{"error":{"code":"not_found","message":"x"}}');
      return true;
    },
    { expect: "grant_ended" },
  );
  assert.ok(made);
  assert.ok(![...stores.get("grants").values()].some(({ grant }) => grant === undefined));
});

test("T15 T27 after a failure, other ways and single files use the same grant", async () => {
  const made = await share(url, [path, "--downloads", "1"]);
  const road = await new Road().open(port);
  road.change = (request, answer, incoming) => request.method === "GET" && passed(answer, incoming, { change: (bytes) => Buffer.alloc(bytes.length) });
  assert.equal((await got(road.url, made.key, { as: "file" })).error.code, "damaged");
  road.change = () => false;
  const opened = await open({ key: made.key, password: null }, null, road.url);
  const request = { opened: opened.id, files: [0], whole: true, as: "file", to: { kind: "memory", type: "x/y" } };
  assert.equal((await save(request, new Job(() => {}), road.url)).bytes, BYTES.length);
  assert.equal((await got(road.url, made.key, { as: "zip" })).error, null);
  assert.equal(road.grants(), 1);
  assert.equal(await taken(made), 1);
});

test("T27 a request for a grant whose answer is lost is not repeated", async () => {
  const made = await share(url, [path]);
  const road = await new Road().open(port);
  const original = globalThis.fetch;
  globalThis.fetch = async (address, options) => {
    const response = await original(address, options);
    if (String(address).endsWith("/grants")) throw new TypeError("the line broke");
    return response;
  };
  const { error, target } = await got(road.url, made.key, { as: "file" });
  globalThis.fetch = original;
  assert.equal(error.code, "network");
  assert.equal(road.grants(), 1);
  assert.ok(target.aborted);
  assert.equal(await taken(made), 1);
});

test("a file that is longer or shorter than the manifest says", async () => {
  const { key } = await share(url, [path]);
  for (const size of [BYTES.length - 1, BYTES.length + 1]) {
    const opened = await open({ key, password: null }, null, url);
    opened.manifest.files[0].size = size;
    const target = fileTarget();
    const request = { opened: opened.id, files: [0], whole: true, as: "file", to: { kind: "handle", handle: target } };
    assert.equal(await failure(save(request, new Job(() => {}), url)), "damaged");
    assert.ok(target.aborted && !target.closed);
  }
});

test("a compressed file that does not give its size", async () => {
  const text = lines(2_000_000);
  const made = await share(url, [write(`${folder}/lines.txt`, text)]);
  const opened = await open({ key: made.key, password: null }, null, url);
  const [file] = opened.manifest.files;
  assert.equal(file.codec, "br");
  for (const size of [text.length - 1, text.length + 1, 0, 10]) {
    file.size = size;
    const target = fileTarget();
    const request = { opened: opened.id, files: [0], whole: true, as: "file", to: { kind: "handle", handle: target } };
    assert.equal(await failure(save(request, new Job(() => {}), url)), "damaged", String(size));
    assert.ok(target.aborted && !target.closed);
    assert.ok(target.bytes.length <= size);
  }
  file.size = text.length;
  file.codec = "gzip";
  assert.equal((await got(url, made.key, { as: "file" })).error, null, "another opening has its own manifest");
  const target = fileTarget();
  const request = { opened: opened.id, files: [0], whole: true, as: "file", to: { kind: "handle", handle: target } };
  assert.equal(await failure(save(request, new Job(() => {}), url)), "damaged");
});
