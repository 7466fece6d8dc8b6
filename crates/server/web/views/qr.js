// The link as a QR code: dark on light in every theme, with the quiet zone that readers need. The module is loaded when
// it is first wanted.

import { say } from "../words.js";
import { svg } from "./dom.js";

const MODULE = new URL("../modules/uqr/index.js", import.meta.url);

/** Light modules around the code: what the standard asks for. */
const QUIET_ZONE = 4;

/** @param {string} text @returns {Promise<SVGSVGElement>} */
export async function qrCode(text) {
  /** @type {typeof import("uqr")} */
  const { encode } = await import(MODULE.href);
  const { data, size } = encode(text, { ecc: "M", border: QUIET_ZONE });
  // One path for all dark modules: a run of them in a row is one rectangle.
  let d = "";
  data.forEach((/** @type {boolean[]} */ row, /** @type {number} */ y) => {
    for (let x = 0; x < row.length; x++) {
      let run = 0;
      while (row[x + run]) run++;
      if (run > 0) d += `M${x} ${y}h${run}v1h-${run}z`;
      x += run;
    }
  });
  return svg(
    "svg",
    {
      class: "qr",
      viewBox: `0 0 ${size} ${size}`,
      role: "img",
      "aria-label": say("qrLabel"),
      "shape-rendering": "crispEdges",
    },
    svg("rect", { class: "qr-light", width: size, height: size }),
    svg("path", { class: "qr-dark", d }),
  );
}
