import {setImmediate} from 'node:timers/promises';
import {differenceOf, indexFingerprint} from '../pictures/fingerprint.ts';
import type {Measurement} from '../pictures/measurement.ts';

/** Two pictures of the same grain that are not the same file. */
export interface NearDuplicate {
  /** Positions of the pictures, the smaller first. */
  pair: [number, number];
  /** See `differenceOf`. */
  difference: number;
}

/**
 * Fingerprints that differ by no more are of one grain: a picture saved anew, resized or turned. The figures stand in
 * docs/audit.md.
 */
export const SAME_GRAIN = 3;
/** Length, width and area of one grain differ by no more than this share between its copies. */
const SIZE_TOLERANCE = 0.02;

/** Pictures that are compared without a pause. */
const COMPARED_AT_ONCE = 256;

export interface NearDuplicateOptions {
  /** The largest difference between pictures of one grain. */
  limit?: number;
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/**
 * Finds pictures of the same grain among those with a grain, other than equal files.
 *
 * @param measurements undefined for a picture that cannot be read
 * @param hashes files of the same content are no near duplicates, but duplicates
 */
export async function findNearDuplicates(
  measurements: readonly (Measurement | undefined)[],
  hashes: readonly {sha256: string}[],
  {limit = SAME_GRAIN, onProgress, signal}: NearDuplicateOptions = {},
): Promise<NearDuplicate[]> {
  const found: NearDuplicate[] = [];
  const ranked = measurements
    .flatMap((each, index) => (each && each.length > 0 ? [{index, ...each}] : []))
    .sort((a, b) => a.length - b.length || a.index - b.index);
  const fingerprints = ranked.map(({fingerprint}) => indexFingerprint(fingerprint));
  // Plain arrays of numbers: this loop runs some hundred million times for a large dataset.
  const [lengths, widths, areas] = (['length', 'width', 'area'] as const).map((name) =>
    Float64Array.from(ranked, (each) => each[name]),
  );
  for (let one = 0; one < ranked.length; one++) {
    if (one % COMPARED_AT_ONCE === 0) {
      await setImmediate();
      signal?.throwIfAborted();
      onProgress?.(one, ranked.length);
    }
    const longest = lengths[one] * (1 + SIZE_TOLERANCE);
    const [width, area] = [widths[one], areas[one]];
    for (let other = one + 1; other < ranked.length && lengths[other] <= longest; other++) {
      if (Math.abs(widths[other] - width) > width * SIZE_TOLERANCE) continue;
      if (Math.abs(areas[other] - area) > area * SIZE_TOLERANCE) continue;
      const difference = differenceOf(fingerprints[one], fingerprints[other], limit);
      if (difference > limit) continue;
      const [a, b] = [ranked[one].index, ranked[other].index];
      if (hashes[a].sha256 === hashes[b].sha256) continue;
      found.push({pair: [Math.min(a, b), Math.max(a, b)], difference});
    }
  }
  return found.sort((a, b) => a.difference - b.difference || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1]);
}
