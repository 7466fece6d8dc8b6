// What people do on the page, in the page's own words: a word that changes there changes here.

import { say, sayFailure } from "../../../crates/server/web/words.js";
import { PATIENCE, TRANSFER, until } from "./wait.js";

/** @import { Person } from "./person.js" */

export { say };

/** What the page says first about a failure. @param {import("../../../crates/server/web/error.js").ErrorCode} code */
export const failure = (code) => sayFailure(code).happened;

/** Words with numbers in them, as a pattern: every place takes anything. @param {Parameters<typeof say>[0]} key @param {number} [count] */
export function pattern(key, count) {
  const places = new Proxy({}, { get: (_, name) => (name === "count" && count !== undefined ? count : "\u0000") });
  const escaped = say(key, /** @type {any} */ (places)).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(escaped.replaceAll("\u0000", ".*?"));
}

/**
 * @typedef {object} Options
 * @property {string} [title]
 * @property {string} [note]
 * @property {string} [password]
 * @property {number} [downloads]
 * @property {string} [expires] words of a choice
 * @property {boolean} [compress]
 */

/** Opens the page to send. @param {Person} person */
export async function arriveToSend(person) {
  await person.go("/");
  await person.see(say("sendHeading"));
}

/** Chooses files with the file dialog. @param {Person} person @param {string[]} paths */
export async function choose(person, paths) {
  await person.pick(say("pickFiles"), paths);
  await person.see(say("listHeading"));
}

/** Drops files and folders. @param {Person} person @param {string[]} paths */
export async function drop(person, paths) {
  await person.drop(paths);
  await person.see(say("listHeading"));
}

/** Writes a text that travels as a file. @param {Person} person @param {string} text @param {string} [name] */
export async function writeText(person, text, name) {
  await person.press("button", say("writeText"));
  if (name) await person.fill(say("textName"), name);
  await person.fill(say("textField"), text);
  await person.press("button", say("textAdd"));
  await person.see(say("listHeading"));
}

/** @param {Person} person @param {Options} options */
export async function setOptions(person, { title, note, password, downloads, expires, compress }) {
  await person.unfold(say("options"));
  if (title !== undefined) await person.fill(say("optionTitle"), title);
  if (note !== undefined) await person.fill(say("optionNote"), note);
  if (expires !== undefined) await person.choose(say("optionExpiry"), expires);
  if (downloads !== undefined) await person.fill(say("optionDownloads"), String(downloads));
  if (password !== undefined) await person.fill(say("optionPassword"), password);
  if (compress === false) await person.press("switch", say("optionCompress"));
}

/** @param {Person} person */
export const pressSend = (person) => person.press("button", say("send"));

/** Waits for the link. @param {Person} person @returns {Promise<{link: string, manage: string}>} */
export async function links(person) {
  await person.see(say("sentHeading"), TRANSFER);
  const read = (/** @type {string} */ name) => until(`the ${name}`, async () => (await person.field(name))?.evaluate((node) => node.value));
  const link = await read(say("linkField"));
  await person.unfold(say("manageHeading"));
  return { link, manage: await read(say("manageField")) };
}

/** Sends files from the beginning to the link. @param {Person} person @param {string[]} paths @param {Options} [options] */
export async function send(person, paths, options) {
  await arriveToSend(person);
  await choose(person, paths);
  if (options) await setOptions(person, options);
  await pressSend(person);
  return links(person);
}

/** Opens a link and waits for its files. @param {Person} person @param {string} link @param {string | RegExp} [expected] */
export async function open(person, link, expected = saveWords) {
  await person.go(link);
  await person.see(expected);
}

/** What can be read as soon as a link is open. */
const saveWords = new RegExp(`${say("saveAll")}|${say("saveFile")}`);

/** The button that saves everything: one file, or all as a zip. What it costs may stand behind. */
const SAVE = new RegExp(`^(${say("saveAll")}\\b|${say("saveFile")}($| ?${say("usesDownload", { count: 0 }).split(" ")[0]}\\b))`);

/** Presses it. @param {Person} person */
export const pressSave = (person) => person.press("button", SAVE, PATIENCE);

/** @param {Person} person */
export const seeSaved = (person) => person.see(say("savedHeading"), TRANSFER);

/** Saves everything into the download folder, and returns the path. @param {Person} person */
export async function save(person) {
  const before = person.downloaded();
  await pressSave(person);
  await seeSaved(person);
  return person.download(before);
}

/** Types the password of a link. @param {Person} person @param {string} password */
export async function givePassword(person, password) {
  await person.see(say("passwordHeading"));
  await person.fill(say("passwordField"), password);
  await person.press("button", say("openButton"));
}
