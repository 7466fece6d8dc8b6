// The few pictures of the page, drawn as lines in the colour of their text. They never carry a meaning alone.

import { svg } from "./dom.js";

const LINES = {
  file: ["M6 3h8l4 4v14H6z", "M14 3v4h4"],
  folder: ["M3 6h6l2 2h10v11H3z"],
  text: ["M5 6h14", "M5 11h14", "M5 16h9"],
  up: ["M12 19V6", "M6 11l6-6 6 6", "M5 21h14"],
  down: ["M12 4v13", "M6 12l6 6 6-6", "M5 21h14"],
  remove: ["M6 6l12 12", "M18 6L6 18"],
  rename: ["M4 20h4L19 9l-4-4L4 16z", "M13 7l4 4"],
  view: ["M2 12c3-5 6-7 10-7s7 2 10 7c-3 5-6 7-10 7s-7-2-10-7z", "M9.5 12a2.5 2.5 0 1 0 5 0 2.5 2.5 0 1 0-5 0"],
  done: ["M4 12.5l5 5L20 6.5"],
  problem: ["M12 3l10 18H2z", "M12 10v5", "M12 18v.5"],
  lock: ["M6 11h12v9H6z", "M8.5 11V8a3.5 3.5 0 0 1 7 0v3"],
};

/** @typedef {keyof typeof LINES} Icon */

/** @param {Icon} name */
export const icon = (name) =>
  svg(
    "svg",
    { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" },
    ...LINES[name].map((d) => svg("path", { d })),
  );

/** The mark of onekey, before its name. */
export const mark = () =>
  svg(
    "svg",
    { viewBox: "0 0 32 32", class: "mark", "aria-hidden": "true", focusable: "false" },
    svg("rect", { width: 32, height: 32, rx: 8 }),
    svg("circle", { cx: 11.6, cy: 16, r: 4.6 }),
    svg("path", { d: "M16.2 16H26v4.2M21.6 16v3" }),
  );
