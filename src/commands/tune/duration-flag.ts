import {Flags} from '@oclif/core';
import {RiceError} from '../../common/errors.ts';

const UNITS: Readonly<Record<string, number>> = {s: 1, m: 60, h: 3600, d: 86_400};

/** A flag for a time such as 90s, 30m, 2h or 1h30m, in seconds. A bare number is minutes. */
export const durationFlag = Flags.custom<number>({
  helpValue: 'TIME',
  async parse(input) {
    const text = /^\d+(\.\d+)?$/.test(input) ? `${input}m` : input.toLowerCase().replaceAll(' ', '');
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(?:(s|m|h|d)(?:ec|in|ours?|ays?)?)/g)];
    const seconds = parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit], 0);
    if (parts.map(([part]) => part).join('') !== text || seconds <= 0)
      throw new RiceError('USAGE', `expected a time such as 90s, 30m or 1h30m, got "${input}"`);
    return seconds;
  },
});
