import {RiceError} from '../../common/errors.ts';
import type {Point} from '../types.ts';

/** How the ways out begin, for all references. */
const LIGHT =
  'Take the picture from above, in even light, with the whole of it in the picture and nothing on its edge.';
const WITHOUT = 'Or say the scale with --px-per-mm or --dpi.';

/**
 * A reference that is not there.
 *
 * @param searched what for: "a card of 85.60 x 53.98 mm"
 * @param seen what was seen instead, and why it is not taken
 */
export function notFound(searched: string, seen: string, suggestions: string[] = []): RiceError {
  return new RiceError('REFERENCE_NOT_FOUND', `${searched} was not found in the picture: ${seen}`, {
    suggestions: [...suggestions, LIGHT, WITHOUT],
  });
}

/** A place, for people. */
export function placeOf([x, y]: Point): string {
  return `(${Math.round(x)}, ${Math.round(y)})`;
}
