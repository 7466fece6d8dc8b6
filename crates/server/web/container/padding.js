// Padmé: how long a payload's plaintext is made, so that its length tells little (format.md 6).

/** Bytes of the shortest padded plaintext. */
export const MIN_PADDED = 1024;

/**
 * `max(1024, Padmé(total))`. Powers of two and whole multiples of them: nothing is rounded below 2^53.
 * @param {number} total @returns {number}
 */
export function padded(total) {
  if (total <= MIN_PADDED) return MIN_PADDED;
  const exponent = log2(total);
  const step = 2 ** (exponent - log2(exponent) - 1);
  const over = total % step;
  return over === 0 ? total : total - over + step;
}

/** @param {number} value 1 to 2^53 @returns {number} ⌊log2 value⌋ */
function log2(value) {
  const high = Math.floor(value / 2 ** 32);
  return high > 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(value);
}
