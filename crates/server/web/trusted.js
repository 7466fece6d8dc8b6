// The page's only Trusted Types policy: it passes addresses of our own assets and of our service worker, nothing else.

/** Address of the folder that holds these modules. */
const ASSETS = new URL("./", import.meta.url);

/** Address of the server, with a slash at its end. Assets stand two folders below it. */
export const SERVER = new URL("../../", ASSETS);

/** The service worker's address: its scope is the folder it stands in. */
export const SERVICE_WORKER = new URL("download/service-worker.js", SERVER);

/**
 * The browser's type, which TypeScript's library does not know.
 * @typedef {{createPolicy(name: string, rules: {createScriptURL(url: string): string}): {createScriptURL(url: string): string}}} TrustedTypes
 */

/** @param {string} url */
function ownScript(url) {
  const { href } = new URL(url, ASSETS);
  if (href === SERVICE_WORKER.href || (href.startsWith(ASSETS.href) && href.endsWith(".js"))) return href;
  throw new TypeError("not a script of this page");
}

const types = /** @type {{trustedTypes?: TrustedTypes}} */ (/** @type {unknown} */ (globalThis)).trustedTypes;
const policy = types?.createPolicy("onekey", { createScriptURL: ownScript }) ?? { createScriptURL: ownScript };

/**
 * Returns the address of a script of ours in the form that the browser demands where it would run one.
 * @param {string | URL} url absolute, or relative to the assets
 * @returns {string} in truth a TrustedScriptURL where there is such a thing
 */
export function scriptUrl(url) {
  return policy.createScriptURL(String(url));
}
