// The digest rule by itself, with storage that answers when it wants.

import assert from "node:assert/strict";
import { test } from "node:test";

import { sha256 } from "../../../../crates/server/web/container/derive.js";
import { Records } from "../../../../crates/server/web/upload/records.js";
import { random } from "./support.js";

/** Storage whose transactions end when they are told to. */
function storage() {
  const transactions = [];
  const record = (_, records) => new Promise((resolve, reject) => transactions.push({ records, resolve, reject }));
  return { transactions, states: { record, erase: async () => {} } };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
const recorded = async (index, plaintext) => ({ index, length: plaintext.length, digest: await sha256(plaintext), sent: 0 });
const reason = (promise) => promise.then(() => "admitted", (error) => error.reason ?? String(error));

test("a part is let go only once its record is durable; what comes meanwhile goes together", async () => {
  const { transactions, states } = storage();
  const records = new Records("id", states);
  const admitted = [];
  for (const index of [0, 1, 2]) void records.admit(index, random(10), false).then(() => admitted.push(index));
  await turn();
  await turn();
  const numbers = () => transactions.map(({ records }) => records.map(({ index }) => index));
  assert.deepEqual(admitted, []);
  transactions[0].resolve();
  await turn();
  const first = numbers()[0];
  assert.deepEqual(admitted, first);
  void records.admit(3, random(10), false).then(() => admitted.push(3));
  void records.admit(4, random(10), false).then(() => admitted.push(4));
  await turn();
  for (const { resolve } of transactions) resolve();
  await turn();
  for (const { resolve } of transactions) resolve();
  await turn();
  assert.deepEqual(admitted.sort(), [0, 1, 2, 3, 4]);
  assert.ok(transactions.length <= 3);
});

test("in order, what has no record waits for all that has one", async () => {
  const [one, two, three] = [random(10), random(10), random(10)];
  const known = [await recorded(0, one), await recorded(1, two)];
  const all = (first, second) => {
    const records = new Records("id", { record: async () => {}, erase: async () => {} }, known, true);
    return Promise.all([records.admit(0, first, false), records.admit(1, second, false), records.admit(2, three, true)].map(reason));
  };
  assert.deepEqual(await all(one, two), ["admitted", "admitted", "admitted"]);
  assert.deepEqual(await all(one, three), ["admitted", "differs", "differs"]);
  assert.deepEqual(await all(two, two), ["differs", "admitted", "differs"]);
});

test("in order, neither an end nor a gap before the last record", async () => {
  const plaintext = random(10);
  const records = () => new Records("id", null, [last], true);
  const last = await recorded(3, plaintext);
  assert.equal(await reason(records().admit(2, plaintext, false)), "differs");
  assert.equal(await reason(new Records("id", null, [await recorded(2, plaintext), last], true).admit(2, plaintext, true)), "differs");
  assert.equal(await reason(records().admit(3, plaintext, true)), "admitted");
  assert.equal(await reason(records().admit(4, plaintext, true)), "admitted");
});

test("another length and another byte are other plaintexts", async () => {
  const plaintext = random(1_000);
  const known = [await recorded(0, plaintext)];
  const other = plaintext.slice();
  other[999] ^= 0x80;
  for (const [bytes, expected] of [[plaintext, "admitted"], [other, "differs"], [plaintext.slice(0, 999), "differs"]]) {
    assert.equal(await reason(new Records("id", null, known).admit(0, bytes, false)), expected);
  }
});

test("what the server has is noted with the next record, or at the end", async () => {
  const { transactions, states } = storage();
  const records = new Records("id", states);
  const admitted = records.admit(0, random(10), false);
  await turn();
  transactions[0].resolve();
  await admitted;
  records.hasSent(0, 38);
  const flushed = records.flush();
  await turn();
  transactions[1].resolve();
  await flushed;
  assert.deepEqual(transactions[1].records.map(({ index, sent }) => [index, sent]), [[0, 38]]);
  await records.flush();
  assert.equal(transactions.length, 2);
});
