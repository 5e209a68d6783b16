import type {ScannedGrain} from './types.ts';

/**
 * As what a grain counts: a piece as the variety of the whole grains that it matches, unless a person named it, and any other as
 * what the model knows it to be; undefined for one that is unknown.
 */
export function varietyOf({
  known,
  label,
  pieceOf,
  corrected,
}: Pick<ScannedGrain, 'known' | 'label' | 'pieceOf' | 'corrected'>): string | undefined {
  if (pieceOf !== undefined && !(corrected && known)) return pieceOf;
  return known ? label : undefined;
}
