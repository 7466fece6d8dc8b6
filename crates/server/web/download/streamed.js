// Saving through the service worker, the page's side: it offers the download, clicks the link once there are bytes, keeps the
// service worker running, and believes in the end only after the service worker confirmed it.

import { encode } from "../container/base64url.js";
import { OnekeyError } from "../error.js";
import { scriptUrl, SERVER, SERVICE_WORKER } from "../trusted.js";

/** @import { Engine } from "../engine.js" */
/** @import { Saved, SaveProgress, SaveRequest } from "../types.js" */
/** @import { SavingCall } from "./saving.js" */

/** Longest wait for the service worker to be there, in milliseconds; then another way is taken. */
const READY_WAIT = 5_000;

/** Longest wait for the browser to ask for what was clicked, in milliseconds: it may ask the person first. */
const START_WAIT = 30_000;

/** How often the service worker is told to go on, in milliseconds: browsers stop an idle one after 30 seconds (T15). */
const KEEP_BEAT = 10_000;

/** @type {Promise<ServiceWorkerRegistration | null> | null} */
let prepared = null;

/** The service worker, or null where there is none: private windows of Firefox, or storage that is switched off. */
export function serviceWorker() {
  prepared ??= register().catch(() => null);
  return prepared;
}

async function register() {
  if (!navigator.serviceWorker) return null;
  const registration = await within(
    READY_WAIT,
    navigator.serviceWorker.register(scriptUrl(SERVICE_WORKER), { updateViaCache: "none" }),
  );
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (!worker) return null;
  await within(READY_WAIT, activated(worker));
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise((resolve) => (port1.onmessage = resolve));
  worker.postMessage("there?", [port2]);
  await within(READY_WAIT, answered).finally(() => port1.close());
  return registration;
}

/** @param {ServiceWorker} worker */
function activated(worker) {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (worker.state === "activated") resolve(null);
      if (worker.state === "redundant") reject(new OnekeyError("unsupported_browser"));
    };
    worker.addEventListener("statechange", look);
    look();
  });
}

/** What the browser never asked for: another way may still be taken, with the same grant. */
export class NotStarted extends Error {}

/**
 * @param {ServiceWorkerRegistration} registration
 * @param {Engine} engine
 * @param {Omit<SaveRequest, "to">} request
 * @param {string} name
 * @param {(progress: SaveProgress) => void} onProgress
 * @returns {SavingCall}
 */
export function streamed(registration, engine, request, name, onProgress) {
  const id = encode(crypto.getRandomValues(new Uint8Array(16)));
  const { port1, port2 } = new MessageChannel();
  const worker = /** @type {ServiceWorker} */ (registration.active);
  /** @type {Promise<void> | null} */
  let offered = null;
  /** @type {(error: Error) => void} */
  let fail = () => {};
  const failed = /** @type {Promise<never>} */ (new Promise((_, reject) => (fail = reject)));
  failed.catch(() => {});
  let kept = Date.now();

  const call = engine.save({ ...request, to: { kind: "port", port: port1 } }, (progress) => {
    // Not before the first verified bytes: what fails earlier is no download of the browser's.
    if (progress.state === "saving" || progress.state === "finishing") {
      offered ??= offer(worker, { id, name, size: progress.total ?? 0, port: port2 }).catch(fail);
    }
    // Progress also comes while nothing moves, from a worker, whose timers no browser slows down.
    if (Date.now() - kept >= KEEP_BEAT) {
      kept = Date.now();
      worker.postMessage({ keep: id });
    }
    onProgress(progress);
  });
  const onMessage = (/** @type {MessageEvent} */ { data }) => {
    if (data?.lost === id) fail(new OnekeyError("download_lost"));
  };
  const drop = () => worker.postMessage({ drop: id });
  navigator.serviceWorker.addEventListener("message", onMessage);
  navigator.serviceWorker.startMessages();
  addEventListener("pagehide", drop);

  const done = Promise.race([call.done, failed]).finally(() => {
    navigator.serviceWorker.removeEventListener("message", onMessage);
    removeEventListener("pagehide", drop);
  });
  done.catch(() => {
    call.cancel();
    drop();
  });
  return { done, pause: () => call.pause(), resume: () => call.resume(), cancel: () => call.cancel() };
}

/** @param {ServiceWorker} worker @param {{id: string, name: string, size: number, port: MessagePort}} download */
async function offer(worker, { id, name, size, port }) {
  const { port1, port2 } = new MessageChannel();
  let ready = () => {};
  let started = () => {};
  const isReady = /** @type {Promise<void>} */ (new Promise((resolve) => (ready = resolve)));
  const isStarted = /** @type {Promise<void>} */ (new Promise((resolve) => (started = resolve)));
  port1.onmessage = ({ data }) => (data === "ready" ? ready() : started());
  worker.postMessage({ offer: id, name, size }, [port, port2]);
  try {
    await within(READY_WAIT, isReady);
    await unasked(() => {
      // Without `download`: with it Chromium does not ask the service worker.
      click(new URL(`download/${id}`, SERVER).href, null);
      return within(START_WAIT, isStarted);
    });
  } catch {
    throw new NotStarted();
  } finally {
    port1.close();
  }
}

/**
 * Starts a download: a clicked link, as Firefox cuts streams that a frame started (T11).
 * @param {string} address @param {string | null} name null: the answer says that it is a download, and how it is called
 */
export function click(address, name) {
  const link = document.createElement("a");
  link.href = address;
  if (name !== null) link.download = name;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
}

/** Clicks of ours whose answer is not there yet. */
let clicked = 0;

// Browsers learn only from the answer that a link does not lead away, and ask whether to leave before that. This stands here
// so that it is the first to hear of it: they keep to the order in which listeners were added.
globalThis.addEventListener?.("beforeunload", (event) => {
  if (clicked > 0) event.stopImmediatePropagation();
});

/** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
async function unasked(work) {
  clicked += 1;
  try {
    return await work();
  } finally {
    clicked -= 1;
  }
}

/**
 * @template T @param {number} milliseconds @param {Promise<T>} promise @returns {Promise<T>}
 */
function within(milliseconds, promise) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new OnekeyError("unsupported_browser")), milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
