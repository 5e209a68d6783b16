import type {ChalkInstance} from 'chalk';
import {formatCount, formatPercent} from '../../../cli/format.ts';
import {printable} from '../../../cli/printable.ts';
import {renderTable} from '../../../cli/table.ts';
import type {MadeModel} from '../../../runs/made-model.ts';

const HEAD = ['made of another', 'date', 'of', 'pictures', 'accuracy', '95 % interval', 'for'];

/** A line for each model that was made of another one, the newest first. */
export function renderMadeModels(made: readonly MadeModel[], style: ChalkInstance): string {
  const newest = [...made].sort((a, b) => (a.record.date < b.record.date ? 1 : -1));
  const rows = newest.map(({name, record, held}) => [
    style.bold(printable(name)),
    printable(record.date.slice(0, 16).replace('T', ' ')),
    printable(`${record.from.name} ${record.from.version}`),
    formatCount(held.images),
    formatPercent(held.accuracy, 2),
    `${formatPercent(held.interval.low, 2)} to ${formatPercent(held.interval.high, 2)}`,
    printable(
      record.camera === undefined ? Object.keys(record.dataset.labels).join(', ') : `the camera ${record.camera}`,
    ),
  ]);
  return renderTable([HEAD.map((each) => style.dim(each)), ...rows], 'lllrrll');
}
