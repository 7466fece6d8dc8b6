// The shapes that pass between the views and the engine. Sizes are bytes, times Unix seconds, binary values base64url
// where they are text. This file holds types only.

export {};

/**
 * `GET /server` (docs/protocol.md 3).
 * @typedef {object} ServerDescription
 * @property {string} version
 * @property {string | null} assets
 * @property {boolean} upload_secret_required
 * @property {boolean} direct
 * @property {number | null} max_size
 * @property {number | null} max_expiry
 * @property {number | null} default_expiry
 * @property {(number | null)[]} expiry_choices
 * @property {number} min_part_size
 * @property {number} max_part_size
 * @property {string | null} report_address
 */

/**
 * A file to send. `path` is relative, `/`-separated, and keeps the rules of format.md 7.
 * @typedef {{path: string, file: File}} SourceFile
 */

/**
 * @typedef {object} SendRequest
 * @property {SourceFile[]} files
 * @property {string[]} folders paths of empty folders
 * @property {string | null} title
 * @property {string | null} note
 * @property {number | null} expiresIn seconds; null is never
 * @property {number | null} maxDownloads null is no cap
 * @property {string | null} password
 * @property {string | null} uploadSecret
 * @property {boolean} compress
 * @property {string | null} continues id of an unfinished upload that these files continue
 */

/**
 * `sent` counts payload bytes that the server has, or that are on their way and were handed to the network.
 * `total` is null while compression leaves it open; `expected` is then the most it can be.
 * @typedef {object} SendProgress
 * @property {"preparing" | "sending" | "waiting" | "paused" | "completing"} state `waiting`: the network is away
 * @property {number} sent
 * @property {number | null} total
 * @property {number} expected
 * @property {number} already bytes that the server had before (an upload that is continued)
 * @property {boolean} restarted the files had changed: everything is sent anew under a new key
 * @property {number | null} retryIn seconds until the next try, in `waiting`
 */

/**
 * @typedef {object} Sent
 * @property {string} link
 * @property {string} manageLink
 * @property {string} share
 * @property {number | null} expiresAt
 * @property {number | null} maxDownloads
 * @property {number} size payload bytes
 * @property {{path: string, size: number}[]} files
 */

/**
 * An upload of this browser that was not completed.
 * @typedef {object} UnfinishedUpload
 * @property {string} id
 * @property {number} startedAt
 * @property {number} sent payload bytes
 * @property {number | null} total
 * @property {number} expected
 * @property {{path: string, size: number, modified: number}[]} files `modified` in milliseconds
 * @property {boolean} needsFiles false if all parts are there and only completing is left
 * @property {boolean} needsPassword whether the password must be typed again (it is never stored)
 */

/**
 * An entry of a manifest (format.md 7).
 * @typedef {object} ManifestFile
 * @property {string} path
 * @property {string} type
 * @property {number} size
 * @property {number} offset
 * @property {number} stored
 * @property {"br" | "gzip"} [codec]
 * @property {number} [modified]
 * @property {boolean} [executable]
 */

/**
 * @typedef {object} Manifest
 * @property {ManifestFile[]} files
 * @property {string[]} [folders]
 * @property {string} [title]
 * @property {string} [note]
 */

/**
 * A link that was opened; nothing is spent yet. The keys stay in the worker, found by `id`.
 * @typedef {object} Opened
 * @property {number} id
 * @property {Manifest} manifest
 * @property {number} size payload bytes
 * @property {number | null} expiresAt
 * @property {number | null} downloadsLeft
 * @property {boolean} granted a live grant is kept: saving spends nothing more
 */

/**
 * @typedef {object} SaveRequest
 * @property {number} opened
 * @property {number[]} files indices into the manifest, ascending
 * @property {boolean} whole take the whole payload, padding and last chunk included (all files)
 * @property {"file" | "zip"} as `file`: exactly one file's bytes
 * @property {SaveTo} to
 */

/**
 * Where plaintext goes. `port`: to the service worker's download. `memory`: one Blob, for small files.
 * @typedef {{kind: "handle", handle: FileSystemFileHandle} | {kind: "port", port: MessagePort} | {kind: "memory", type: string}} SaveTo
 */

/**
 * @typedef {object} SaveProgress
 * @property {"preparing" | "saving" | "waiting" | "paused" | "finishing"} state
 * @property {number} done plaintext bytes that were handed to the target
 * @property {number | null} total
 * @property {number | null} downloadsLeft after a grant was taken
 * @property {number | null} retryIn
 */

/**
 * @typedef {object} Saved
 * @property {Blob | null} blob of `memory`
 * @property {number} bytes
 */

/**
 * What a manage link opens.
 * @typedef {object} OwnedShare
 * @property {string} share
 * @property {number} size
 * @property {number} createdAt
 * @property {number | null} expiresAt
 * @property {boolean} canAddLinks
 * @property {OwnedLink[]} links
 */

/**
 * @typedef {object} OwnedLink
 * @property {string} locator
 * @property {string | null} label
 * @property {boolean} password
 * @property {boolean} direct
 * @property {number | null} maxDownloads
 * @property {number} downloads
 * @property {number | null} downloadsLeft
 * @property {number | null} expiresAt
 * @property {"live" | "expired" | "used_up" | "revoked"} state
 * @property {number | null} lastUsedAt
 */

/**
 * What a manage link changes.
 * @typedef {{kind: "revoke", locator: string}
 *   | {kind: "delete"}
 *   | {kind: "change", locator: string, maxDownloads?: number | null, expiresIn?: number | null}
 *   | {kind: "add", label: string | null, password: string | null, maxDownloads: number | null, expiresIn: number | null}} OwnerAction
 */
