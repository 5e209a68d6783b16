import {statSync} from 'node:fs';
import type {RiceMetadata} from '../model/metadata.ts';
import {readModelFile, shippedModel} from '../model/model-file.ts';
import {explainModel} from '../model/model-path.ts';
import {decodeModel} from '../onnx/model.ts';

/** A model to measure, as its file describes it. */
export interface ModelFacts {
  /** What it is called in tables: as it was named, or by its own name. */
  label: string;
  path: string;
  sha256: string;
  /** Of the .onnx file. */
  bytes: number;
  /** Numbers that were learnt, as its training recorded; of other models, the numbers in its file; null where they lie elsewhere. */
  parameters: number | null;
  /** Missing for an external model. */
  metadata?: RiceMetadata;
}

/** The name of the model that comes with rice. */
const SHIPPED = 'rice';

/**
 * @param named `rice` for the one that comes with rice, a model file, the folder of a run, or what else `--model` takes
 * @param label by default the name in the model file, or its path
 * @throws RiceError MODEL_NOT_FOUND, PATH_NOT_READABLE, MODEL_INVALID, MODEL_DAMAGED or MODEL_METADATA
 */
export function readModelFacts(named: string, label?: string, onWarning?: (message: string) => void): ModelFacts {
  const {path, bytes, metadata, sha256} = readModelFile(named === SHIPPED ? shippedModel() : named);
  const explanation = explainModel(named, path);
  if (explanation) onWarning?.(explanation);
  return {
    label: label ?? metadata?.name ?? path,
    path,
    sha256,
    bytes: statSync(path).size,
    parameters: metadata?.training.parameters ?? countParameters(bytes),
    ...(metadata ? {metadata} : {}),
  };
}

/** Of `TensorProto.DataType`: what shapes and axes are given in, and no weights. */
const INT64 = 7;

/** The numbers in the weights of a graph; null if they cannot be read. */
export function countParameters(bytes: Uint8Array): number | null {
  try {
    const weights = decodeModel(bytes).graph.initializer.filter(({dataType}) => dataType !== INT64);
    return weights.reduce((sum, {dims = []}) => sum + dims.reduce((product, dim) => product * dim, 1), 0);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return null;
    throw error;
  }
}
