// The worker that runs Brotli: a WASM module, which the page's other scripts may not run. Each stream has a port of its
// own.

import { CoderError, LocalCoder } from "./coder.js";

/** @import { Brotli, Direction } from "./coder.js" */

const MODULE = new URL("../modules/brotli-wasm/brotli_wasm.js", import.meta.url);
const WASM = new URL("../modules/brotli-wasm/brotli_wasm_bg.wasm", import.meta.url);

/** @returns {Promise<Brotli>} */
async function load() {
  const module = await import(MODULE.href);
  await module.default(WASM);
  return module;
}

// Whoever wants streams has the other end of the port that comes first.
self.onmessage = ({ ports: [door] }) =>
  load().then(
    (brotli) => {
      if (!door) return;
      door.onmessage = ({ data, ports: [port] }) => {
        if (port) serve(port, new LocalCoder(brotli, /** @type {Direction} */ (data)));
      };
      door.postMessage("loaded");
    },
    () => door?.postMessage("failed"),
  );

/** @param {MessagePort} port @param {LocalCoder} coder */
function serve(port, coder) {
  port.onmessage = async ({ data }) => {
    if (data === "close") {
      coder.close();
      return port.close();
    }
    try {
      const step = await coder.step(data.input);
      port.postMessage({ step }, [step.output.buffer]);
    } catch (error) {
      port.postMessage({ failure: error instanceof CoderError ? error.kind : "broken" });
    }
  };
}
