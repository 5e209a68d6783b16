import type {ModelInterface} from '../onnx/model.ts';
import {FLOAT32, shapeOf} from './value-shape.ts';

/** Outputs with one number per picture. A model may lack any of them. */
export const SCORES = ['novelty', 'capture', 'strangeness', 'sizeNovelty'] as const;
export type ScoreName = (typeof SCORES)[number];

export function isScore(name: string): name is ScoreName {
  return SCORES.some((each) => each === name);
}

/** What a model computes besides the probabilities. */
export interface ModelOutputs {
  scores: readonly ScoreName[];
  /** Length of the feature vector; 0 if there is none, -1 if it is not known before the model runs. */
  features: number;
}

export const NO_OUTPUTS: ModelOutputs = {scores: [], features: 0};

/** Finds the further outputs of a model written by rice. Outputs with the right name but another type are ignored. */
export function findOutputs({output}: ModelInterface): ModelOutputs {
  const features = shapeOf(output, 'features', FLOAT32);
  return {
    scores: SCORES.filter((name) => shapeOf(output, name, FLOAT32)?.length === 1),
    features: features?.length === 2 ? (features[1] ?? -1) : 0,
  };
}
