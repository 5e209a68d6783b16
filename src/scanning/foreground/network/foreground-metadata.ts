import {networkMetadata} from '../../network-file.ts';

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
  return networkMetadata<ForegroundMetadata>(bytes, path, FOREGROUND_KEY, ({schema}) => schema === FOREGROUND_SCHEMA);
}
