// A mistake of the driver: when a browser closes while a worker of its page begins, chromium-bidi throws out of an event, where
// nobody can catch it, and node's test runner takes that for a failure of whatever test is running.

/** @param {unknown} error */
const isDrivers = (error) =>
  error instanceof Error && /^Context \w+ not found$/.test(error.message) && (error.stack ?? "").includes("WorkerRealm");

let isCalmed = false;

/** Call it within a test: the runner listens by then. */
export function calmDriver() {
  if (isCalmed) return;
  isCalmed = true;
  for (const event of /** @type {const} */ (["uncaughtException", "unhandledRejection"])) {
    const listeners = process.listeners(/** @type {any} */ (event));
    process.removeAllListeners(event);
    process.on(event, (/** @type {any} */ error, /** @type {any} */ origin) => {
      if (isDrivers(error)) return;
      if (listeners.length === 0) throw error;
      for (const listener of listeners) Reflect.apply(listener, process, [error, origin]);
    });
  }
}
