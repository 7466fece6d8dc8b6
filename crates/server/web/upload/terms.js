// What an upload was to be, for one that is begun anew in its place.

/** @import { SendRequest } from "../types.js" */
/** @import { UploadState } from "./state.js" */

/** @typedef {Pick<SendRequest, "title" | "note" | "expiresIn" | "maxDownloads" | "compress" | "folders">} Terms */

/** @param {UploadState} state @returns {Terms} */
export function termsOf({ title, note, expiresIn, maxDownloads, compress, folders }) {
  return { title, note, expiresIn, maxDownloads, compress, folders };
}

/** @param {Terms} terms @param {SendRequest} request @returns {SendRequest} */
export function termsWith(terms, request) {
  const hasFile = (/** @type {string} */ folder) =>
    request.files.some(({ path }) => path === folder || path.startsWith(`${folder}/`));
  // Empty folders cannot be picked again, and one that has a file now is none.
  const folders = terms.folders.filter((folder) => !hasFile(folder));
  return { ...request, ...terms, folders };
}
