// Random cases that can be run again: `ONEKEY_TEST_SEED` takes the seed of a failure.

import { randomInt } from "node:crypto";
import { test } from "node:test";

/** @typedef {(below: number) => number} Random an integer from 0 */

/**
 * Runs a property with so many random cases; the seed of the one that failed stands in the message.
 * @param {string} name @param {number} cases @param {(random: Random) => Promise<void> | void} property
 */
export function property(name, cases, property) {
  test(name, async () => {
    for (let i = 0; i < cases; i++) {
      const seed = Number(process.env.ONEKEY_TEST_SEED ?? randomInt(2 ** 32));
      try {
        await property(randomOf(seed));
      } catch (error) {
        throw new Error(`with ONEKEY_TEST_SEED=${seed}`, { cause: error });
      }
    }
  });
}

/** @param {number} seed @returns {Random} mulberry32 */
export function randomOf(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** @param {Random} random @param {number} length */
export const bytesOf = (random, length) => Uint8Array.from({ length }, () => random(256));

/**
 * Cuts bytes at random places, also into empty pieces.
 * @param {Random} random @param {Uint8Array} bytes
 */
export function cutUp(random, bytes) {
  const most = 1 + random(2 * bytes.length + 10);
  const pieces = [];
  for (let at = 0; at < bytes.length; ) {
    const length = random(most + 1);
    pieces.push(bytes.slice(at, at + length));
    at += length;
  }
  return pieces;
}

/** @param {Uint8Array[]} pieces @returns {ReadableStream<Uint8Array>} */
export function streamOf(pieces) {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      const piece = pieces[next++];
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
  });
}
