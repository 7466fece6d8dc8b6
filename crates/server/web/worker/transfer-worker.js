// The worker that does everything with keys, files and the network, so that the page never stutters.

import { describeServer } from "../protocol/server.js";
import { linkState, open } from "../download/open.js";
import { save } from "../download/save.js";
import { changeOwned, describeOwned } from "../protocol/owned.js";
import { send } from "../upload/send.js";
import { forget, unfinished } from "../upload/unfinished.js";
import { answerCalls } from "./calls.js";

answerCalls(/** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (self)), {
  describeServer,
  send,
  unfinished,
  forget,
  linkState,
  open,
  save,
  describeOwned,
  changeOwned,
});
