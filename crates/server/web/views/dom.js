// Elements without HTML text: what comes from elsewhere can only ever become a text node.

/** @typedef {Node | string | null | false | undefined} Child */
/** @typedef {Record<string, unknown>} Properties */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Sets attributes; functions become listeners (`onclick`), booleans switch an attribute, null and undefined leave it
 * out.
 * @param {Element} element
 * @param {Properties} properties
 */
function setProperties(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined) continue;
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else if (typeof value === "boolean") {
      element.toggleAttribute(name, value);
    } else {
      element.setAttribute(name, String(value));
    }
  }
}

/** @param {Element} element @param {Child[]} children */
function append(element, children) {
  for (const child of children) if (child || child === "") element.append(child);
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Properties} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  setProperties(element, properties);
  append(element, children);
  return element;
}

/**
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Properties} [properties]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[T]}
 */
export function svg(tag, properties = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  setProperties(element, properties);
  append(element, children);
  return element;
}

/** A button. @param {string} className @param {string} label @param {() => void} onclick @param {Properties} [more] */
export const button = (className, label, onclick, more = {}) =>
  el("button", { type: "button", class: className, onclick, ...more }, label);

let ids = 0;

/** Returns an id that no other element has, for labels. */
export const newId = () => `e${++ids}`;

/**
 * Changes a text only if it is another one: nothing is painted or announced anew for nothing.
 * @param {Element} element @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
