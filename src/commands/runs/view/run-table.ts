import type {ChalkInstance} from 'chalk';
import {wrapWords} from '../../../cli/fit.ts';
import {formatPercent} from '../../../cli/format.ts';
import {printable} from '../../../cli/printable.ts';
import {displayWidth, renderTable} from '../../../cli/table.ts';
import type {DamagedRun} from '../../../runs/list-runs.ts';
import type {RunSummary} from '../../../runs/run-summary.ts';

const HEAD = [
  'run',
  'date',
  'network',
  'epochs',
  'accuracy',
  '95 % interval',
  'of',
  'state',
  'differs from the default',
];
/** Columns that a list of settings gets at least. */
const LEAST = 24;

/** A line for each run, and one for each that is damaged. Settings that do not fit go on below their line. */
export function renderRuns(
  runs: readonly RunSummary[],
  damaged: readonly DamagedRun[],
  {style, columns}: {style: ChalkInstance; columns: number},
): string {
  const rows = runs.map((run) => rowOf(run, style));
  const [head, ...lines] = renderTable([HEAD.slice(0, -1).map((each) => style.dim(each)), ...rows], 'llllrllll').split(
    '\n',
  );
  const width = Math.max(0, ...[head, ...lines].map(displayWidth)) + 2;
  const indent = columns - width >= LEAST ? width : 4;
  const beside = (line: string, text: string) =>
    text === '' ? line : wrapWords(`${line}${' '.repeat(width - displayWidth(line))}${text}`, columns, indent);
  return [
    ...(runs.length > 0
      ? [beside(head, style.dim(HEAD.at(-1)!)), ...lines.map((line, i) => beside(line, settings(runs[i])))]
      : []),
    ...damaged.map(({name, message}) =>
      wrapWords(`${style.red('damaged')} ${printable(name)}: ${printable(message)}`, columns, 4),
    ),
  ].join('\n');
}

function rowOf({name, date, network, epochs, test, validation, state}: RunSummary, style: ChalkInstance): string[] {
  const measured = test ?? validation;
  const {done, planned} = epochs;
  return [
    style.bold(printable(name)),
    printable(date.slice(0, 16).replace('T', ' ')),
    printable(network),
    done === planned ? String(done) : `${done} of ${planned}`,
    measured ? formatPercent(measured.accuracy, 2) : '-',
    measured ? `${formatPercent(measured.interval.low, 2)} to ${formatPercent(measured.interval.high, 2)}` : '',
    test ? 'test' : validation ? 'validation' : '',
    state,
  ];
}

function settings({differences}: RunSummary): string {
  return Object.entries(differences)
    .map(([name, value]) => printable(value === true ? name : `${name} ${value}`))
    .join(', ');
}
