// Sending: progress, and what is there from before.

import { say } from "../../words.js";
import { el, setText } from "../dom.js";
import { size } from "../format.js";
import { askBeforeLeaving, show } from "../frame.js";
import { UnderWay } from "../under-way.js";

/** @import { Engine } from "../../engine.js" */
/** @import { SendRequest, Sent } from "../../types.js" */

/**
 * Sends, and shows how it goes.
 * @param {Engine} engine @param {SendRequest} request
 * @returns {Promise<Sent>}
 */
export async function showSending(engine, request) {
  const underWay = new UnderWay({
    label: say("sendingProgress"),
    states: { preparing: "statePreparing", sending: "stateSending", completing: "stateCompleting" },
    moving: "sending",
    question: {
      heading: say("cancelSendHeading"),
      text: say("cancelSendText"),
      accept: say("cancelSendDo"),
      refuse: say("keepSending"),
    },
  });
  const told = el("p", { class: "hint told" }, say("keepOpen"));
  const release = askBeforeLeaving();
  underWay.progress({ state: "preparing", retryIn: null }, { done: 0, total: null });
  const call = engine.send(request, (progress) => {
    const { sent, total, expected, already, restarted } = progress;
    underWay.progress(progress, { done: sent, total, atMost: expected });
    setText(
      told,
      restarted ? say("restarted") : already > 0 ? say("alreadyThere", { size: size(already) }) : say("keepOpen"),
    );
  });
  show({ heading: say("sendingHeading"), className: "busy" }, underWay.element, told, underWay.controls(call));
  try {
    return await call.done;
  } finally {
    release();
    underWay.end();
  }
}
