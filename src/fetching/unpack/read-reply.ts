import type {ErrorCode} from '../../common/errors.ts';
import type {FileHash} from '../../dataset/digest.ts';
import type {FileError} from '../../dataset/file-error.ts';

/** Bytes of an MD5 and of both hashes of a file. */
const MD5 = 16;
const HASHES = MD5 + 32;

/** What a thread has read: columns, with a row for each file of the batch. */
export interface ReadReply {
  /** MD5 and SHA-256 of each; zeros where it could not be read. */
  hashes: Uint8Array;
  /** Sizes as they were read; NaN where it could not be read. */
  bytes: Float64Array;
  /** Times of the last change of content and of status, ms since 1970; NaN where nothing was written. */
  modified: Float64Array;
  changed: Float64Array;
  /** Pictures that cannot be read or decoded. */
  errors: FileError[];
  /** What makes going on pointless: a damaged archive, a full disk. */
  failure: {code: ErrorCode; message: string; suggestions: string[]} | undefined;
}

export function emptyReply(files: number): ReadReply {
  const nothing = () => new Float64Array(files).fill(Number.NaN);
  return {
    hashes: new Uint8Array(files * HASHES),
    bytes: nothing(),
    modified: nothing(),
    changed: nothing(),
    errors: [],
    failure: undefined,
  };
}

/** The buffers of a reply, to be handed over instead of copied. */
export function buffersOf({hashes, bytes, modified, changed}: ReadReply): ArrayBuffer[] {
  return [hashes, bytes, modified, changed].map(({buffer}) => buffer as ArrayBuffer);
}

/** @param hash of the file in that row, in hexadecimal */
export function setHashes({hashes}: ReadReply, row: number, {md5, sha256}: FileHash): void {
  const bytes = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.length);
  bytes.write(md5, row * HASHES, 'hex');
  bytes.write(sha256, row * HASHES + MD5, 'hex');
}

/** The hashes of a reply's files in hexadecimal, by row. */
export function hashReader({hashes}: ReadReply): (row: number) => FileHash {
  const digits = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.length).toString('hex');
  return (row) => {
    const start = row * HASHES * 2;
    const middle = start + MD5 * 2;
    return {md5: digits.slice(start, middle), sha256: digits.slice(middle, start + HASHES * 2)};
  };
}
