// Waiting with a bound: for what a person would wait for, looked at again and again until a deadline.

/** Longest wait for anything that a person sees, in milliseconds. CI's machine has two cores and also runs the browser. */
export const PATIENCE = 60_000;

/** Longest wait for a transfer of up to 100 MiB. */
export const TRANSFER = 240_000;

/** Pause between two looks: browsers tell no event for most of what is waited for. */
const LOOK = 100;

/** @param {number} milliseconds */
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Looks until `look` returns something true, and returns that.
 * @template T
 * @param {string} what is waited for, for the failure
 * @param {() => T | Promise<T>} look may throw: that counts as not yet
 * @param {number} [patience]
 * @param {() => unknown} [instead] what is there instead, for the failure
 */
export async function until(what, look, patience = PATIENCE, instead = () => "") {
  const deadline = Date.now() + patience;
  let last;
  do {
    try {
      const found = await bounded(what, Promise.resolve(look()), Math.max(deadline - Date.now(), LOOK));
      if (found) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await pause(LOOK);
  } while (Date.now() < deadline);
  const there = await Promise.resolve().then(instead).catch(() => "");
  throw new Error(`waited ${patience / 1000} s in vain for: ${what}${there ? `\nthere is instead: ${there}` : ""}`, { cause: last });
}

/**
 * Waits for `promise`, but not longer than `patience`.
 * @template T @param {string} what @param {Promise<T>} promise @param {number} [patience] @returns {Promise<T>}
 */
export async function bounded(what, promise, patience = PATIENCE) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${patience / 1000} s in vain for: ${what}`)), patience);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Holds that nothing happens while something else does: looks all the time until `end` is settled.
 * @param {string} what must not be @param {() => unknown} look @param {Promise<unknown>} end
 */
export async function neverWhile(what, look, end) {
  let over = false;
  const settled = end.finally(() => (over = true));
  settled.catch(() => {});
  do {
    if (await look()) throw new Error(`must not be: ${what}`);
    await pause(LOOK);
  } while (!over);
  return settled;
}
