// Saving: where to, progress, pause, cancel, and what came of it.

import { startSaving } from "../../download/saving.js";
import { OnekeyError } from "../../error.js";
import { say } from "../../words.js";
import { closeQuestions, confirm } from "../dialog.js";
import { button, el, setText } from "../dom.js";
import { roughly, size } from "../format.js";
import { announce, askBeforeLeaving, show } from "../frame.js";
import { icon } from "../icons.js";
import { TransferView } from "../transfer.js";

/** @import { Engine } from "../../engine.js" */
/** @import { SavingCall } from "../../download/saving.js" */
/** @import { Opened, SaveProgress } from "../../types.js" */
/** @import { Choice } from "./choice.js" */

/**
 * `closed`: the person closed the browser's dialog, nothing happened. `downloadsLeft` is null if none was taken.
 * @typedef {{kind: "closed"}
 *   | {kind: "saved", downloadsLeft: number | null}
 *   | {kind: "failed", downloadsLeft: number | null, error: OnekeyError}} Outcome
 */

/** @type {SavingCall | null} */
let running = null;

/** Ends what is being saved: another link was put into the address bar. */
export const cancelSaving = () => running?.cancel();

/** The browser shows one dialog at a time: a second click while it is open does nothing. */
let choosing = false;

/** @param {SaveProgress} progress */
function words({ state, retryIn }) {
  switch (state) {
    case "preparing":
      return say("stateStarting");
    case "saving":
      return say("stateSaving");
    case "waiting":
      return retryIn === null ? say("stateWaiting") : say("stateWaitingSeconds", { time: roughly(retryIn) });
    case "paused":
      return say("statePaused");
    case "finishing":
      return say("stateFinishing");
  }
}

/**
 * Call it within a click: the browser may ask where to.
 * @param {Engine} engine @param {Opened} opened @param {Choice} choice
 * @returns {Promise<Outcome>}
 */
export async function saveFiles(engine, opened, choice) {
  if (choosing) return { kind: "closed" };
  choosing = true;
  const transfer = new TransferView(say("savingProgress"));
  let paused = false;
  /** @type {number | null} */
  let downloadsLeft = null;
  const onProgress = (/** @type {SaveProgress} */ progress) => {
    downloadsLeft = progress.downloadsLeft ?? downloadsLeft;
    transfer.update({
      state: paused ? say("statePaused") : words(progress),
      said: progress.state === "waiting" && !paused ? say("stateWaiting") : undefined,
      moving: progress.state === "saving" && !paused,
      done: progress.done,
      total: progress.total,
    });
  };
  transfer.update({ state: say("stateStarting"), moving: false, done: 0, total: choice.size });
  /** @type {(() => void) | null} */
  let release = null;
  try {
    const call = await startSaving({ engine, opened, ...choice }, onProgress).finally(() => (choosing = false));
    if (call === null) return { kind: "closed" };
    running = call;
    release = askBeforeLeaving();
    show(
      { heading: say("savingHeading"), className: "busy" },
      transfer.element,
      el("p", { class: "hint told" }, say("keepOpenSaving")),
      controls(call, transfer, (is) => (paused = is)),
    );
    await call.done;
    return { kind: "saved", downloadsLeft };
  } catch (error) {
    return { kind: "failed", downloadsLeft, error: OnekeyError.from(error) };
  } finally {
    running = null;
    release?.();
    transfer.end();
    closeQuestions();
  }
}

/** @param {SavingCall} call @param {TransferView} transfer @param {(paused: boolean) => void} onPause */
function controls(call, transfer, onPause) {
  let paused = false;
  const toggle = button("quiet", say("pause"), () => {
    paused = !paused;
    onPause(paused);
    if (paused) call.pause();
    else call.resume();
    setText(toggle, say(paused ? "continue" : "pause"));
    transfer.say(say(paused ? "statePaused" : "stateSaving"));
  });
  const cancel = button("quiet", say("cancel"), async () => {
    const sure = await confirm({
      heading: say("cancelSaveHeading"),
      text: say("cancelSaveText"),
      accept: say("cancelSaveDo"),
      refuse: say("keepSaving"),
    });
    if (sure) call.cancel();
  });
  return el("div", { class: "actions" }, toggle, cancel);
}

/** @param {Choice} choice @param {HTMLElement} back */
export function showSaved({ files, size: bytes }, back) {
  const text = say("savedText", { count: files.length, size: size(bytes) });
  show(
    { heading: [icon("done"), say("savedHeading")], title: say("savedHeading"), className: "saved", lead: text },
    el("p", { class: "hint" }, say("savedWhere")),
    el("div", { class: "actions" }, back),
  );
  announce(text);
}
