import type {ErrorCode} from '../../common/errors.ts';
import type {FileHash} from '../../dataset/digest.ts';
import type {FileError} from '../../dataset/file-error.ts';

/** Bytes of an MD5, and of both hashes of a file. */
const MD5 = 16;
const HASHES = MD5 + 32;

/** The reply of a thread: columns with a row for each file of the batch. */
export interface ReadReply {
  /** MD5 and SHA-256 of each file; zeros if it could not be read. */
  hashes: Uint8Array;
  /** Size of each file; NaN if it could not be read. */
  bytes: Float64Array;
  /** mtime and ctime, ms since 1970; NaN if it was not written. */
  modified: Float64Array;
  changed: Float64Array;
  /** Pictures that cannot be read or decoded. */
  errors: FileError[];
  /** An error that ends the work: a damaged archive, a full disk. */
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

/** The buffers of a reply, to transfer without copying. */
export function buffersOf({hashes, bytes, modified, changed}: ReadReply): ArrayBuffer[] {
  return [hashes, bytes, modified, changed].map(({buffer}) => buffer as ArrayBuffer);
}

/** Sets the hashes of a row, given in hexadecimal. */
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
