/**
 * Reads the beginning of a stream.
 *
 * @param bytes the smallest number of bytes to read, if the stream has as many
 * @returns the beginning, and a new stream with all bytes, to use instead of `body`
 */
export async function peek(
  body: AsyncIterable<Uint8Array>,
  bytes: number,
): Promise<{head: Uint8Array; body: AsyncIterable<Uint8Array>}> {
  const iterator = body[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  for (let length = 0; length < bytes; ) {
    const {done, value} = await iterator.next();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  return {head: Buffer.concat(chunks), body: putBack(chunks, iterator)};
}

async function* putBack(chunks: Uint8Array[], iterator: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  yield* chunks;
  yield* {[Symbol.asyncIterator]: () => iterator};
}
