import {createHash} from 'node:crypto';
import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {fromFileSystemError, RiceError} from '../common/errors.ts';
import {packageRoot} from '../common/package-root.ts';
import {mayLoop} from './may-loop.ts';
import {parseMetadata, type RiceMetadata} from './metadata.ts';
import {modelPath, runsNamedLike} from './model-path.ts';
import {type ModelOutputs, NO_OUTPUTS} from './outputs.ts';

export interface ModelFile {
  path: string;
  bytes: Uint8Array;
  /** Missing for an external model. */
  metadata?: RiceMetadata | undefined;
  /** None for an external model. */
  outputs: ModelOutputs;
  /** Of the whole file, in hexadecimal. */
  sha256: string;
  /** See `mayLoop`. */
  mayLoop: boolean;
}

/** The model that ships with the package. */
export function shippedModel(): string {
  return join(packageRoot(), 'models', 'rice.onnx');
}

/**
 * Reads a model file and its metadata.
 *
 * @param named its path, the folder or name of a run, `last` or `best` (see `modelPath`)
 *
 * @throws RiceError MODEL_NOT_FOUND, PATH_NOT_READABLE, MODEL_INVALID, MODEL_DAMAGED or MODEL_METADATA
 */
export function readModelFile(named: string): ModelFile {
  const path = modelPath(named);
  let bytes: Uint8Array;
  try {
    // Opening a pipe would wait for whoever writes to it, and a device has no end.
    const stats = statSync(path);
    if (!stats.isFile() && !stats.isDirectory())
      throw new RiceError('MODEL_INVALID', `${path} is neither a file nor a folder: no model can be read from it`);
    bytes = readFileSync(path);
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new RiceError('MODEL_NOT_FOUND', `the model ${path} does not exist`, {...suggestRuns(named)});
    throw fromFileSystemError(error, path, 'read');
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const {metadata, outputs = NO_OUTPUTS} = parseMetadata(bytes, path) ?? {};
  return {path, bytes, metadata, outputs, sha256, mayLoop: mayLoop(bytes)};
}

/** Without a name that is near, the error's own advice holds. */
function suggestRuns(named: string): {suggestions?: string[]} {
  const suggestions = runsNamedLike(named);
  return suggestions.length > 0 ? {suggestions} : {};
}
