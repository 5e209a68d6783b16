import type {ScannedPicture} from './types.ts';

/** Fewer grains are no sample: one alone is for `rice predict`. */
const FEWEST = 2;

/** Whether a picture says nothing of a sample: it has no grains, or only one, or only such that its border cuts. */
export function nothingMeasured({grains}: Pick<ScannedPicture, 'grains'>): boolean {
  return grains.filter(({border}) => !border).length < FEWEST;
}
