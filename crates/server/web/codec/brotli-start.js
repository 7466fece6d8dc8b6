// Starts the worker that runs Brotli. The page does it, also for its own worker: where a worker starts a worker, Firefox (153)
// sometimes waits for ever, and everything else in that worker with it.

import { scriptUrl } from "../trusted.js";

/** What the page's worker says when it wants one, with the ports of `startBrotli`. */
export const WANTED = "brotli";

/** Nothing else holds them, and a browser may end a worker that nothing holds. @type {Set<Worker>} */
const running = new Set();

/**
 * @param {readonly MessagePort[]} ports the first one is given to the worker; at the second one comes a message if the worker
 *   broke or never ran, and a message to it ends the worker
 */
export function startBrotli([door, fate]) {
  if (!door || !fate) return;
  const worker = new Worker(scriptUrl("codec/brotli-worker.js"), { type: "module", name: "brotli" });
  running.add(worker);
  worker.onerror = () => fate.postMessage("broken");
  fate.onmessage = () => {
    worker.terminate();
    running.delete(worker);
    fate.close();
  };
  worker.postMessage(null, [door]);
}
