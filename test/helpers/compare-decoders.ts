import {readFileSync} from 'node:fs';
import {prepareImage} from '../../src/image/prepare.ts';
import type {Classifier} from '../../src/model/classifier.ts';

export interface DecoderComparison {
  images: number;
  /** Pictures that are given another variety by the other decoder. */
  flips: string[];
  /** Largest difference of any probability, and the mean over all pictures of the largest one of each. */
  worst: number;
  mean: number;
}

const BATCH = 64;

/** Predicts JPEG files twice, decoded by libjpeg-turbo and by our own decoder, and compares the probabilities. */
export async function compareDecoders(classifier: Classifier, paths: string[]): Promise<DecoderComparison> {
  const {input} = classifier.metadata;
  const result: DecoderComparison = {images: paths.length, flips: [], worst: 0, mean: 0};
  for (let start = 0; start < paths.length; start += BATCH) {
    const batch = paths.slice(start, start + BATCH);
    const windows = {native: [] as Uint8Array[], portable: [] as Uint8Array[]};
    for (const path of batch)
      for (const decoder of ['native', 'portable'] as const)
        windows[decoder].push((await prepareImage(readFileSync(path), input, {decoder})).window);
    const native = await classifier.probabilities(windows.native);
    const portable = await classifier.probabilities(windows.portable);
    batch.forEach((path, i) => {
      const difference = Math.max(...native[i].map((probability, label) => Math.abs(probability - portable[i][label])));
      result.worst = Math.max(result.worst, difference);
      result.mean += difference / paths.length;
      if (best(native[i]) !== best(portable[i])) result.flips.push(path);
    });
  }
  return result;
}

function best(probabilities: Float32Array): number {
  return probabilities.indexOf(Math.max(...probabilities));
}
