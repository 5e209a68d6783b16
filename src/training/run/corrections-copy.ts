import {hash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import type {CorrectionsSummary} from '../../dataset/corrections/summary.ts';

/** In the folder of a run. */
export const CORRECTIONS_FILE = 'corrections.csv';

/**
 * Keeps the corrections that a run was trained with in its folder: whoever corrects further changes the file.
 *
 * @throws RiceError CORRECTIONS_MISMATCH if the file was changed since it was applied
 */
export function copyCorrections({file, sha256}: Pick<CorrectionsSummary, 'file' | 'sha256'>, run: string): void {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw fromFileSystemError(error, file, 'read');
  }
  if (hash('sha256', bytes) !== sha256)
    throw new RiceError('CORRECTIONS_MISMATCH', `${file} was changed while the pictures were prepared`, {
      suggestions: ['Start again: the prepared pictures are cached.'],
    });
  writeAtomically(join(run, CORRECTIONS_FILE), bytes);
}

/** The copy; undefined for a run without corrections. */
export function correctionsCopy({corrections}: {corrections?: CorrectionsSummary}, run: string): string | undefined {
  return corrections && join(run, CORRECTIONS_FILE);
}
