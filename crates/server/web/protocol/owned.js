// What a manage link opens, and what it changes.

import { byteLength, decode } from "../container/base64url.js";
import { ENVELOPE_LENGTH, openLabel, unwrapForOwner } from "../container/envelope.js";
import { HEADER_LENGTH, openHeader } from "../container/header.js";
import { ID_LENGTH, KEY_LENGTH, newKey, ownerValues } from "../container/keys.js";
import { printLink } from "../container/link.js";
import { OnekeyError } from "../error.js";
import { SERVER } from "../trusted.js";
import { changeLink, revokeLink } from "./links.js";
import { newLink } from "./new-link.js";
import { addLink, deleteShare, describeShare } from "./shares.js";

/** @import { OwnedLink, OwnedShare, OwnerAction } from "../types.js" */
/** @import { OwnerValues } from "../container/keys.js" */
/** @import { SharedLink, ShareDescription } from "./shares.js" */

/**
 * @param {{share: string, secret: string}} link @param {{signal: AbortSignal} | null} [job] @param {URL | string}
 *   [server]
 * @returns {Promise<OwnedShare>}
 */
export async function describeOwned({ share, secret }, job = null, server = SERVER) {
  const owner = await ownerOf(share, secret);
  const described = await describeShare(server, share, owner.token, { signal: job?.signal ?? null });
  return {
    share,
    size: described.size,
    createdAt: described.created_at,
    expiresAt: described.expires_at,
    canAddLinks: typeof described.owner_envelope === "string",
    links: await Promise.all(described.links.map((link) => ownedLink(link, owner))),
  };
}

/**
 * @param {{share: string, secret: string, action: OwnerAction}} change @param {{signal: AbortSignal} | null} [job]
 * @param {URL | string} [server]
 * @returns {Promise<{link: string | null}>}
 */
export async function changeOwned({ share, secret, action }, job = null, server = SERVER) {
  const owner = await ownerOf(share, secret);
  const options = { signal: job?.signal ?? null };
  switch (action.kind) {
    case "revoke":
      await revokeLink(server, locatorOf(action.locator), owner.token, options);
      return { link: null };
    case "delete":
      await deleteShare(server, share, owner.token, options);
      return { link: null };
    case "change": {
      // What is left out stays as it is, and null takes a limit away.
      const change = {
        ...(action.maxDownloads === undefined ? {} : { max_downloads: action.maxDownloads }),
        ...(action.expiresIn === undefined ? {} : { expires_in: action.expiresIn }),
      };
      await changeLink(server, locatorOf(action.locator), owner.token, change, options);
      return { link: null };
    }
    case "add":
      return { link: await add(server, share, owner, action, options) };
  }
}

/**
 * @param {URL | string} server @param {string} share @param {OwnerValues} owner
 * @param {Extract<OwnerAction, {kind: "add"}>} action @param {{signal: AbortSignal | null}} options
 */
async function add(server, share, owner, { label, password, maxDownloads, expiresIn }, options) {
  const shareKey = await shareKeyOf(await describeShare(server, share, owner.token, options), owner);
  const linkKey = newKey();
  const body = await newLink({ linkKey, shareKey, ownerKey: owner.key, password, label, maxDownloads, expiresIn });
  try {
    await addLink(server, share, owner.token, body, options);
  } catch (error) {
    if (!(error instanceof OnekeyError) || error.code !== "locator_taken") throw error;
    // Nobody else makes this locator: an earlier try arrived and its answer was lost.
    const { links } = await describeShare(server, share, owner.token, options);
    if (!links.some((link) => link.locator === body.locator)) throw error;
  }
  return printLink({ server: String(server), key: linkKey });
}

/**
 * Unwraps the share key and checks the header's commitment with it: a server that sent another header or envelope gets
 * no new one from us.
 * @param {ShareDescription} described @param {OwnerValues} owner
 */
async function shareKeyOf(described, owner) {
  if (typeof described.owner_envelope !== "string") throw new OnekeyError("wrong_state");
  const header = decode(described.header, HEADER_LENGTH);
  const shareKey = await unwrapForOwner(owner.key, header, decode(described.owner_envelope, ENVELOPE_LENGTH));
  await openHeader(header, shareKey);
  return shareKey;
}

/** @param {SharedLink} link @param {OwnerValues} owner @returns {Promise<OwnedLink>} */
async function ownedLink(link, owner) {
  return {
    locator: link.locator,
    label: await labelOf(link, owner),
    password: link.password,
    direct: link.direct,
    maxDownloads: link.max_downloads,
    downloads: link.downloads,
    downloadsLeft: link.downloads_left,
    expiresAt: link.expires_at,
    state: link.state,
    lastUsedAt: link.last_used_at,
  };
}

/**
 * A label that does not open is none: it is no reason not to show the link. @param {SharedLink} link
 * @param {OwnerValues} owner
 */
async function labelOf({ label, locator }, owner) {
  if (label === null) return null;
  try {
    return await openLabel(owner.key, decode(locator, ID_LENGTH), decode(label, byteLength(label)));
  } catch {
    return null;
  }
}

/** @param {string} share @param {string} secret @returns {Promise<OwnerValues>} */
async function ownerOf(share, secret) {
  try {
    decode(share, ID_LENGTH);
    return await ownerValues(decode(secret, KEY_LENGTH));
  } catch (error) {
    throw new OnekeyError("manage_link_malformed", null, { cause: error });
  }
}

/** It becomes part of a path. @param {string} locator */
function locatorOf(locator) {
  decode(locator, ID_LENGTH);
  return locator;
}
