import {SCORES, type ScoreName} from '../../model/outputs.ts';
import {concatenated} from '../../training/scores/run-over.ts';
import type {Windows} from '../pictures/windows.ts';
import {type OutputNumbers, type RunOptions, runWindows} from './run-windows.ts';

/** What a model says of some windows. */
export interface Answers {
  /** A row for each window. */
  probabilities: readonly Float32Array[];
  /** Those that the model gives, a number for each window. */
  scores: Partial<Record<ScoreName, Float32Array>>;
}

/** @param model the bytes of a model file that rice wrote */
export async function answersOf(model: Uint8Array, windows: Windows, options: RunOptions = {}): Promise<Answers> {
  const probabilities: Float32Array[] = [];
  const parts = new Map<ScoreName, Float32Array[]>();
  const take = (outputs: Record<string, OutputNumbers>) => {
    const {data, dims} = outputs.probabilities;
    const [images, classes] = dims;
    for (let i = 0; i < images; i++) probabilities.push(data.slice(i * classes, (i + 1) * classes));
    for (const name of SCORES) if (outputs[name]) parts.set(name, [...(parts.get(name) ?? []), outputs[name].data]);
  };
  await runWindows(model, windows, take, options);
  return {probabilities, scores: Object.fromEntries([...parts].map(([name, each]) => [name, concatenated(...each)]))};
}

/** The answers of one model to some windows and then to others. */
export function joinAnswers(some: Answers, others: Answers): Answers {
  const names = SCORES.filter((name) => some.scores[name] && others.scores[name]);
  return {
    probabilities: [...some.probabilities, ...others.probabilities],
    scores: Object.fromEntries(names.map((name) => [name, concatenated(some.scores[name]!, others.scores[name]!)])),
  };
}

/** The index of the most probable label. */
export function mostProbable(probabilities: Float32Array): number {
  return probabilities.indexOf(Math.max(...probabilities));
}
