import {createReadStream} from 'node:fs';
import {createRequire} from 'node:module';
import {Readable} from 'node:stream';
import {createGunzip} from 'node:zlib';

export type TarCompression = 'tar' | 'tar.gz' | 'tar.xz';

/** Bytes that are read at a time. */
const BLOCK = 1 << 18;

/** The bytes of a tar archive, decompressed as they are asked for. */
export async function openTarStream(archive: string, compression: TarCompression): Promise<AsyncIterable<Uint8Array>> {
  const file = createReadStream(archive, {highWaterMark: BLOCK});
  if (compression === 'tar') return file;
  if (compression === 'tar.gz') {
    const unzip = createGunzip({chunkSize: BLOCK});
    file.on('error', (error) => unzip.destroy(error));
    return file.pipe(unzip);
  }
  const {XzReadableStream} = createRequire(import.meta.url)('xz-decompress') as typeof import('xz-decompress');
  return new XzReadableStream(Readable.toWeb(file) as ReadableStream<Uint8Array>) as ReadableStream<Uint8Array> &
    AsyncIterable<Uint8Array>;
}
