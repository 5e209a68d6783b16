import {nearest} from '../common/nearest-word.ts';

/** What people call values by another name, and the values that they may mean. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  gpu: ['cuda', 'webgpu'],
  nvidia: ['cuda'],
  vulkan: ['webgpu'],
  metal: ['webgpu'],
  mps: ['webgpu'],
  directml: ['dml'],
  jsonl: ['ndjson'],
};

/** What was probably meant by a value that is none of `options`, for a question: `cuda or webgpu`. */
export function meantBy(word: string, options: readonly string[]): string | undefined {
  const known = (SYNONYMS[word.toLowerCase()] ?? []).filter((value) => options.includes(value));
  return known.length > 0 ? known.join(' or ') : nearest(word, options);
}
