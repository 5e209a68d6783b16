import {Flags} from '@oclif/core';
import {meantBy} from '../../cli/meant.ts';
import {RiceError} from '../../common/errors.ts';
import {DEVICE_CHOICES, DEVICES, type Device} from '../../model/devices.ts';

/** A flag for one or several whole numbers, separated by commas, each from 1 to `max`. */
export const numbersFlag = Flags.custom<number[], {max: number}>({
  helpValue: 'N,N',
  async parse(input, _, {max}) {
    const words = input.split(',').map((word) => word.trim());
    const wrong = words.find((word) => !/^\d+$/.test(word));
    if (wrong !== undefined)
      throw new RiceError('USAGE', `expected whole numbers, separated by commas, got "${input}"`, {
        suggestions: ['Write 1 or 1,2,4.'],
      });
    const numbers = words.map(Number);
    const outside = numbers.find((number) => number < 1 || number > max);
    if (outside !== undefined)
      throw new RiceError('OUT_OF_RANGE', `${outside} is out of range: it must be between 1 and ${max}`);
    return [...new Set(numbers)];
  },
});

/** A flag for one or several devices, separated by commas; `auto` is each that works here. */
export const devicesFlag = Flags.custom<readonly Device[] | 'auto'>({
  helpValue: 'DEVICE,DEVICE',
  async parse(input) {
    const words = [...new Set(input.split(',').map((word) => word.trim()))];
    for (const word of words) {
      if (DEVICE_CHOICES.some((device) => device === word)) continue;
      const near = meantBy(word, DEVICE_CHOICES);
      throw new RiceError('USAGE', `"${word}" is no device: expected ${DEVICES.join(', ')} or auto`, {
        suggestions:
          near === undefined ? [`Write ${DEVICES[0]} or ${DEVICES.slice(0, 2).join(',')}.`] : [`Write ${near}.`],
      });
    }
    if (words.includes('auto')) return 'auto';
    return words as Device[];
  },
});
