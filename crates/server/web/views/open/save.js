// Saving: where to, progress, and what came of it.

import { startSaving } from "../../download/saving.js";
import { OnekeyError } from "../../error.js";
import { say } from "../../words.js";
import { el } from "../dom.js";
import { size } from "../format.js";
import { announce, askBeforeLeaving, show } from "../frame.js";
import { icon } from "../icons.js";
import { UnderWay } from "../under-way.js";

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

/**
 * Call it within a click: the browser may ask where to.
 * @param {Engine} engine @param {Opened} opened @param {Choice} choice
 * @returns {Promise<Outcome>}
 */
export async function saveFiles(engine, opened, choice) {
  if (choosing) return { kind: "closed" };
  choosing = true;
  const underWay = new UnderWay({
    label: say("savingProgress"),
    states: { preparing: "stateStarting", saving: "stateSaving", finishing: "stateFinishing" },
    moving: "saving",
    question: {
      heading: say("cancelSaveHeading"),
      text: say("cancelSaveText"),
      accept: say("cancelSaveDo"),
      refuse: say("keepSaving"),
    },
  });
  /** @type {number | null} */
  let downloadsLeft = null;
  const onProgress = (/** @type {SaveProgress} */ progress) => {
    downloadsLeft = progress.downloadsLeft ?? downloadsLeft;
    underWay.progress(progress, { done: progress.done, total: progress.total });
  };
  underWay.progress({ state: "preparing", retryIn: null }, { done: 0, total: choice.size });
  /** @type {(() => void) | null} */
  let release = null;
  try {
    const call = await startSaving({ engine, opened, ...choice }, onProgress).finally(() => (choosing = false));
    if (call === null) return { kind: "closed" };
    running = call;
    release = askBeforeLeaving();
    show(
      { heading: say("savingHeading"), className: "busy" },
      underWay.element,
      el("p", { class: "hint told" }, say("keepOpenSaving")),
      underWay.controls(call),
    );
    await call.done;
    return { kind: "saved", downloadsLeft };
  } catch (error) {
    return { kind: "failed", downloadsLeft, error: OnekeyError.from(error) };
  } finally {
    running = null;
    release?.();
    underWay.end();
  }
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
