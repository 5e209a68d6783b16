import {resolve} from 'node:path';
import {RiceError} from '../common/errors.ts';
import {checkWritable} from '../common/files/atomic-file.ts';

/**
 * Fails before any work if a page cannot be written, or would replace the printed result or a picture.
 *
 * @param output of `--output`
 * @param example a name that would do
 * @throws RiceError USAGE, PATH_NOT_WRITABLE or PATH_NOT_FOUND
 */
export function checkReport(report: string, output: string | undefined, example: string): void {
  const suggestions = [`Name another file, such as ${example}.`];
  if (report === '-' || (output !== undefined && resolve(output) === resolve(report)))
    throw new RiceError('USAGE', `--report ${report}: the report needs its own file`, {suggestions});
  // What a pattern of the shell or a slip names instead is often a photograph, which would be gone.
  if (!/\.html?$/i.test(report))
    throw new RiceError('USAGE', `--report ${report}: the name must end with .html`, {suggestions});
  checkWritable(report);
}
