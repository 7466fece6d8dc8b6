// The beginning of every page: a browser that cannot keep the promise is told so before anything is tried.

import { OnekeyError } from "../error.js";
import { startFrame } from "./frame.js";
import { showProblem } from "./problem.js";

/** @returns {OnekeyError | null} why this browser, or this connection, cannot do it */
function obstacle() {
  // First of all: without a secure context there is no WebCrypto, and no way around it.
  if (!isSecureContext) return new OnekeyError("no_secure_context");
  const needed =
    typeof crypto?.subtle?.deriveBits === "function" &&
    typeof Worker === "function" &&
    typeof TransformStream === "function" &&
    typeof Blob.prototype.stream === "function" &&
    typeof indexedDB === "object" &&
    typeof HTMLDialogElement === "function";
  return needed ? null : new OnekeyError("unsupported_browser");
}

/**
 * Starts a page.
 * @param {() => void | Promise<void>} run
 */
export async function start(run) {
  startFrame();
  const found = obstacle();
  if (found) return showProblem(found);
  try {
    await run();
  } catch (error) {
    showProblem(error);
  }
}
