// What the benches share: a server of the release build without a road before it, and figures in words.

import { Scene } from "../support/scene.js";

export const MIB = 1 << 20;

/** @param {(stage: Scene) => Promise<void>} work */
export async function onStage(work) {
  const stage = new Scene({ measured: true });
  try {
    await stage.open();
    await work(stage);
    stage.check();
  } finally {
    await stage.close();
  }
}

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** How long something takes, in seconds. @param {() => Promise<unknown>} work */
export async function seconds(work) {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}
