import {SCORES, type ScoreName} from '../../model/outputs.ts';
import {concatenated} from '../../training/scores/run-over.ts';
import type {Windows} from '../pictures/windows.ts';
import {type RunOptions, runWindows} from './run-windows.ts';

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
  const take = (outputs: Record<string, Float32Array>, images: number) => {
    const classes = outputs.probabilities.length / images;
    for (let i = 0; i < images; i++) probabilities.push(outputs.probabilities.slice(i * classes, (i + 1) * classes));
    for (const name of SCORES) if (outputs[name]) parts.set(name, [...(parts.get(name) ?? []), outputs[name]]);
  };
  await runWindows(model, windows, take, options);
  return {probabilities, scores: Object.fromEntries([...parts].map(([name, each]) => [name, concatenated(...each)]))};
}

/** The index of the most probable label. */
export function mostProbable(probabilities: Float32Array): number {
  return probabilities.indexOf(Math.max(...probabilities));
}
