// Links that were opened. Keys stay here, in the worker; the page knows each by a number.

import { OnekeyError } from "../error.js";

/** @import { Header } from "../container/header.js" */
/** @import { LinkOpened } from "../protocol/links.js" */
/** @import { Manifest } from "../types.js" */

/**
 * @typedef {object} OpenedLink
 * @property {string} locator
 * @property {Uint8Array} proof
 * @property {boolean} password whether the link wants one
 * @property {Header} header
 * @property {Manifest} manifest
 * @property {number} size payload bytes
 * @property {LinkOpened} answer
 */

/** Most links that are remembered: a page opens one, and again after a failure. */
const MAX_OPENED = 16;

/** @type {Map<number, OpenedLink>} */
const links = new Map();

let last = 0;

/** @param {OpenedLink} link @returns {number} */
export function remember(link) {
  last += 1;
  links.set(last, link);
  const oldest = links.keys().next().value;
  if (links.size > MAX_OPENED && oldest !== undefined) links.delete(oldest);
  return last;
}

/** @param {number} id @returns {OpenedLink} */
export function openedLink(id) {
  const link = links.get(id);
  if (!link) throw new OnekeyError("internal_page");
  return link;
}
