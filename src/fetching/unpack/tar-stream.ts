import {createReadStream, type ReadStream} from 'node:fs';
import {createRequire} from 'node:module';
import {pipeline} from 'node:stream';
import {ReadableStream} from 'node:stream/web';
import {createGunzip} from 'node:zlib';

export type TarCompression = 'tar' | 'tar.gz' | 'tar.xz';

/** Bytes that are read at a time. */
const BLOCK = 1 << 18;

const XZ_REASONS: Readonly<Record<string, string>> = {
  2: 'its checksums are of a kind that is not known here',
  4: 'it wants more memory than is given',
  6: 'it is compressed in a way of xz that is not known here',
  8: 'the compressed bytes end too early',
};
const UNSUPPORTED_CODES = ['2', '4', '6'];

/** Other programs may read it. */
export class UnsupportedCompression extends Error {}

export interface TarStream {
  /** Decompressed as they are asked for. Whoever ends early closes the file as well. */
  chunks: AsyncIterable<Uint8Array>;
  /** Bytes of the file that were read so far. */
  bytesRead(): number;
}

/** The bytes of a tar archive. */
export function openTarStream(archive: string, compression: TarCompression): TarStream {
  const file = createReadStream(archive, {highWaterMark: BLOCK});
  return {chunks: decompressed(file, compression), bytesRead: () => file.bytesRead};
}

function decompressed(file: ReadStream, compression: TarCompression): AsyncIterable<Uint8Array> {
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
  } catch (error) {
    throw explained(error);
  } finally {
    file.destroy();
  }
}

/** The decoder tells numbers alone: those of `enum xz_ret` of XZ Embedded. */
function explained(error: unknown): unknown {
  const [, code] = /error code (\d+)/.exec((error as Error).message) ?? [];
  if (code === undefined) return error;
  if (UNSUPPORTED_CODES.includes(code)) return new UnsupportedCompression(XZ_REASONS[code]);
  return new Error(XZ_REASONS[code] ?? 'the compressed bytes are damaged', {cause: error});
}
