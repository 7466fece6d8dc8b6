// A stage of a pipe, written as a generator: `readable` and `writable`, as `pipeThrough` takes them.
//
// One piece is made for each that is asked for. So what was made before a failure is read before the failure shows,
// which a `TransformStream` does not promise, and nothing is made ahead.

/** @import { Bytes } from "./bytes.js" */

/** @typedef {{readable: ReadableStream<Bytes>, writable: WritableStream<Uint8Array>}} Stage */

/**
 * @param {(pieces: AsyncGenerator<Uint8Array, void>) => AsyncGenerator<Bytes, void>} work
 * @returns {Stage}
 */
export function stage(work) {
  /** @type {TransformStream<Uint8Array, Uint8Array>} */
  const input = new TransformStream();
  const reader = input.readable.getReader();
  const made = work(piecesOf(reader));
  const readable = new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await made.next();
          if (!done) return controller.enqueue(value);
          controller.close();
          await reader.cancel();
        } catch (error) {
          // The writer hears of it, and the stage stays failed.
          reader.cancel(error).catch(() => {});
          throw error;
        }
      },
      async cancel(reason) {
        // First the input: the generator may be waiting for it.
        await reader.cancel(reason);
        await made.return().catch(() => {});
      },
    },
    { highWaterMark: 0 },
  );
  return { writable: input.writable, readable };
}

/** @template T @param {ReadableStreamDefaultReader<T>} reader @returns {AsyncGenerator<T, void>} */
export async function* piecesOf(reader) {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
