// The beginning of every page: a browser that cannot keep the promise is told so before anything is tried.

import { OnekeyError } from "../error.js";
import { startFrame } from "./frame.js";
import { showProblem } from "./problem.js";

/** @import { WordKey } from "../words.js" */

/**
 * @param {boolean} keys whether the page works with keys
 * @returns {OnekeyError | null} why this browser, or this connection, cannot do it
 */
function obstacle(keys) {
  // First of all: without a secure context there is no WebCrypto, and no way around it.
  if (keys && !isSecureContext) return new OnekeyError("no_secure_context");
  const needed =
    typeof Worker === "function" &&
    typeof TransformStream === "function" &&
    typeof Blob.prototype.stream === "function" &&
    typeof indexedDB === "object" &&
    typeof HTMLDialogElement === "function" &&
    (!keys || typeof crypto?.subtle?.deriveBits === "function");
  return needed ? null : new OnekeyError("unsupported_browser");
}

/**
 * Starts a page.
 * @param {() => void | Promise<void>} run
 * @param {{promise?: WordKey | null, keys?: boolean}} [page] what its foot says of what the server sees
 */
export async function start(run, { promise = null, keys = true } = {}) {
  startFrame(promise);
  const found = obstacle(keys);
  if (found) return showProblem(found);
  try {
    await run();
  } catch (error) {
    showProblem(error);
  }
}
