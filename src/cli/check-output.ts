import {statSync} from 'node:fs';
import {RiceError} from '../common/errors.ts';

/**
 * Refuses to write results over a file that they are made of.
 *
 * @param output of `--output`
 * @param inputs paths of files or of anything else
 * @throws RiceError USAGE
 */
export function checkOutput(output: string | undefined, inputs: readonly string[]): void {
  if (output === undefined) return;
  const written = statSync(output, {throwIfNoEntry: false});
  if (!written?.isFile()) return;
  for (const input of inputs) {
    const read = statSync(input, {throwIfNoEntry: false});
    if (read && read.dev === written.dev && read.ino === written.ino)
      throw new RiceError('USAGE', `--output ${output} is a file that is read, and would be replaced`, {
        suggestions: ['Name another file for the results.'],
      });
  }
}
