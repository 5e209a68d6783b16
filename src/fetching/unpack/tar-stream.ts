import {createReadStream, type ReadStream} from 'node:fs';
import {createRequire} from 'node:module';
import {pipeline} from 'node:stream';
import {ReadableStream} from 'node:stream/web';
import {createGunzip} from 'node:zlib';

export type TarCompression = 'tar' | 'tar.gz' | 'tar.xz';

/** Bytes to read at a time. */
const BLOCK = 1 << 18;

const XZ_REASONS: Readonly<Record<string, string>> = {
  2: 'its kind of checksum is not supported',
  4: 'it needs too much memory',
  6: 'its xz compression options are not supported',
  8: 'the compressed bytes end too early',
};
const UNSUPPORTED_CODES = ['2', '4', '6'];

/** A compression that only other programs support. */
export class UnsupportedCompression extends Error {}

export interface TarStream {
  /** Decompressed on demand. Ending the iteration early closes the file. */
  chunks: AsyncIterable<Uint8Array>;
  /** Bytes of the compressed file that were read so far. */
  bytesRead(): number;
}

/** The bytes of a tar archive. */
export function openTarStream(archive: string, compression: TarCompression): TarStream {
  const file = createReadStream(archive, {highWaterMark: BLOCK});
  return {chunks: decompressed(file, compression), bytesRead: () => file.bytesRead};
}

function decompressed(file: ReadStream, compression: TarCompression): AsyncIterable<Uint8Array> {
  if (compression === 'tar') return file;
  // Errors are thrown to the reader of the stream.
  if (compression === 'tar.gz') return pipeline(file, createGunzip({chunkSize: BLOCK}), () => {});
  return unxz(file);
}

async function* unxz(file: ReadStream): AsyncIterable<Uint8Array> {
  const {XzReadableStream} = createRequire(import.meta.url)('xz-decompress') as typeof import('xz-decompress');
  try {
    // Not `Readable.toWeb`: if canceled during a read, it throws an error that cannot be caught.
    yield* new XzReadableStream(ReadableStream.from(file) as globalThis.ReadableStream) as AsyncIterable<Uint8Array> &
      globalThis.ReadableStream;
  } catch (error) {
    throw explain(error);
  } finally {
    file.destroy();
  }
}

/** The decoder only reports numbers, those of `enum xz_ret` of XZ Embedded. */
function explain(error: unknown): unknown {
  const [, code] = /error code (\d+)/.exec((error as Error).message) ?? [];
  if (code === undefined) return error;
  if (UNSUPPORTED_CODES.includes(code)) return new UnsupportedCompression(XZ_REASONS[code]);
  return new Error(XZ_REASONS[code] ?? 'the compressed bytes are damaged', {cause: error});
}
