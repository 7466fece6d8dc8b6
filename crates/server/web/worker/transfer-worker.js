// The worker that does everything with keys, files and the network, so that the page never stutters. What a method needs is
// fetched with its first call: who opens a link does not load what sends.

import { OnekeyError } from "../error.js";
import { answerCalls } from "./calls.js";

/** @import { Job } from "./job.js" */

answerCalls(self, {
  describeServer: method("describeServer", () => import("../protocol/server.js")),
  unfinished: method("unfinished", () => import("../upload/unfinished.js")),
  forget: method("forget", () => import("../upload/forget.js")),
  send: method("send", () => import("../upload/send.js")),
  linkState: method("linkState", () => import("../download/open.js")),
  open: method("open", () => import("../download/open.js")),
  save: method("save", () => import("../download/save.js")),
  describeOwned: method("describeOwned", () => import("../protocol/owned.js")),
  changeOwned: method("changeOwned", () => import("../protocol/owned.js")),
});

/**
 * @param {string} name of the function
 * @param {() => Promise<any>} load its module
 * @returns {(argument: any, job: Job<any>) => Promise<any>}
 */
function method(name, load) {
  return async (argument, job) => {
    const module = await load().catch((error) => {
      throw new OnekeyError("network", null, { cause: error });
    });
    return module[name](argument, job);
  };
}
