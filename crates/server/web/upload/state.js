// What must still be known of an upload after a crash or a reload, in the browser's database. It holds the upload's
// keys: erased when the upload is complete or taken back, and after seven days.
//
// Before a part's first byte leaves, the length and the SHA-256 of its plaintext are durable; before `complete` leaves,
// its exact body is. The password and the upload secret are never here.

import { read, readAll, remove, sweep, transaction, write } from "../store/database.js";

/** @import { Bytes } from "../container/bytes.js" */
/** @import { Sent } from "../types.js" */
/** @import { Stored } from "./manifest.js" */

/** How long a state is kept, in seconds: no server keeps an upload longer. */
export const LIFETIME = 7 * 86_400;

/**
 * @typedef {object} UploadState
 * @property {string} key id of the upload on the server, which becomes the share's
 * @property {number} expiresAt
 * @property {string} server
 * @property {number} startedAt
 * @property {Bytes} shareKey
 * @property {Bytes} linkKey
 * @property {Bytes} ownerSecret
 * @property {Bytes} header
 * @property {number} partSize
 * @property {number | null} size of the payload; null until the last file is compressed
 * @property {number} most bytes that the payload can have
 * @property {string} form how files are stored: all that the plaintext depends on beside them
 * @property {KeptFile[]} files
 * @property {string[]} folders
 * @property {string | null} title
 * @property {string | null} note
 * @property {number | null} expiresIn
 * @property {number | null} maxDownloads
 * @property {boolean} compress
 * @property {boolean} password whether the link is to have one
 * @property {Stored[] | null} stored how each file is stored, once all of them are cut into parts
 * @property {string | null} complete exact body of `complete`, once it may have been sent
 * @property {Sent | null} completed the link, until it was shown
 */

/** @typedef {{path: string, size: number, modified: number, type: string}} KeptFile */

/**
 * What is known of a part that may have been sent. `length` and `digest` are of the plaintext; `sent` is its length in the
 * payload once the server has it, else 0.
 * @typedef {{index: number, length: number, digest: Bytes, sent: number}} PartRecord
 */

/**
 * Where states are.
 * @typedef {object} States
 * @property {(id: string) => Promise<UploadState | undefined>} read
 * @property {() => Promise<UploadState[]>} all
 * @property {(state: UploadState) => Promise<unknown>} write resolves when it is durable
 * @property {(id: string) => Promise<PartRecord[]>} records
 * @property {(id: string, records: PartRecord[]) => Promise<unknown>} record resolves when they are durable
 * @property {(id: string) => Promise<void>} erase
 * @property {(now: number) => Promise<void>} sweep
 */

/** @param {string} id */
const partsOf = (id) => IDBKeyRange.bound([id], [id, []]);

/** @type {States} */
export const browserStates = {
  read: (id) => read("uploads", id),
  all: () => readAll("uploads"),
  write: (state) => write("uploads", state),
  records: (id) => readAll("parts", partsOf(id)),
  // Many at once: each transaction waits for the disk.
  record: (id, records) =>
    transaction("parts", "readwrite", (store) => {
      for (const record of records) store.put({ upload: id, ...record });
      return null;
    }),
  async erase(id) {
    // What has no upload any more nobody would find.
    await remove("parts", partsOf(id));
    await remove("uploads", id);
  },
  sweep,
};
