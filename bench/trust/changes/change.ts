import type {RandomStream} from '../../../src/evaluation/robustness/random-stream.ts';
import type {Frame} from '../../../src/image/frame.ts';
import type {Subject} from './subject.ts';

/**
 * What a change is: `mild` ones any camera makes, `strong` ones take away what varieties are told by, `ground` lays the
 * grain on something else, `thing` lays something beside it, and of a `broken` grain a part is left.
 */
export type Group = 'mild' | 'strong' | 'ground' | 'thing' | 'broken';

/** A change of a whole picture at full size, as another camera, lamp or table would make it. */
export interface TrustChange {
  name: string;
  /** For people. */
  title: string;
  groups: readonly Group[];
  /** @param random random numbers for this picture and change */
  apply(subject: Subject, random: RandomStream): Frame | Promise<Frame>;
}

/** A direction anywhere. */
export function direction(random: RandomStream): [cos: number, sin: number] {
  const angle = 2 * Math.PI * random.uniform();
  return [Math.cos(angle), Math.sin(angle)];
}

/** A number from `low` to `high`, all equally probable. */
export function between(random: RandomStream, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}

/** Rounds levels and clips them to 0 to 255. */
export function toFrame(width: number, height: number, levels: ArrayLike<number>): Frame {
  return {width, height, data: new Uint8Array(new Uint8ClampedArray(levels).buffer)};
}
