import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {readPicture} from '../../dataset/read-file.ts';
import type {Picture, PictureSource} from '../../prediction/picture.ts';
import type {Scanner, ScanOptions} from '../../scanning/scanner.ts';
import type {ScannedPicture} from '../../scanning/types.ts';
import type {CorrectionsFile} from './corrections-file.ts';

/** A picture with its bytes and what was found in it, or why it could not be scanned. */
export type Scanned = {path: string} & ({bytes: Uint8Array; picture: ScannedPicture} | {failure: RiceError});

/**
 * Scans the pictures of a source in their order, one at a time, since each takes all threads. If the signal is aborted, the
 * picture in work is still finished, and none is begun.
 *
 * @throws errors of the source, or of the model
 */
export async function* scanPictures(
  scanner: Scanner,
  source: PictureSource,
  {
    corrections,
    signal,
    ...options
  }: Omit<ScanOptions, 'corrections'> & {corrections: CorrectionsFile | undefined; signal: AbortSignal},
): AsyncGenerator<Scanned> {
  for await (const portion of source)
    for (const picture of portion) {
      if (signal.aborted) return;
      const bytes = await bytesOf(picture, signal);
      if (signal.aborted && !(bytes instanceof Uint8Array)) return;
      yield bytes instanceof RiceError
        ? {path: picture.path, failure: bytes}
        : await scanOne(scanner, bytes, picture.path, {...options, ...corrections?.optionsFor(bytes)});
    }
}

async function bytesOf({path, read, failure}: Picture, signal: AbortSignal): Promise<Uint8Array | RiceError> {
  if (failure) return failure;
  try {
    return await (read ? read(signal) : readPicture(path));
  } catch (error) {
    return fromFileSystemError(error, path, 'read');
  }
}

async function scanOne(scanner: Scanner, bytes: Uint8Array, path: string, options: ScanOptions): Promise<Scanned> {
  try {
    return {path, bytes, picture: await scanner.scan(bytes, path, options)};
  } catch (error) {
    if (error instanceof RiceError && !isOfModel(error)) return {path, failure: error};
    throw error;
  }
}

/** Such an error would come with every picture. */
function isOfModel({code}: RiceError): boolean {
  return code.startsWith('MODEL_') || code === 'DEVICE_UNAVAILABLE' || code === 'INTERNAL';
}
