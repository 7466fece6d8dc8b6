// Where files are saved to: what this browser can do, known before anything is spent, and the one call that views make.

import { OnekeyError } from "../error.js";
import { savedName } from "./names.js";
import { MEMORY_LIMIT, SMALL } from "./limits.js";
import { click, NotStarted, serviceWorker, streamed } from "./streamed.js";

/** @import { Engine } from "../engine.js" */
/** @import { Opened, Saved, SaveProgress, SaveRequest } from "../types.js" */

/** How long the address of a Blob stands after the click, in milliseconds: the browser reads it at once, or after asking. */
const BLOB_WAIT = 600_000;

/**
 * @typedef {object} SavingCall
 * @property {Promise<Saved>} done
 * @property {() => void} pause
 * @property {() => void} resume
 * @property {() => void} cancel
 */

/**
 * @typedef {object} SavingOptions
 * @property {Engine} engine
 * @property {Opened} opened
 * @property {number[]} files
 * @property {boolean} whole
 * @property {"file" | "zip"} as
 * @property {string} name of the file; a path is cut to its last part, and characters that systems refuse are replaced
 * @property {number} size bytes of the files, for choosing the way
 */

/** @typedef {(options: {suggestedName?: string, id?: string}) => Promise<FileSystemFileHandle>} SavePicker */

/** @returns {SavePicker | null} */
function savePicker() {
  const { showSaveFilePicker } = /** @type {{showSaveFilePicker?: SavePicker}} */ (/** @type {unknown} */ (globalThis));
  return showSaveFilePicker?.bind(globalThis) ?? null;
}

/**
 * How large files are saved here, and how large they may be. Small ones are saved everywhere. Asking early prepares the way.
 * @returns {Promise<{way: "picker" | "stream" | "memory", limit: number | null}>}
 */
export async function savingLimit() {
  if (savePicker()) return { way: "picker", limit: null };
  if (await serviceWorker()) return { way: "stream", limit: null };
  return { way: "memory", limit: MEMORY_LIMIT };
}

/**
 * Starts to save. Call it within a click, first of all: browsers show their dialog for a few seconds after one.
 * @param {SavingOptions} options
 * @param {(progress: SaveProgress) => void} onProgress
 * @returns {Promise<SavingCall | null>} null if the person closed the dialog; nothing was spent then
 * @throws {OnekeyError} `too_large_for_memory`; nothing was spent
 */
export async function startSaving({ engine, opened, files, whole, as, name, size }, onProgress) {
  const request = { opened: opened.id, files, whole, as };
  const clean = savedName(name);
  if (size <= SMALL) return inMemory(engine, request, clean, onProgress);
  const pick = savePicker();
  if (pick) {
    const handle = await picked(pick, clean);
    if (handle === null) return null;
    if (handle !== "refused") return engine.save({ ...request, to: { kind: "handle", handle } }, onProgress);
  }
  const registration = await serviceWorker();
  if (registration) return inStream(registration, engine, request, clean, onProgress);
  if (size > MEMORY_LIMIT) throw new OnekeyError("too_large_for_memory", MEMORY_LIMIT);
  return inMemory(engine, request, clean, onProgress);
}

/**
 * @param {SavePicker} pick @param {string} name
 * @returns {Promise<FileSystemFileHandle | "refused" | null>} null if it was closed
 */
async function picked(pick, name) {
  try {
    // Some names are refused as dangerous; the person can still type one.
    return await pick({ suggestedName: name, id: "onekey" }).catch((error) => {
      if (error instanceof TypeError) return pick({ id: "onekey" });
      throw error;
    });
  } catch (error) {
    return error instanceof DOMException && error.name === "AbortError" ? null : "refused";
  }
}

/**
 * @param {Engine} engine @param {Omit<SaveRequest, "to">} request @param {string} name
 * @param {(progress: SaveProgress) => void} onProgress @returns {SavingCall}
 */
function inMemory(engine, request, name, onProgress) {
  // As bytes, whatever they are: under a Blob's address a page would be one of our own (T4).
  const call = engine.save({ ...request, to: { kind: "memory", type: "application/octet-stream" } }, onProgress);
  const done = call.done.then((saved) => {
    if (saved.blob === null) throw new OnekeyError("internal_page");
    const address = URL.createObjectURL(saved.blob);
    click(address, name);
    setTimeout(() => URL.revokeObjectURL(address), BLOB_WAIT);
    return saved;
  });
  return { done, pause: () => call.pause(), resume: () => call.resume(), cancel: () => call.cancel() };
}

/**
 * Through the service worker; or in memory if the browser never asks for the stream. The grant is kept in the worker, so the
 * second way spends nothing (T15, T27).
 * @param {ServiceWorkerRegistration} registration @param {Engine} engine @param {Omit<SaveRequest, "to">} request
 * @param {string} name @param {(progress: SaveProgress) => void} onProgress @returns {SavingCall}
 */
function inStream(registration, engine, request, name, onProgress) {
  let call = streamed(registration, engine, request, name, onProgress);
  let isCancelled = false;
  const done = call.done.catch((error) => {
    if (!(error instanceof NotStarted)) throw error;
    if (isCancelled) throw new OnekeyError("cancelled");
    call = inMemory(engine, request, name, onProgress);
    return call.done;
  });
  const cancel = () => {
    isCancelled = true;
    call.cancel();
  };
  return { done, pause: () => call.pause(), resume: () => call.resume(), cancel };
}
