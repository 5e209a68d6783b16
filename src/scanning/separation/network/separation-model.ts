import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {fromFileSystemError, RiceError} from '../../../common/errors.ts';
import {parseSeparationMetadata, type SeparationMetadata} from './separation-metadata.ts';

export interface SeparationModel {
  path: string;
  bytes: Uint8Array;
  /** Of the whole file, lower-case hex. */
  sha256: string;
  metadata: SeparationMetadata;
}

/** @throws RiceError MODEL_NOT_FOUND, PATH_NOT_READABLE, MODEL_INVALID, MODEL_DAMAGED or MODEL_METADATA */
export function readSeparationModel(path: string): SeparationModel {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new RiceError('MODEL_NOT_FOUND', `the network ${path} that separates grains does not exist`, {
        suggestions: ['It ships with rice: install rice again.'],
        cause: error,
      });
    throw fromFileSystemError(error, path, 'read');
  }
  const metadata = parseSeparationMetadata(bytes, path);
  return {path, bytes, sha256: createHash('sha256').update(bytes).digest('hex'), metadata};
}
