import {createHash} from 'node:crypto';
import {readNetworkBytes} from '../../network-file.ts';
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
  const bytes = readNetworkBytes(path, 'that separates grains');
  const metadata = parseSeparationMetadata(bytes, path);
  return {path, bytes, sha256: createHash('sha256').update(bytes).digest('hex'), metadata};
}
