// What the views ask for. Each method runs in one worker, which is started with the first call and keeps the keys.

import { startBrotli, WANTED } from "./codec/brotli-start.js";
import { scriptUrl } from "./trusted.js";
import { Call, didNotLoad } from "./worker/calls.js";

/** @import { Opened, OwnedShare, OwnerAction, Saved, SaveProgress, SaveRequest, SendProgress, SendRequest, Sent, ServerDescription, UnfinishedUpload } from "./types.js" */

export class Engine {
  /** @type {Worker | null} */
  #worker = null;

  /** @returns {Promise<ServerDescription>} */
  describeServer() {
    return this.#call("describeServer").done;
  }

  /**
   * Sends files. @param {SendRequest} request @param {(progress: SendProgress) => void} onProgress
   * @returns {Call<Sent>}
   */
  send(request, onProgress) {
    return this.#call("send", request, [], onProgress);
  }

  /** @returns {Promise<UnfinishedUpload[]>} uploads of this browser that can be continued, newest first */
  unfinished() {
    return this.#call("unfinished").done;
  }

  /** Forgets an unfinished upload, here and on the server. @param {string} id @returns {Promise<void>} */
  forget(id) {
    return this.#call("forget", id).done;
  }

  /** @param {string} key of a link to this server, 43 characters @returns {Promise<{password: boolean}>} */
  linkState(key) {
    return this.#call("linkState", key).done;
  }

  /** Opens a link of this server; spends nothing. @param {{key: string, password: string | null}} link @returns {Promise<Opened>} */
  open(link) {
    return this.#call("open", link).done;
  }

  /**
   * Takes a grant unless one is kept, and saves. For views: `download/saving.js` chooses where to.
   * @param {SaveRequest} request @param {(progress: SaveProgress) => void} onProgress
   * @returns {Call<Saved>}
   */
  save(request, onProgress) {
    return this.#call("save", request, request.to.kind === "port" ? [request.to.port] : [], onProgress);
  }

  /** @param {{share: string, secret: string}} link manage link of this server @returns {Promise<OwnedShare>} */
  describeOwned(link) {
    return this.#call("describeOwned", link).done;
  }

  /**
   * Changes what a manage link manages. @param {{share: string, secret: string, action: OwnerAction}} change
   * @returns {Promise<{link: string | null}>} the new link of `add`
   */
  changeOwned(change) {
    return this.#call("changeOwned", change).done;
  }

  /**
   * @param {string} method @param {unknown} [argument] @param {Transferable[]} [transfer]
   * @param {(progress: any) => void} [onProgress] @returns {Call<any>}
   */
  #call(method, argument = null, transfer = [], onProgress = () => {}) {
    this.#worker ??= this.#start();
    return new Call(this.#worker, method, argument, transfer, onProgress);
  }

  #start() {
    const worker = new Worker(scriptUrl("worker/transfer-worker.js"), { type: "module", name: "transfer" });
    worker.onmessage = ({ data, ports }) => {
      if (data === WANTED) startBrotli(ports);
    };
    worker.addEventListener("error", (event) => {
      // The network was away when it was to be loaded: the next call tries again.
      if (didNotLoad(event) && this.#worker === worker) this.#worker = null;
    });
    return worker;
  }
}
