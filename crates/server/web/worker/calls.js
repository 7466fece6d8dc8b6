// Calls from the page into its worker. Each has a message port of its own: progress, the result and the failure come
// back on it, and pause, resume and cancel go in.

import { OnekeyError } from "../error.js";
import { Job } from "./job.js";

/**
 * Answers calls in the worker.
 * @param {{onmessage: ((event: MessageEvent) => void) | null}} scope the worker's own
 * @param {Record<string, (argument: any, job: Job<any>) => unknown>} methods
 */
export function answerCalls(scope, methods) {
  scope.onmessage = async ({ data: { method, argument }, ports: [port] }) => {
    if (!port) return;
    const job = new Job((progress) => port.postMessage({ progress }));
    port.onmessage = ({ data }) => {
      if (data === "pause") job.pause();
      if (data === "resume") job.resume();
      if (data === "cancel") job.cancel();
    };
    try {
      const result = await methods[method]?.(argument, job);
      port.postMessage({ result });
    } catch (error) {
      port.postMessage({ error: OnekeyError.from(error).toMessage() });
    } finally {
      port.close();
    }
  };
}

/** Whether an `error` of a worker says that it never began. @param {Event} event */
export const didNotLoad = (event) => !(event instanceof ErrorEvent);

/** A call that is under way. @template R */
export class Call {
  #port;

  /**
   * @param {Worker} worker
   * @param {string} method
   * @param {unknown} argument
   * @param {Transferable[]} transfer
   * @param {(progress: any) => void} onProgress
   */
  constructor(worker, method, argument, transfer, onProgress) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    /** @type {Promise<R>} */
    this.done = new Promise((resolve, reject) => {
      port1.onmessage = ({ data }) => {
        if ("progress" in data) return onProgress(data.progress);
        port1.close();
        if ("error" in data) reject(OnekeyError.fromMessage(data.error));
        else resolve(data.result);
      };
      // No answer will come: a script did not load, which is an event without words, or the worker broke.
      const lost = (/** @type {Event} */ event) => reject(new OnekeyError(didNotLoad(event) ? "network" : "internal_page"));
      worker.addEventListener("error", lost, { once: true });
    });
    worker.postMessage({ method, argument }, [port2, ...transfer]);
  }

  pause() {
    this.#port.postMessage("pause");
  }

  resume() {
    this.#port.postMessage("resume");
  }

  cancel() {
    this.#port.postMessage("cancel");
  }
}
