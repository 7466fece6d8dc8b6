// See `memory`.

import { readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

import { writeNoise } from "../support/files.js";
import { temporaryFolder } from "../support/programs.js";
import { arriveToSend, choose, links, open, pressSave, pressSend, say } from "../support/steps.js";
import { MIB, onStage } from "./stage.js";

const [smallMib = 256, largeMib = 5 * 1024] = process.argv.slice(2).map(Number);

/** Most that the large one may take, in the small one's peak. */
const MOST = 1.2;

/** Longest one transfer may take, in milliseconds. */
const PATIENCE = 1_800_000;

/** Pause between two looks at the memory, in milliseconds. */
const LOOK = 100;

/** Resident memory of a process and all its children, in bytes. Pages that they share count for each. @param {number} root */
function resident(root) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  /** @type {Map<number, number>} */
  const sizes = new Map();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = readFileSync(`/proc/${name}/status`, "utf8");
      const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
      sizes.set(Number(name), Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024);
    } catch {
      // It ended meanwhile.
    }
  }
  const sum = (/** @type {number} */ pid) => (children.get(pid) ?? []).reduce((total, child) => total + sum(child), sizes.get(pid) ?? 0);
  return sum(root);
}

/** Most memory of a person's browser while something is done. @param {import("../support/person.js").Person} person @param {() => Promise<unknown>} work */
async function peak(person, work) {
  let most = 0;
  const look = () => (most = Math.max(most, resident(person.browser.process().pid)));
  const timer = setInterval(look, LOOK);
  try {
    await work();
    look();
  } finally {
    clearInterval(timer);
  }
  return most;
}

/** @param {number} mib @returns {Promise<Record<string, number>>} peaks in bytes */
async function measure(mib) {
  const path = writeNoise(join(temporaryFolder("bench"), "large.bin"), mib * MIB);
  /** @type {Record<string, number>} */
  const peaks = {};
  await onStage(async (stage) => {
    const sender = await stage.person();
    await arriveToSend(sender);
    await choose(sender, [path]);
    peaks.send = await peak(sender, async () => {
      await pressSend(sender);
      await sender.see(say("sentHeading"), PATIENCE);
    });
    const { link } = await links(sender);
    await sender.leave();
    rmSync(path);
    for (const [name, saving] of /** @type {const} */ ([["save, as a download", "download"], ["save, to a picked file", "picker"]])) {
      const receiver = await stage.person({ saving });
      await open(receiver, link);
      peaks[name] = await peak(receiver, async () => {
        await pressSave(receiver);
        await receiver.see(say("savedHeading"), PATIENCE);
        if (saving === "download" && statSync(await receiver.download([], PATIENCE)).size !== mib * MIB) throw new Error("another size");
      });
      await receiver.leave();
      rmSync(receiver.profile.folder, { recursive: true });
    }
  });
  return peaks;
}

const small = await measure(smallMib);
const large = await measure(largeMib);
console.log("all processes of Chromium, peak of summed resident memory, MiB");
let held = true;
for (const name of Object.keys(small)) {
  const ratio = large[name] / small[name];
  held &&= ratio <= MOST;
  console.log(`${name.padEnd(24)} ${smallMib} MiB: ${(small[name] / MIB).toFixed(0)}   ${largeMib} MiB: ${(large[name] / MIB).toFixed(0)}   ratio ${ratio.toFixed(2)}`);
}
if (!held) {
  console.error(`tests/web: memory grows with the size: more than ${MOST} of the small one`);
  process.exitCode = 1;
}
