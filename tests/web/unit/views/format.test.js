// Numbers as the command line prints them, and progress that does not frighten.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  duration,
  ends,
  expiryChoice,
  fromNow,
  percent,
  rate,
  roughly,
  size,
} from "../../../../crates/server/web/views/format.js";
import { Rate } from "../../../../crates/server/web/views/rate.js";

/** @param {string} text */
const plain = (text) => text.replaceAll(/\u00a0|\u202f/g, " ");

test("sizes are those of the command line", () => {
  for (const [bytes, text] of /** @type {const} */ ([
    [0, "0 bytes"],
    [1, "1 byte"],
    [1023, "1,023 bytes"],
    [1024, "1.0 KiB"],
    [1536, "1.5 KiB"],
    [1024 * 1024 - 1, "1.0 MiB"],
    [5 * 2 ** 30, "5.0 GiB"],
    [2 ** 53 - 1, "8.0 PiB"],
  ])) {
    assert.equal(plain(size(bytes)), text);
  }
  assert.equal(plain(rate(12.4 * 2 ** 20)), "12.4 MiB/s");
});

test("percent never says 100 before the end, and stays between 0 and 100", () => {
  assert.equal(percent(0.999), "99%");
  assert.equal(percent(1), "100%");
  assert.equal(percent(1.2), "100%");
  assert.equal(percent(-1), "0%");
});

test("durations are exact, distances rough", () => {
  assert.equal(duration(604_800), "7 days");
  assert.equal(duration(5400), "90 minutes");
  assert.equal(duration(31_536_000), "1 year");
  assert.equal(expiryChoice(null), "never");
  assert.equal(roughly(119), "119 seconds");
  assert.equal(roughly(120), "2 minutes");
  assert.equal(roughly(0), "1 second");
  assert.equal(fromNow(604_799, 0), "in 7 days");
  assert.equal(fromNow(0, 4000), "67 minutes ago");
});

test("an end that has passed is not one to come", () => {
  assert.match(ends(1000, 0), /^Expires in /);
  assert.match(ends(1000, 1000), /^Expired /, "the first second that is over");
  assert.equal(ends(null), "Does not expire");
});

test("the rate is that of the last seconds, and nothing is said too early", () => {
  const pace = new Rate();
  pace.add(0, 0);
  pace.add(1000, 1);
  assert.equal(pace.perSecond, null);
  pace.add(2000, 2);
  assert.equal(pace.perSecond, 1000);
  for (let at = 3; at <= 40; at++) pace.add(2000 + (at - 2) * 100, at);
  assert.ok(Math.abs(/** @type {number} */ (pace.perSecond) - 100) < 1, "the fast beginning is forgotten");
  assert.equal(pace.secondsLeft(1000), 10);
  assert.equal(pace.secondsLeft(1), 1);
});

test("work that is thrown away gives no negative rate", () => {
  const pace = new Rate();
  for (let at = 0; at < 5; at++) pace.add(at * 1000, at);
  pace.add(0, 5);
  assert.equal(pace.perSecond, null);
  assert.equal(pace.secondsLeft(1000), null);
});
