import type {WindowPlacement} from '../image/prepare.ts';
import type {WindowMap} from './spread-map.ts';

/** How an explanation was made: by taking the network's score apart, or by hiding parts of the picture. */
export const METHODS = ['class-activation-map', 'occlusion'] as const;
export type Method = (typeof METHODS)[number];

/** Why a network gives an answer: what speaks for it, and where. */
export interface Explanation {
  method: Method;
  /** The label that is explained: the most probable one, unless another was asked for. */
  label: string;
  /** Its probability. */
  confidence: number;
  /** The other label whose score is compared; the mean of all others where it is missing. */
  against?: string;
  /**
   * What each pixel of the model's window adds: with a class activation map to the score, by occlusion to the logarithm of the odds of
   * the label, by how much it falls where the pixel's surroundings are hidden.
   */
  map: WindowMap;
  /** The window itself: RGB interleaved, row-major. */
  window: Uint8Array;
  /** Where in the picture the window lies. */
  placement: WindowPlacement;
  /** The parts of the score, which sum to it; not by occlusion. */
  score?: ScoreParts;
}

/** The logit of a label less the mean of the others', or less that of one other, and what it is the sum of. */
export interface ScoreParts {
  total: number;
  /** What the pixels of the map add together. */
  places: number;
  /** What numbers that the network measures of the whole grain add, by their names; empty if it uses none. */
  numbers: Record<string, number>;
  /** What the network adds whatever it sees. */
  constant: number;
}
