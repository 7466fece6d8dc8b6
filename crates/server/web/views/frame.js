// What stands around every state: title of the window, header, footer, live regions; and the change from one state to
// the next, which moves the focus to the new heading so that nobody is left behind.

import { SERVER } from "../trusted.js";
import { language, say } from "../words.js";
import { el, newId, setText } from "./dom.js";
import { mark } from "./icons.js";

/** @import { Child } from "./dom.js" */
/** @import { ServerDescription } from "../types.js" */
/** @import { WordKey } from "../words.js" */

/** A short notice stays this long, in milliseconds: enough to read two lines. */
const NOTICE_TIME = 6_000;

const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const polite = el("p", { class: "unseen", role: "status" });
const urgent = el("p", { class: "unseen", role: "alert" });
const notice = el("p", { class: "notice", "aria-hidden": "true" });
const promise = el("p");
const more = el("p", { class: "foot-links" });

let title = say("brand");
let shown = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let noticeTimer;

/**
 * Builds header and footer once.
 * @param {WordKey | null} promised what the page can say of what the server sees
 */
export function startFrame(promised) {
  document.documentElement.lang = language;
  main.id = "main";
  document
    .querySelector("header")
    ?.replaceChildren(
      el("a", { class: "skip", href: "#main", onclick: skip }, say("skipToContent")),
      el("a", { class: "brand", href: SERVER.href }, mark(), say("brand")),
    );
  showPromise(promised);
  document.querySelector("footer")?.replaceChildren(promise, more);
  document.body.append(polite, urgent, notice);
}

/** The key stands behind the #: a jump within the page must not replace it. @param {Event} event */
function skip(event) {
  event.preventDefault();
  (main.querySelector("h1") ?? main).focus();
}

/** @param {WordKey | null} promised */
export const showPromise = (promised) => setText(promise, promised ? say(promised) : "");

/** Address of the page that sets up tools. */
export const TOOLS = new URL("tools", SERVER).href;

/**
 * Shows what the server has for everybody: where tools are set up, unless this is that page or for who only receives, and
 * where abuse can be reported.
 * @param {ServerDescription} server @param {{tools?: boolean}} [links]
 */
export function showServer({ direct, report_address: address }, { tools = false } = {}) {
  more.replaceChildren(...(tools && direct ? [el("a", { href: TOOLS }, say("toolsLink"))] : []), ...reportLink(address));
}

/** @param {string | null} address @returns {(Node | string)[]} */
function reportLink(address) {
  if (!address) return [];
  const href = address.includes("@") && !address.includes(":") ? `mailto:${address}` : address;
  if (!/^(https?|mailto):/i.test(href)) return [address];
  return [el("a", { href, rel: "noreferrer" }, say("report"))];
}

/**
 * Replaces the content by a new state.
 * @param {{heading: string | Child[], title?: string, lead?: string | null, className?: string}} state
 * `title` is the window's, else that of the heading
 * @param {...Child} children
 * @returns {HTMLElement} the state's element
 */
export function show({ heading, title: windowTitle, lead, className = "" }, ...children) {
  const h1 = el("h1", { tabindex: "-1" }, ...(typeof heading === "string" ? [heading] : heading));
  const section = el("div", { class: `state ${className}` }, h1, lead && el("p", { class: "lead" }, lead), ...children);
  main.replaceChildren(section);
  // What was said belongs to the state before.
  polite.textContent = urgent.textContent = "";
  setTitle(windowTitle ?? h1.textContent ?? "");
  // The first state of a page is read from the top anyway.
  if (shown) {
    h1.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }
  shown = true;
  return section;
}

/** @param {string} text of the state, without the name of the product */
export function setTitle(text) {
  title = text === say("brand") ? text : `${text} – ${say("brand")}`;
  document.title = title;
}

/** Shows a percentage before the title. @param {string | null} percent */
export function setTitlePercent(percent) {
  const text = percent === null ? title : say("titlePercent", { percent, title });
  if (document.title !== text) document.title = text;
}

/** Says something to screen readers when they have time. @param {string} text */
export function announce(text) {
  // The same words again would not be read.
  if (polite.textContent === text) polite.textContent = "";
  setText(polite, text);
}

/** Says an error to screen readers at once. @param {string} text */
export function announceUrgently(text) {
  urgent.textContent = "";
  setText(urgent, text);
}

/** Shows a short notice at the foot of the window, and says it. @param {string} text */
export function notify(text) {
  clearTimeout(noticeTimer);
  notice.textContent = text;
  notice.classList.add("shown");
  announce(text);
  noticeTimer = setTimeout(() => notice.classList.remove("shown"), NOTICE_TIME);
}

/**
 * A labelled field.
 * @param {string} label @param {HTMLElement} input @param {{hint?: string | null, className?: string}} [more]
 */
export function field(label, input, { hint = null, className = "" } = {}) {
  input.id ||= newId();
  const hintId = newId();
  if (hint) input.setAttribute("aria-describedby", hintId);
  return el(
    "div",
    { class: `field ${className}` },
    el("label", { for: input.id }, label),
    input,
    hint && el("p", { class: "hint", id: hintId }, hint),
  );
}

/** Asks before the page is left, while something is under way. @returns {() => void} ends asking */
export function askBeforeLeaving() {
  const ask = (/** @type {BeforeUnloadEvent} */ event) => {
    event.preventDefault();
    // Older browsers ask only if there is a value.
    event.returnValue = true;
  };
  window.addEventListener("beforeunload", ask);
  return () => window.removeEventListener("beforeunload", ask);
}
