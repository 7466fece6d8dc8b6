// Where plaintext goes. A sink takes bytes, is closed once all was verified, or is aborted: then nothing may look finished.

import { OnekeyError } from "../error.js";
import { MEMORY_LIMIT } from "./limits.js";
import { PortSink } from "./port-sink.js";

/** @import { SaveTo } from "../types.js" */

/**
 * `write` resolves when there is room for more. The bytes belong to the sink then.
 * @typedef {object} Sink
 * @property {(bytes: Uint8Array<ArrayBuffer>) => Promise<void>} write
 * @property {() => Promise<Blob | null>} close
 * @property {(error: OnekeyError) => Promise<void>} abort never throws
 */

/** Bytes of one write: less costs calls, more costs memory. */
const WRITE = 1 << 20;

/** Bytes that leave our own heap at once for the browser's, in `memory`. */
const BLOB = 8 << 20;

/**
 * @param {SaveTo} to
 * @param {number} total bytes that are going to come
 * @param {() => void} alive is called now and then as long as the sink waits
 * @returns {Promise<Sink>}
 */
export async function openSink(to, total, alive) {
  switch (to.kind) {
    case "handle":
      return collected(await handleSink(to.handle));
    case "port":
      return collected(new PortSink(to.port, alive));
    case "memory":
      return memorySink(to.type, total);
  }
}

/** @param {FileSystemFileHandle} handle @returns {Promise<Sink>} */
async function handleSink(handle) {
  const file = await handle.createWritable().catch(storageError);
  return {
    write: (bytes) => file.write(bytes).catch(storageError),
    close: () => file.close().then(() => null, storageError),
    async abort() {
      await file.abort().catch(() => {});
      await removeEmpty(handle).catch(() => {});
    },
  };
}

/** The picker makes a file of no bytes: it would look like the whole download. @param {FileSystemFileHandle} handle */
async function removeEmpty(handle) {
  const { remove } = /** @type {{remove?: () => Promise<void>}} */ (/** @type {unknown} */ (handle));
  if (remove && (await handle.getFile()).size === 0) await remove.call(handle);
}

/** @param {unknown} error @returns {never} */
function storageError(error) {
  const isFull = error instanceof DOMException && error.name === "QuotaExceededError";
  throw new OnekeyError(isFull ? "disk_full" : "download_lost", null, { cause: error });
}

/** @param {string} type @param {number} total @returns {Sink} */
function memorySink(type, total) {
  if (total > MEMORY_LIMIT) throw new OnekeyError("too_large_for_memory", MEMORY_LIMIT);
  /** @type {Blob[]} */
  let blobs = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  let pieces = [];
  let length = 0;
  const gather = () => {
    blobs.push(new Blob(pieces));
    pieces = [];
    length = 0;
  };
  return {
    async write(bytes) {
      pieces.push(bytes);
      length += bytes.length;
      if (length >= BLOB) gather();
    },
    async close() {
      gather();
      return new Blob(blobs, { type });
    },
    async abort() {
      blobs = [];
      pieces = [];
    },
  };
}

/**
 * Gathers small pieces: a zip comes in many.
 * @param {Sink} sink @returns {Sink}
 */
export function collected(sink) {
  let buffer = new Uint8Array(WRITE);
  let filled = 0;
  const flush = async () => {
    if (filled === 0) return;
    const bytes = filled === buffer.length ? buffer : buffer.slice(0, filled);
    // The sink may have given it away.
    if (bytes === buffer) buffer = new Uint8Array(WRITE);
    filled = 0;
    await sink.write(bytes);
  };
  return {
    async write(bytes) {
      // A large piece that owns its buffer goes on as it is.
      if (filled === 0 && bytes.length >= WRITE && bytes.length === bytes.buffer.byteLength) return sink.write(bytes);
      for (let from = 0; from < bytes.length; ) {
        const taken = Math.min(bytes.length - from, WRITE - filled);
        buffer.set(bytes.subarray(from, from + taken), filled);
        from += taken;
        filled += taken;
        if (filled === WRITE) await flush();
      }
    },
    async close() {
      await flush();
      return sink.close();
    },
    abort: (error) => sink.abort(error),
  };
}
