// Files that are dropped anywhere on the page or pasted into it.

import { OnekeyError } from "../../error.js";
import { say } from "../../words.js";
import { el } from "../dom.js";
import { fromFiles, takeItems, walk } from "../entries.js";
import { announce, notify } from "../frame.js";

/** @import { Found } from "../entries.js" */

/** Clock of the announcements while a folder is read, in milliseconds. */
const ANNOUNCE_EVERY = 3_000;

/**
 * @param {object} on
 * @param {() => boolean} on.open whether files are welcome now
 * @param {(found: Found[]) => void} on.found
 * @param {(text: string) => void} on.text a text was pasted
 * @param {(error: OnekeyError) => void} on.failed
 */
export function watchArrivals({ open, found, text, failed }) {
  const overlay = el("div", { class: "drop-now", "aria-hidden": "true" }, el("p", {}, say("dropNow")));
  document.body.append(overlay);
  // Entering a child comes before leaving its parent: only a count tells when the window is left.
  let depth = 0;
  const light = () => document.body.classList.toggle("dragging", depth > 0 && open());
  const carriesFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;

  addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    depth++;
    light();
  });
  addEventListener("dragleave", (event) => {
    if (!carriesFiles(event)) return;
    depth = Math.max(0, depth - 1);
    light();
  });
  addEventListener("dragover", (event) => {
    if (!carriesFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = open() ? "copy" : "none";
  });
  addEventListener("drop", (event) => {
    if (!carriesFiles(event) || !event.dataTransfer) return;
    // Also when nothing is wanted: else the browser would leave the page and open the file.
    event.preventDefault();
    depth = 0;
    light();
    if (open()) void take(event.dataTransfer, found, failed);
  });
  addEventListener("paste", (event) => {
    const { clipboardData, target } = event;
    if (!clipboardData || !open() || document.querySelector("dialog[open]")) return;
    if (target instanceof Element && target.closest("input, textarea")) return;
    const pasted = clipboardData.getData("text/plain");
    // Programs put a picture of a text beside the text: files win only if there is no text.
    if (pasted.trim() !== "" && !clipboardData.types.includes("Files")) {
      event.preventDefault();
      text(pasted);
    } else if (clipboardData.types.includes("Files")) {
      event.preventDefault();
      void take(clipboardData, found, failed);
    }
  });
}

/**
 * @param {DataTransfer} transfer @param {(found: Found[]) => void} found
 * @param {(error: OnekeyError) => void} failed
 */
async function take(transfer, found, failed) {
  const { entries, files } = takeItems(transfer);
  let announcedAt = performance.now();
  try {
    const read = await walk(entries, (count) => {
      const now = performance.now();
      if (now - announcedAt < ANNOUNCE_EVERY) return;
      announcedAt = now;
      announce(say("reading", { count }));
    });
    found([...fromFiles(files), ...read.found]);
    if (read.unreadable > 0) notify(say("unreadable", { count: read.unreadable }));
  } catch (error) {
    failed(OnekeyError.from(error));
  }
}
