import {resolve} from 'node:path';
import {RiceError} from '../../common/errors.ts';
import {checkWritable} from '../../common/files/atomic-file.ts';

/**
 * Fails before anything is measured if the chart cannot be written, or would replace the figures or another file by a slip.
 *
 * @param output of `--output`
 * @throws RiceError USAGE, PATH_NOT_WRITABLE or PATH_NOT_FOUND
 */
export function checkChart(chart: string, output: string | undefined): void {
  const suggestions = ['Name another file, such as speed.svg.'];
  if (output !== undefined && resolve(output) === resolve(chart))
    throw new RiceError('USAGE', `--chart ${chart}: the chart needs its own file`, {suggestions});
  if (!/\.svg$/i.test(chart))
    throw new RiceError('USAGE', `--chart ${chart}: the name must end with .svg`, {suggestions});
  checkWritable(chart);
}
