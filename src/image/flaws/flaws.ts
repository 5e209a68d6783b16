import type {GrainMeasurements} from '../grain/find-grain.ts';
import type {Flaw} from './flaw.ts';

/** What was noticed while a picture was prepared; what is missing was not there. */
export interface Noticed {
  /** Length of the grain's outline along the border of the picture, in widths of the grain. */
  cut?: number;
  /** Something small hangs on the grain. */
  attached?: true;
  /** Number of things in the picture that are no grains, and do not reach in from its border. */
  others?: number;
}

/** A picture after its preparation, as far as flaws are told by it. */
export interface PreparedPicture {
  grain?: GrainMeasurements | undefined;
  noticed?: Noticed;
}

/**
 * Of a grain with round ends, a seventh of the length is missing if the border cuts it over 0.7 of its width: by the chord of an
 * ellipse, c = 2 sqrt(t (1 - t)) for a share t. Up to a fiftieth is missing at 0.28, which no shape minds.
 */
const MUCH_CUT = 0.7;
const CUT = 0.28;
/**
 * Pixels of the picture along the grain. At the first, the least that was measured, those answers that the scores accept are right
 * (`bench/trust.ts --only length-25`); at the second, its shape is told well, and its surface hardly.
 */
const TOO_SHORT = 24;
const SHORT = 48;

/** Flaws with which an answer is not to be trusted, however sure the model is. */
export function severeFlaws({grain, noticed: {cut = 0, attached, others = 0} = {}}: PreparedPicture): Flaw[] {
  const flaws: [Flaw, boolean][] = [
    ['something else in the picture', others > 0],
    ['out of frame', cut > MUCH_CUT],
    ['touching something', attached === true],
    ['too small', grain !== undefined && grain.length < TOO_SHORT],
  ];
  return flaws.flatMap(([flaw, there]) => (there ? [flaw] : []));
}

/** Lesser ones, known from the preparation as well, which explain why a model is not sure. */
export function slightFlaw({grain, noticed: {cut = 0} = {}}: PreparedPicture): Flaw | undefined {
  if (cut > CUT) return 'out of frame';
  return grain !== undefined && grain.length < SHORT ? 'too small' : undefined;
}
