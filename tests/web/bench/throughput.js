// See `throughput`.

import { rmSync } from "node:fs";
import { join } from "node:path";

import { writeNoise } from "../support/files.js";
import { temporaryFolder } from "../support/programs.js";
import { arriveToSend, choose, links, open, pressSave, pressSend, say } from "../support/steps.js";
import { digests, fetchRaw, sendRaw } from "./raw.js";
import { MIB, median, onStage, seconds } from "./stage.js";

const [mib = 1024, rounds = 3] = process.argv.slice(2).map(Number);

/** Longest one way may take, in milliseconds. */
const PATIENCE = 600_000;

// Not a whole number of chunks: the raw upload must have a length that a payload can have.
const size = mib * MIB - 1_000;
const path = writeNoise(join(temporaryFolder("bench"), "large.bin"), size);
const made = digests(path, size);

/** @type {Record<string, number[]>} */
const speeds = { "send, page": [], "send, raw fetch": [], "save, page": [], "save, raw fetch to a file": [], "fetch, raw, dropped": [] };

for (let round = 0; round < rounds; round += 1) {
  // A new server each round: what a disk has cached of earlier rounds helps nobody.
  await onStage(async (stage) => {
    const note = (/** @type {string} */ name, /** @type {number} */ took) => speeds[name].push(mib / took);
    const raw = await stage.person({ saving: "picker" });
    await raw.go("/s");
    const sent = await sendRaw(raw, path, size, made);
    note("send, raw fetch", sent.seconds);
    await raw.leave();
    const sender = await stage.person();
    await arriveToSend(sender);
    await choose(sender, [path]);
    note("send, page", await seconds(async () => {
      await pressSend(sender);
      await sender.see(say("sentHeading"), PATIENCE);
    }));
    const { link } = await links(sender);
    await sender.leave();

    const again = await stage.person({ saving: "picker" });
    await again.go("/s");
    note("fetch, raw, dropped", await fetchRaw(again, sent, false));
    note("save, raw fetch to a file", await fetchRaw(again, sent, true));
    await again.leave();
    const receiver = await stage.person({ saving: "picker" });
    await open(receiver, link);
    note("save, page", await seconds(async () => {
      await pressSave(receiver);
      await receiver.see(say("savedHeading"), PATIENCE);
    }));
  });
  console.error(`round ${round + 1} of ${rounds} is done`);
}
rmSync(path);

console.log(`${mib} MiB, median of ${rounds} rounds, MiB/s`);
for (const [name, values] of Object.entries(speeds)) console.log(`${name.padEnd(28)} ${median(values).toFixed(0).padStart(6)}   (${values.map((value) => value.toFixed(0)).join(", ")})`);
const ratio = (/** @type {string} */ one, /** @type {string} */ other) => (median(speeds[one]) / median(speeds[other])).toFixed(2);
console.log(`send: ${ratio("send, page", "send, raw fetch")} of raw; save: ${ratio("save, page", "save, raw fetch to a file")} of raw to a file, ${ratio("save, page", "fetch, raw, dropped")} of raw dropped`);
