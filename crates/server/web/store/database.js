// The page's database in the browser (IndexedDB): uploads that can be continued, grants that are alive, settings.
// Keys and secrets stand in it, so every entry has an end, and `sweep` removes what is over.

import { OnekeyError } from "../error.js";

const NAME = "onekey";
const VERSION = 1;

/**
 * `uploads` and `grants` hold `{key, expiresAt, …}`; `parts` holds what was sent of an upload, `{upload, index, …}`;
 * `settings` holds `{key, value}`.
 * @typedef {"uploads" | "parts" | "grants" | "settings"} StoreName
 */

/** Longest wait for the database, in milliseconds: another tab may hold an older version open. */
const OPEN_DEADLINE = 5_000;

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

/** @returns {Promise<IDBDatabase>} */
function database() {
  opened ??= new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new OnekeyError("storage")), OPEN_DEADLINE);
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("uploads", { keyPath: "key" });
      request.result.createObjectStore("parts", { keyPath: ["upload", "index"] });
      request.result.createObjectStore("grants", { keyPath: "key" });
      request.result.createObjectStore("settings", { keyPath: "key" });
    };
    request.onsuccess = () => {
      clearTimeout(timer);
      request.result.onversionchange = () => {
        request.result.close();
        opened = null;
      };
      resolve(request.result);
    };
    request.onerror = () => {
      clearTimeout(timer);
      reject(new OnekeyError("storage", null, { cause: request.error }));
    };
  });
  opened.catch(() => (opened = null));
  return opened;
}

/**
 * Runs `work` on one store in one transaction, and resolves when that is durable.
 * @template T
 * @param {StoreName} name
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T> | null} work
 * @returns {Promise<T | undefined>}
 */
export async function transaction(name, mode, work) {
  const db = await database();
  return new Promise((resolve, reject) => {
    // Strict: what is recorded before bytes travel must survive a crash of the machine (format.md 5, one plaintext each).
    const running = db.transaction(name, mode, { durability: mode === "readwrite" ? "strict" : "default" });
    const request = work(running.objectStore(name));
    running.oncomplete = () => resolve(request?.result);
    running.onabort = running.onerror = () =>
      reject(new OnekeyError("storage", null, { cause: running.error ?? request?.error }));
  });
}

/** @template T @param {StoreName} name @param {IDBValidKey} key @returns {Promise<T | undefined>} */
export const read = (name, key) => transaction(name, "readonly", (store) => store.get(key));

/** @template T @param {StoreName} name @param {IDBKeyRange} [range] @returns {Promise<T[]>} */
export const readAll = async (name, range) => (await transaction(name, "readonly", (store) => store.getAll(range))) ?? [];

/** @param {StoreName} name @param {object} value @returns {Promise<unknown>} */
export const write = (name, value) => transaction(name, "readwrite", (store) => store.put(value));

/** @param {StoreName} name @param {IDBValidKey | IDBKeyRange} key @returns {Promise<unknown>} */
export const remove = (name, key) => transaction(name, "readwrite", (store) => store.delete(key));

/**
 * Removes every upload and grant whose time is over.
 * @param {number} now Unix seconds
 */
export async function sweep(now) {
  for (const name of /** @type {const} */ (["uploads", "grants"])) {
    for (const { key, expiresAt } of await readAll(name)) {
      if (expiresAt > now) continue;
      if (name === "uploads") await remove("parts", IDBKeyRange.bound([key], [key, []]));
      await remove(name, key);
    }
  }
}
