// What stands in the field Authorization: one scheme, one credential.

import { encode } from "../container/base64url.js";

/** @param {Uint8Array} token of the owner */
export const owner = (token) => `Onekey-Owner ${encode(token)}`;

/** @param {Uint8Array} proof */
export const proof = (proof) => `Onekey-Proof ${encode(proof)}`;

/** @param {string} grant as the server gave it */
export const grant = (grant) => `Onekey-Grant ${grant}`;

/** The credential of who may create uploads. @param {string | null} secret */
export const uploadSecret = (secret) => (secret === null ? null : `Bearer ${secret}`);
