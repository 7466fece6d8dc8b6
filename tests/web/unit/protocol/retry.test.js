// What is repeated, how often, and after which waits (protocol.md 15).

import assert from "node:assert/strict";
import { test } from "node:test";

import { CODES, OnekeyError } from "../../../../crates/server/web/error.js";
import {
  Attempts, hadNoEffect, isPassing, longestWait, QUESTION_TRIES, repeat, sleep,
} from "../../../../crates/server/web/protocol/retry.js";

test("the table of protocol.md 15", () => {
  const passing = new Set(["network", "part_busy", "digest_mismatch", "internal", "unavailable"]);
  for (const code of CODES) assert.equal(isPassing(new OnekeyError(code)), passing.has(code), code);
  const gateways = new Set([408, 425, 429, 500, 502, 503, 504]);
  for (let status = 200; status < 600; status++) {
    assert.equal(isPassing(new OnekeyError("not_onekey", status)), gateways.has(status), `${status}`);
  }
  assert.equal(isPassing(new Error("x")), false);
});

test("what would do harm twice is repeated only where the server says that nothing was done", () => {
  for (const code of CODES) assert.equal(hadNoEffect(new OnekeyError(code)), code === "internal" || code === "unavailable", code);
});

test("bounds double up to the longest", () => {
  const bounds = [1, 2, 3, 4, 5, 6, 7, 8, 1_000_000].map(longestWait);
  assert.deepEqual(bounds, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test("waits stay within their bounds, and end", () => {
  for (let round = 0; round < 100; round++) {
    const attempts = new Attempts(8);
    const error = new OnekeyError("network");
    for (let failed = 1; failed < 8; failed++) {
      const wait = attempts.after(error);
      assert.ok(wait >= 0 && wait <= longestWait(failed));
    }
    assert.throws(() => attempts.after(error), error);
  }
});

test("any success of a transfer begins the count of all its requests again", () => {
  const successes = { count: 0 };
  const attempts = new Attempts(2, successes);
  const error = new OnekeyError("network");
  attempts.after(error);
  successes.count += 1;
  attempts.after(error);
  assert.throws(() => attempts.after(error), error);
});

test("Retry-After is waited for within its bound, and never less", () => {
  const after = (seconds) => new Attempts(8).after(new OnekeyError("unavailable", null, { retryAfter: seconds }));
  assert.ok(after(7) >= 7_000 && after(7) <= 7_500);
  assert.ok(after(60) >= 60_000);
  assert.throws(() => after(61), { code: "unavailable" });
});

test("repeat tries as often as it may, tells of each wait, and no more", async () => {
  let calls = 0;
  const waits = [];
  const call = async () => {
    calls += 1;
    throw new OnekeyError("network");
  };
  await assert.rejects(repeat(call, { tries: 3, waiting: (seconds) => waits.push(seconds) }), { code: "network" });
  assert.equal(calls, 3);
  assert.deepEqual(waits.map((wait) => wait === null), [false, true, false, true]);
  calls = 0;
  const refused = async () => {
    calls += 1;
    throw new OnekeyError("too_large");
  };
  await assert.rejects(repeat(refused), { code: "too_large" });
  assert.equal(calls, 1);
  assert.ok(QUESTION_TRIES > 1);
});

test("a cancel ends the wait at once", async () => {
  const aborter = new AbortController();
  const waiting = sleep(60_000, { signal: aborter.signal });
  aborter.abort();
  await assert.rejects(waiting, { code: "cancelled" });
  await assert.rejects(sleep(60_000, { signal: aborter.signal }), { code: "cancelled" });
});

test("being online again ends the wait at once, but not one that the server asked for", async () => {
  const target = new EventTarget();
  globalThis.addEventListener = target.addEventListener.bind(target);
  globalThis.removeEventListener = target.removeEventListener.bind(target);
  const started = performance.now();
  const waiting = sleep(10_000, { untilOnline: true });
  target.dispatchEvent(new Event("online"));
  await waiting;
  assert.ok(performance.now() - started < 5_000);
  const asked = sleep(200);
  target.dispatchEvent(new Event("online"));
  const before = performance.now();
  await asked;
  assert.ok(performance.now() - before > 100);
});

test("where workers have no such event, a look finds that it is online again", async () => {
  let onLine = false;
  Object.defineProperty(globalThis, "navigator", { configurable: true, get: () => ({ onLine }) });
  const started = performance.now();
  const waiting = sleep(20_000, { untilOnline: true });
  setTimeout(() => (onLine = true), 100);
  await waiting;
  assert.ok(performance.now() - started < 10_000);
});
