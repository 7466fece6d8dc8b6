// Numbers for people, in the page's language. Sizes are in KiB, MiB, GiB, as the command line prints them.

import { language, locale, say } from "../words.js";

const UNITS = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
/** A tenth below 1024 that would print as 1024.0. */
const NEXT_UNIT = 1023.95;

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percents = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

/** @param {number} bytes @returns {string} `1 byte`, `1,023 bytes`, `1.5 KiB` */
export function size(bytes) {
  let number = bytes;
  let unit = null;
  for (const next of UNITS) {
    if (number < NEXT_UNIT) break;
    number /= 1024;
    unit = next;
  }
  // A no-break space: number and unit stay together.
  if (unit) return `${tenths.format(number)}\u00a0${unit}`;
  const word = language === "de" ? (bytes === 1 ? "Byte" : "Bytes") : bytes === 1 ? "byte" : "bytes";
  return `${whole.format(bytes)}\u00a0${word}`;
}

/** @param {number} bytesPerSecond @returns {string} */
export const rate = (bytesPerSecond) => say("rate", { size: size(Math.round(bytesPerSecond)) });

/** @param {number} share 0 to 1 @returns {string} rounded down: 100 % is only said when it is so */
export const percent = (share) => percents.format(Math.floor(Math.min(Math.max(share, 0), 1) * 100) / 100);

/** Units of times with their seconds; a year is 365 days, as for the server. */
const TIMES = /** @type {const} */ ([
  ["year", 31_536_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
]);

/** @param {number} count @param {string} unit */
const inUnit = (count, unit) =>
  new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 }).format(count);

/** @param {number} seconds a choice @returns {string} exactly, in one unit: `7 days` */
export function duration(seconds) {
  const [unit, length] = TIMES.find(([, length]) => seconds % length === 0) ?? ["second", 1];
  return inUnit(seconds / length, unit);
}

/** @param {number} seconds @returns {string} roughly, in the largest unit of which there are two: `90 minutes` */
export function roughly(seconds) {
  const rounded = Math.max(1, Math.round(seconds));
  const [unit, length] = TIMES.find(([, length]) => rounded >= 2 * length) ?? ["second", 1];
  return inUnit(Math.round(rounded / length), unit);
}

/** @param {number} unix seconds @param {number} [now] @returns {string} `in 7 days`, `3 hours ago` */
export function fromNow(unix, now = Date.now() / 1000) {
  const distance = unix - now;
  const [unit, length] = TIMES.find(([, length]) => Math.abs(distance) >= 2 * length - 1) ?? ["second", 1];
  return relative.format(Math.round(distance / length), unit);
}

/** @param {number} unix seconds @returns {string} date and time of day where the person is */
export const moment = (unix) => dates.format(unix * 1000);

/** @param {number | null} seconds an expiry; null is never */
export const expiryChoice = (seconds) => (seconds === null ? say("optionNever") : duration(seconds));

/** @param {number | null} unix when something ends; null is never @param {number} [now] @returns {string} */
export function ends(unix, now = Date.now() / 1000) {
  if (unix === null) return say("endsNever");
  return say(unix > now ? "endsIn" : "ended", { when: fromNow(unix, now), date: moment(unix) });
}
