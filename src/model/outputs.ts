import {RiceError} from '../common/errors.ts';
import {readOutputs} from '../onnx/model.ts';
import type {ValueInfoProto} from '../onnx/schema.ts';

/** Outputs with one number a picture. */
export const SCORES = ['novelty', 'capture'] as const;
export type ScoreName = (typeof SCORES)[number];

/** What a model gives beside the probabilities. */
export interface ModelOutputs {
  scores: readonly ScoreName[];
  /** Numbers that describe a picture; 0 where there are none, -1 where only running the model tells. */
  features: number;
}

export const NO_OUTPUTS: ModelOutputs = {scores: [], features: 0};

/** In ONNX's numbers of element types. */
const FLOAT32 = 1;

/**
 * Finds the further outputs of a model written by rice. What has their names, but not their types, is none of them.
 *
 * @throws RiceError MODEL_INVALID where the graph is damaged
 */
export function findOutputs(bytes: Uint8Array, path: string): ModelOutputs {
  const outputs = readOutputs(bytes);
  if (!outputs) throw new RiceError('MODEL_INVALID', `the graph of ${path} is damaged`);
  const shapeOf = (name: string) => float32Shape(outputs.find((output) => output.name === name));
  const features = shapeOf('features');
  return {
    scores: SCORES.filter((name) => shapeOf(name)?.length === 1),
    features: features?.length === 2 ? (features[1] ?? -1) : 0,
  };
}

/** The sizes of a tensor of float32, undefined where one is not known before the graph runs. */
function float32Shape(output: ValueInfoProto | undefined): (number | undefined)[] | undefined {
  const tensor = output?.type?.tensorType;
  if (tensor?.elemType !== FLOAT32) return undefined;
  return (tensor.shape?.dim ?? []).map(({dimValue}) => dimValue);
}
