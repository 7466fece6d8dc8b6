// How much is kept in memory while it is saved. Page and worker use the same bounds.

/** Up to here a download is gathered in memory, in every browser: no dialog, and nothing that could stop half-way. */
export const SMALL = 32 << 20;

/**
 * Most bytes of a download that is gathered in memory because the browser can do nothing else: phones have a few times as
 * much.
 */
export const MEMORY_LIMIT = 256 << 20;
