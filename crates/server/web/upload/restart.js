// Why an upload cannot go on under its share key, and everything is sent anew under a new one.

/**
 * - `differs`: what is read again is not what was sent
 * - `list`: other files
 * - `form`: another way of compressing
 * - `unrecorded`: the server has a part that was not noted here
 * - `gone`: the server does not have the upload any more
 * - `elsewhere`: somebody with a copy of the state goes on with it
 * - `not_smaller`: a file that was being compressed does not get smaller
 * - `proxy`: something on the way refuses parts of this size
 * - `storage`: the browser keeps nothing any more
 * @typedef {"differs" | "list" | "form" | "unrecorded" | "gone" | "elsewhere" | "not_smaller" | "proxy"
 *   | "storage"} Reason
 */

/** Ends an attempt; people never see it. */
export class Restart extends Error {
  /** @param {Reason} reason */
  constructor(reason) {
    super(reason);
    this.name = "Restart";
    this.reason = reason;
  }
}
