import {readFileSync} from 'node:fs';
import {fromFileSystemError, RiceError} from '../common/errors.ts';
import {readMetadata} from '../onnx/model.ts';
import {isIntact} from '../onnx/seal.ts';

const AGAIN = ['It ships with rice: install rice again.'];

/**
 * The bytes of a network that ships with rice.
 *
 * @param what it does, for the message: "that separates grains"
 * @throws RiceError MODEL_NOT_FOUND or PATH_NOT_READABLE
 */
export function readNetworkBytes(path: string, what: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new RiceError('MODEL_NOT_FOUND', `the network ${path} ${what} does not exist`, {
        suggestions: AGAIN,
        cause: error,
      });
    throw fromFileSystemError(error, path, 'read');
  }
}

/**
 * What a network's file says of itself, after its digest was checked.
 *
 * @param key of the JSON document in the file's metadata_props
 * @param isKnown whether this version of rice can read it
 * @throws RiceError MODEL_INVALID, MODEL_DAMAGED or MODEL_METADATA
 */
export function networkMetadata<Metadata>(
  bytes: Uint8Array,
  path: string,
  key: string,
  isKnown: (metadata: Partial<Metadata>) => boolean,
): Metadata {
  const entries = readMetadata(bytes);
  if (!entries) throw new RiceError('MODEL_INVALID', `${path} is not an ONNX model`);
  if (isIntact(bytes) !== true)
    throw new RiceError('MODEL_DAMAGED', `${path} is not as it was written: its SHA-256 is missing or another`, {
      suggestions: AGAIN,
    });
  let metadata: Partial<Metadata> = {};
  try {
    metadata = JSON.parse(entries[key] ?? '{}');
  } catch {
    // Refused below, as a file of another version.
  }
  if (isKnown(metadata)) return metadata as Metadata;
  throw new RiceError('MODEL_METADATA', `${path} is not a network that this version of rice can read`, {
    suggestions: AGAIN,
  });
}
