import {RiceError} from '../common/errors.ts';

/** Words of licenses that forbid commercial use: `cc-by-nc-4.0`, `fair-noncommercial-research-license`. */
const NON_COMMERCIAL = /(^|-)nc(-|$)|non-?commercial|research/i;

/** Weights of the project semi-supervised ImageNet, which are all under CC BY-NC 4.0. */
const SEMI_SUPERVISED = /[._](ssl|swsl)_/;

/** The license of a tag that only its name tells. */
export function licenseInTag(tag: string): string | undefined {
  return SEMI_SUPERVISED.test(tag) ? 'cc-by-nc-4.0' : undefined;
}

export interface LicensedWeights {
  /** A tag, or the name of a file. */
  name: string;
  license: string | undefined;
  /** Other weights, which may be used for anything, and their license. */
  instead: {tag: string; license: string};
}

/** @throws RiceError WEIGHTS_LICENSE where the license forbids commercial use, unless that is not wanted */
export function checkLicense({name, license, instead}: LicensedWeights, allowNonCommercial = false): void {
  if (allowNonCommercial || license === undefined || !NON_COMMERCIAL.test(license)) return;
  throw new RiceError('WEIGHTS_LICENSE', `the license of ${name}, ${license}, forbids commercial use`, {
    suggestions: [
      `Use ${instead.tag}, which is under ${instead.license}.`,
      'Or allow them with --allow-non-commercial, if your use is not commercial.',
    ],
  });
}
