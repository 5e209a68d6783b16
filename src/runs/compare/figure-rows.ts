import {count, duration, percent} from '../../common/report/figures.ts';
import type {RunSummary} from '../run-summary.ts';

/** The figures of runs side by side: a name, and for each run a text. Rows that no run has are left out. */
export function figureRows(summaries: readonly RunSummary[]): {name: string; values: string[]}[] {
  const rows: [name: string, of: (run: RunSummary) => string | null | undefined][] = [
    ['state', ({state}) => state],
    ['network', ({network}) => network],
    ['epochs', ({epochs: {done, planned}}) => (done === planned ? count(done) : `${count(done)} of ${count(planned)}`)],
    ['test accuracy', ({test}) => test && percent(test.accuracy, 3)],
    ['95 % interval', ({test}) => test && `${percent(test.interval.low)} to ${percent(test.interval.high)}`],
    ['mistakes', ({test}) => test && `${count(test.mistakes)} of ${count(test.images)}`],
    ['validation accuracy', ({validation}) => validation && percent(validation.accuracy, 3)],
    ['best epoch', ({validation}) => validation && count(validation.epoch)],
    ['time', ({seconds}) => (seconds === null ? null : duration(seconds))],
    ['computed on', ({device}) => device],
    ['pictures', ({dataset}) => count(dataset.images)],
    ['digest of the pictures', ({dataset}) => dataset.digest.slice(0, 12)],
  ];
  return rows.flatMap(([name, of]) => {
    const values = summaries.map(of);
    return values.every((value) => value == null) ? [] : [{name, values: values.map((value) => value ?? '-')}];
  });
}
