import type {PreparedCache} from '../../dataset/cache/prepared-cache.ts';
import {type Part, partOf} from '../../dataset/split.ts';
import type {Manifest} from './manifest.ts';

const LETTERS: Readonly<Record<Part, string>> = {train: 't', validation: 'v', test: 'e'};

/** The part of each prepared picture as the manifest keeps it. */
export function encodeParts(parts: readonly Part[]): string {
  return parts.map((part) => LETTERS[part]).join('');
}

/** Positions of the prepared pictures of a part, in their order. */
export function positionsOf(
  cache: PreparedCache,
  {split, parts}: Pick<Manifest, 'split' | 'parts'>,
  part: Part,
): number[] {
  const positions: number[] = [];
  for (let i = 0; i < cache.count; i++) {
    const belongs = parts
      ? parts[i] === LETTERS[part]
      : partOf(cache.sha256(i), split, cache.labels[cache.label(i)]) === part;
    if (belongs) positions.push(i);
  }
  return positions;
}
