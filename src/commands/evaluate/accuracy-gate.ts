import {Flags} from '@oclif/core';
import {formatCount} from '../../cli/format.ts';
import {RiceError} from '../../common/errors.ts';

/** Whether the accuracy of an evaluation reaches `--min-accuracy`. */
export interface AccuracyGate {
  minAccuracy: number;
  passed: boolean;
}

/** A flag for the required accuracy: a fraction from 0 to 1, written with a decimal point. */
export const minAccuracyFlag = Flags.custom<number>({
  helpValue: 'X',
  async parse(input) {
    const hint = 'expected a fraction from 0 to 1: 0.99 means that 99 of 100 pictures must be right';
    const suggestions = ['Write 0.99 for 99 %.'];
    if (!/^-?(\d+(\.\d*)?|\.\d+)$/.test(input))
      throw new RiceError('USAGE', `${input} is not a valid accuracy; ${hint}`, {suggestions});
    const value = Number(input);
    if (value < 0 || value > 1) throw new RiceError('OUT_OF_RANGE', `${input} is out of range; ${hint}`, {suggestions});
    return value;
  },
});

/** Why the gate failed, on one line; undefined if it passed. */
export function gateFailure(
  {minAccuracy, passed}: AccuracyGate,
  {accuracy, images, mistakes}: {accuracy: number; images: number; mistakes: unknown[]},
): string | undefined {
  if (passed) return undefined;
  const right = `${formatCount(images - mistakes.length)} of ${formatCount(images)} pictures right`;
  return `ACCURACY_TOO_LOW: ${right}, an accuracy of ${formatBelow(accuracy, minAccuracy)}: --min-accuracy requires ${minAccuracy}`;
}

/** The accuracy with enough digits to show that it is below `minAccuracy`. */
function formatBelow(accuracy: number, minAccuracy: number): string {
  for (let digits = 4; digits < 15; digits++) {
    const text = accuracy.toFixed(digits);
    if (Number(text) < minAccuracy) return text;
  }
  return String(accuracy);
}
