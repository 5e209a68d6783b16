import {createProgress} from '../../src/cli/progress.ts';

/** Shows the progress on standard error. */
export function withProgress<T>(
  label: string,
  total: number,
  work: (onProgress: (progress: {done: number}) => void) => Promise<T>,
): Promise<T> {
  const {update, stop} = createProgress({label, total, unit: 'images'});
  return work(({done}) => update(done)).finally(stop);
}
