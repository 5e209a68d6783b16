import {RiceError} from '../../../common/errors.ts';
import {readMetadata} from '../../../onnx/model.ts';
import {isIntact} from '../../../onnx/seal.ts';

/** The key of the document in the ONNX file's metadata_props. */
export const FOREGROUND_KEY = 'rice.foreground';
export const FOREGROUND_SCHEMA = 1;

/** What the file of the network that tells grains from bright grounds says of itself. */
export interface ForegroundMetadata {
  schema: typeof FOREGROUND_SCHEMA;
  /** How it was trained. */
  training: {
    parameters: number;
    seed: number;
    steps: number;
    dataset: {digest: string; part: string};
    configuration: Record<string, unknown>;
    /** SHA-256 of weights and running statistics. */
    weights: string;
    onnxruntime: string;
    date: string;
  };
}

/**
 * Checks the file's digest and what it says of itself.
 *
 * @throws RiceError MODEL_INVALID, MODEL_DAMAGED or MODEL_METADATA
 */
export function parseForegroundMetadata(bytes: Uint8Array, path: string): ForegroundMetadata {
  const entries = readMetadata(bytes);
  if (!entries) throw new RiceError('MODEL_INVALID', `${path} is not an ONNX model`);
  const again = {suggestions: ['Install rice again.']};
  if (isIntact(bytes) !== true)
    throw new RiceError('MODEL_DAMAGED', `${path} is not as it was written: its SHA-256 is missing or another`, again);
  let metadata: Partial<ForegroundMetadata> = {};
  try {
    metadata = JSON.parse(entries[FOREGROUND_KEY] ?? '{}');
  } catch {
    // Refused below, as a file of another version.
  }
  if (metadata.schema === FOREGROUND_SCHEMA) return metadata as ForegroundMetadata;
  throw new RiceError(
    'MODEL_METADATA',
    `${path} is not a foreground network that this version of rice can read`,
    again,
  );
}
