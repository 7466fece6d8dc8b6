// Where a server is: scheme, host, port and a path in front of all its routes, in one form as it is printed.

/**
 * `rest` is what follows host and port.
 * @typedef {{scheme: string, host: string, port: string | null, prefix: string, rest: string}} Start
 */

/** @type {Record<string, string>} */
const PORTS = { https: "443", http: "80" };

/** Characters of the longest host name (RFC 1035). */
const MAX_HOST = 253;

/** @param {string} text @returns {Start | null} */
export function parseServer(text) {
  const [, name = "", authority = "", rest = ""] = /^([^:]*):\/\/([^/?#]*)(.*)$/s.exec(text) ?? [];
  const scheme = name.toLowerCase();
  const [, written = "", digits] = /^(.*?|\[.*\])(?::(\d*))?$/s.exec(authority) ?? [];
  const host = hostOf(written);
  const port = digits === undefined ? null : portOf(digits);
  if (!Object.hasOwn(PORTS, scheme) || host === null || port === "") return null;
  return { scheme, host, port: port === PORTS[scheme] ? null : port, prefix: "", rest };
}

/**
 * @param {Start} start @param {string} path empty, or begins with a slash and does not end with one
 * @returns {Start | null}
 */
export function prefixed(start, path) {
  if (path === "") return start;
  const [before, ...segments] = path.split("/");
  const isSound = (/** @type {string} */ segment) => /^[\w.~-]+$/.test(segment) && segment !== "." && segment !== "..";
  return before === "" && segments.every(isSound) ? { ...start, prefix: path } : null;
}

/** @param {Start} start @returns {string} lower case, without the scheme's own port, without a slash at the end */
export const serverText = ({ scheme, host, port, prefix }) =>
  `${scheme}://${host}${port === null ? "" : `:${port}`}${prefix}`;

/** @param {string} digits @returns {string} empty for what is no port */
function portOf(digits) {
  const port = Number(digits);
  return digits !== "" && port > 0 && port < 65_536 ? String(port) : "";
}

/** @param {string} host @returns {string | null} in lower case, an IPv6 address in its brackets and shortest form */
function hostOf(host) {
  if (host.startsWith("[")) return addressOf(host);
  const isSound = host.length <= MAX_HOST && /^(?:[\w-]+\.)*[\w-]+\.?$/.test(host);
  return isSound ? host.toLowerCase() : null;
}

/** @param {string} host */
function addressOf(host) {
  if (!/^\[[0-9A-Fa-f:.]+\]$/.test(host)) return null;
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return null;
  }
}
