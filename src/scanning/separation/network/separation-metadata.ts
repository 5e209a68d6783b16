import {networkMetadata} from '../../network-file.ts';
import {WORKING_LENGTH} from './cluster.ts';
import {DISTANCE_UNIT, FIELD, OFFSET_UNIT, STRIDE} from './fields.ts';

/** The key of the document in the ONNX file's metadata_props. */
export const SEPARATION_KEY = 'rice.separation';
export const SEPARATION_SCHEMA = 1;

/** What the file of the network that separates grains says of itself. */
export interface SeparationMetadata {
  schema: typeof SEPARATION_SCHEMA;
  /** Length in pixels of a typical grain in what it is shown. */
  workingLength: number;
  /** What its output's channels are. */
  fields: string[];
  /** Pixels a side of its input for one of its output. */
  stride: number;
  /** Width and height of its input must be multiples of this. */
  multiple: number;
  /** Pixels that a 1 stands for. */
  units: {offset: number; distance: number};
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
 * Reads what the file says of itself, and compares it with what this version of rice reads from its output.
 *
 * @throws RiceError MODEL_INVALID, MODEL_DAMAGED or MODEL_METADATA
 */
export function parseSeparationMetadata(bytes: Uint8Array, path: string): SeparationMetadata {
  return networkMetadata<SeparationMetadata>(
    bytes,
    path,
    SEPARATION_KEY,
    ({schema, workingLength, fields, stride, units}) =>
      schema === SEPARATION_SCHEMA &&
      workingLength === WORKING_LENGTH &&
      fields?.join() === Object.keys(FIELD).join() &&
      stride === STRIDE &&
      units?.offset === OFFSET_UNIT &&
      units.distance === DISTANCE_UNIT,
  );
}
