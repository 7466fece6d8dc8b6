// The secrets of one upload. Starting again makes new ones, so that no server can mix two uploads.

import { encode } from "../container/base64url.js";
import { wrapForOwner } from "../container/envelope.js";
import { newHeader, openHeader } from "../container/header.js";
import { newKey, ownerValues } from "../container/keys.js";

/** @import { Bytes } from "../container/bytes.js" */
/** @import { Header } from "../container/header.js" */
/** @import { OwnerValues } from "../container/keys.js" */
/** @import { UploadState } from "./state.js" */

/** @typedef {{shareKey: Bytes, linkKey: Bytes, ownerSecret: Bytes, header: Header, owner: OwnerValues}} Secrets */

/** @returns {Promise<Secrets>} */
export async function newSecrets() {
  const [shareKey, linkKey, ownerSecret] = [newKey(), newKey(), newKey()];
  const [header, owner] = await Promise.all([newHeader(shareKey), ownerValues(ownerSecret)]);
  return { shareKey, linkKey, ownerSecret, header, owner };
}

/**
 * Takes those of an earlier session, if they belong to its header. @param {UploadState} state
 * @returns {Promise<Secrets>}
 */
export async function restoredSecrets({ shareKey, linkKey, ownerSecret, header }) {
  const [opened, owner] = await Promise.all([openHeader(header, shareKey), ownerValues(ownerSecret)]);
  return { shareKey, linkKey, ownerSecret, header: opened, owner };
}

/**
 * The body that creates the upload.
 * @param {Secrets} secrets @param {number} partSize @param {number | null} size
 */
export async function createBody({ shareKey, header, owner }, partSize, size) {
  return {
    header: encode(header.bytes),
    part_size: partSize,
    size,
    owner_verifier: encode(owner.verifier),
    owner_envelope: encode(await wrapForOwner(owner.key, header.bytes, shareKey)),
  };
}
