import {Flags} from '@oclif/core';
import {RiceError} from '../../common/errors.ts';

/** A flag for DVC's digest of a folder: an MD5 and `.dir`, which may be omitted. */
export const digestFlag = Flags.custom<string>({
  helpValue: 'MD5.dir',
  async parse(input) {
    const digest = input.toLowerCase().replace(/(\.dir)?$/, '.dir');
    if (!/^[0-9a-f]{32}\.dir$/.test(digest))
      throw new RiceError('USAGE', `expected 32 hexadecimal digits and .dir, got "${input}"`);
    return digest;
  },
});
