import {RiceError} from '../common/errors.ts';
import {readOutputs} from '../onnx/model.ts';
import type {ValueInfoProto} from '../onnx/schema.ts';

/** Outputs with one number per picture. */
export const SCORES = ['novelty', 'capture'] as const;
export type ScoreName = (typeof SCORES)[number];

/** What a model computes besides the probabilities. */
export interface ModelOutputs {
  scores: readonly ScoreName[];
  /** Length of the feature vector; 0 if there is none, -1 if it is not known before the model runs. */
  features: number;
}

export const NO_OUTPUTS: ModelOutputs = {scores: [], features: 0};

/** ONNX's element type number. */
const FLOAT32 = 1;

/**
 * Finds the further outputs of a model written by rice. Outputs with the right name but another type are ignored.
 *
 * @throws RiceError MODEL_INVALID if the graph is damaged
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

/** The dimensions of a float32 tensor; undefined for one that is not known before the graph runs. */
function float32Shape(output: ValueInfoProto | undefined): (number | undefined)[] | undefined {
  const tensor = output?.type?.tensorType;
  if (tensor?.elemType !== FLOAT32) return undefined;
  return (tensor.shape?.dim ?? []).map(({dimValue}) => dimValue);
}
