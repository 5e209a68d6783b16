import type {ScannedPicture} from './types.ts';

/** Fewer grains are no sample: one alone is for `rice predict`. */
const FEWEST = 2;
/** Grains shorter than this many pixels show no shape. */
export const LEAST_LENGTH = 20;

/**
 * Whether a picture says nothing of a sample: it has no grains, or only one, or only such that its border cuts, or most of
 * them are too small.
 */
export function nothingMeasured({grains}: Pick<ScannedPicture, 'grains'>): boolean {
  const lengths = grains
    .filter(({border}) => !border)
    .map(({length}) => length)
    .sort((a, b) => a - b);
  return lengths.length < FEWEST || lengths[lengths.length >> 1] < LEAST_LENGTH;
}
