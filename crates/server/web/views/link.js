// A finished link: field, copy, QR code, the system's share sheet.

import { say } from "../words.js";
import { copyField } from "./copy.js";
import { button, el } from "./dom.js";
import { qrCode } from "./qr.js";

/** @param {string} link @returns {HTMLElement} */
export function linkElement(link) {
  const code = el("div", { class: "qr-place" });
  // Its place is reserved, so nothing moves when it comes; without it the link is still there.
  qrCode(link).then(
    (picture) => code.append(picture),
    () => code.append(el("p", { class: "hint" }, say("qrFailed"))),
  );
  const share =
    typeof navigator.share === "function" &&
    button("quiet", say("shareLink"), async () => {
      try {
        await navigator.share({ url: link });
      } catch {
        // The person closed the sheet, or the system has none after all: the link is there to copy.
      }
    });
  return el(
    "div",
    { class: "link-and-code" },
    el(
      "div",
      { class: "link-side" },
      copyField({ label: say("linkField"), value: link, copy: say("copyLink"), primary: true }),
      share,
    ),
    code,
  );
}
