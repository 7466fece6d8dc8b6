// Sending: progress, pause, cancel, and waiting for the network.

import { say } from "../../words.js";
import { closeQuestions, confirm } from "../dialog.js";
import { button, el, setText } from "../dom.js";
import { roughly, size } from "../format.js";
import { askBeforeLeaving, show } from "../frame.js";
import { TransferView } from "../transfer.js";

/** @import { Engine } from "../../engine.js" */
/** @import { SendProgress, SendRequest, Sent } from "../../types.js" */

/** @param {SendProgress} progress */
function words({ state, retryIn }) {
  switch (state) {
    case "preparing":
      return say("statePreparing");
    case "sending":
      return say("stateSending");
    case "waiting":
      return retryIn === null ? say("stateWaiting") : say("stateWaitingSeconds", { time: roughly(retryIn) });
    case "paused":
      return say("statePaused");
    case "completing":
      return say("stateCompleting");
  }
}

/**
 * Sends, and shows how it goes.
 * @param {Engine} engine @param {SendRequest} request
 * @returns {Promise<Sent>}
 */
export async function showSending(engine, request) {
  const transfer = new TransferView(say("sendingProgress"));
  const told = el("p", { class: "hint told" });
  const release = askBeforeLeaving();
  let paused = false;
  transfer.update({ state: say("statePreparing"), moving: false, done: 0, total: null });
  const call = engine.send(request, (progress) => {
    const { sent, total, expected, already, restarted } = progress;
    transfer.update({
      state: paused ? say("statePaused") : words(progress),
      said: progress.state === "waiting" && !paused ? say("stateWaiting") : undefined,
      moving: progress.state === "sending" && !paused,
      done: sent,
      total,
      atMost: expected,
    });
    setText(
      told,
      restarted ? say("restarted") : already > 0 ? say("alreadyThere", { size: size(already) }) : say("keepOpen"),
    );
  });
  const toggle = button("quiet", say("pause"), () => {
    paused = !paused;
    if (paused) call.pause();
    else call.resume();
    setText(toggle, say(paused ? "continue" : "pause"));
    transfer.say(say(paused ? "statePaused" : "stateSending"));
  });
  const cancel = button("quiet", say("cancel"), async () => {
    const sure = await confirm({
      heading: say("cancelSendHeading"),
      text: say("cancelSendText"),
      accept: say("cancelSendDo"),
      refuse: say("keepSending"),
    });
    if (sure) call.cancel();
  });
  setText(told, say("keepOpen"));
  show(
    { heading: say("sendingHeading"), className: "busy" },
    transfer.element,
    told,
    el("div", { class: "actions" }, toggle, cancel),
  );
  try {
    return await call.done;
  } finally {
    release();
    transfer.end();
    closeQuestions();
  }
}
