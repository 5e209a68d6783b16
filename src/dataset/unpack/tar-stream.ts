import {createReadStream, type ReadStream} from 'node:fs';
import {createRequire} from 'node:module';
import {pipeline} from 'node:stream';
import {ReadableStream} from 'node:stream/web';
import {createGunzip} from 'node:zlib';

export type TarCompression = 'tar' | 'tar.gz' | 'tar.xz';

/** Bytes that are read at a time. */
const BLOCK = 1 << 18;

/** The bytes of a tar archive, decompressed as they are asked for. Whoever ends early closes the file as well. */
export function openTarStream(archive: string, compression: TarCompression): AsyncIterable<Uint8Array> {
  const file = createReadStream(archive, {highWaterMark: BLOCK});
  if (compression === 'tar') return file;
  // Whatever fails is thrown to the reader of the stream.
  if (compression === 'tar.gz') return pipeline(file, createGunzip({chunkSize: BLOCK}), () => {});
  return unxz(file);
}

async function* unxz(file: ReadStream): AsyncIterable<Uint8Array> {
  const {XzReadableStream} = createRequire(import.meta.url)('xz-decompress') as typeof import('xz-decompress');
  try {
    // `Readable.toWeb` throws where nobody can catch it when it is cancelled while a block is on its way.
    yield* new XzReadableStream(ReadableStream.from(file) as globalThis.ReadableStream) as AsyncIterable<Uint8Array> &
      globalThis.ReadableStream;
  } finally {
    file.destroy();
  }
}
