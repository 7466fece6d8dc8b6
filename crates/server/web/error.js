// The one error of the page: a stable code, for which `words.js` has the words.

/**
 * Every code. Those of the server are in docs/protocol.md, section 2, and mean the same here.
 * @typedef {(typeof CODES)[number]} ErrorCode
 */
export const CODES = /** @type {const} */ ([
  // What a person gave.
  "link_malformed", // not a link of onekey
  "key_missing", // nothing behind the #
  "key_malformed", // not the 43 characters of a key: cut off or changed
  "manage_link", // a manage link where a link was wanted
  "manage_link_malformed",
  "password_required",
  "password_empty",
  "password_too_long",
  "password_not_unicode",
  "path_refused", // a name that the format does not take (format.md 7)
  "same_path", // two files of one name
  "nothing_to_send",
  "file_changed", // a file is not what it was when sending began
  "file_unreadable",
  "too_many_files", // the manifest would be over its bound
  // What came from elsewhere and does not fit the key.
  "header",
  "unsupported_suite",
  "wrong_key",
  "rejected", // a sealed message does not open
  "size", // no payload has this length
  "damaged", // a chunk or a compressed file is not what was sent; detail: index
  "truncated",
  "manifest", // detail: rule
  "base64url",
  // The way to the server.
  "network", // no answer, or it broke off; after all tries
  "not_onekey", // an answer that no onekey server gives
  "storage", // the browser's own storage does not work
  "in_use", // another tab is sending this upload
  "no_secure_context", // plain HTTP: no WebCrypto
  "unsupported_browser",
  // Saving.
  "too_large_for_memory", // this browser cannot stream to the disk; detail: limit in bytes
  "grant_ended", // the kept right to fetch is over; asking again spends a download
  "download_lost", // the browser ended the download, or its service worker went away
  "disk_full",
  "cancelled",
  "internal_page", // a mistake of ours
  // The server's.
  "bad_request", "upload_secret_required", "cross_site", "owner_rejected", "proof_rejected", "upload_secret_rejected",
  "link_gone", "not_found", "method_not_allowed", "complete_differs", "locator_taken", "part_busy", "part_exists",
  "parts_missing", "wrong_state", "expired", "revoked", "used_up", "length_required", "too_large",
  "range_not_satisfiable", "digest_mismatch", "too_many_links", "too_many_attempts", "quota", "internal",
  "unavailable", "storage_full",
]);

/** A failure that a person meets. Its message repeats nothing that is secret: code and detail only. */
export class OnekeyError extends Error {
  /**
   * @param {ErrorCode} code
   * @param {string | number | null} [detail] a number or a fixed word; never a name, key or address
   * @param {{cause?: unknown, retryAfter?: number}} [more] `retryAfter` in seconds, as the server said
   */
  constructor(code, detail = null, more = {}) {
    super(detail === null ? code : `${code} ${detail}`, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = "OnekeyError";
    this.code = code;
    this.detail = detail;
    this.retryAfter = more.retryAfter ?? null;
  }

  /**
   * Returns `error` as one of ours: what nobody foresaw is `internal_page`.
   * @param {unknown} error
   * @returns {OnekeyError}
   */
  static from(error) {
    if (error instanceof OnekeyError) return error;
    if (error instanceof DOMException && error.name === "AbortError") return new OnekeyError("cancelled");
    if (error instanceof DOMException && error.name === "QuotaExceededError") return new OnekeyError("disk_full");
    return new OnekeyError("internal_page", null, { cause: error });
  }

  /** @returns {{code: ErrorCode, detail: string | number | null, retryAfter: number | null}} what crosses to another thread */
  toMessage() {
    return { code: this.code, detail: this.detail, retryAfter: this.retryAfter };
  }

  /** @param {{code: ErrorCode, detail: string | number | null, retryAfter: number | null}} message */
  static fromMessage(message) {
    return new OnekeyError(message.code, message.detail, { retryAfter: message.retryAfter ?? undefined });
  }
}
