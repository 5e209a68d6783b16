import type {ChalkInstance} from 'chalk';
import {wrapWords} from '../../../cli/fit.ts';
import {formatAmount, formatCount} from '../../../cli/format.ts';
import {printable} from '../../../cli/printable.ts';
import {renderTable} from '../../../cli/table.ts';
import type {Comparison} from '../../../runs/compare/compare-runs.ts';
import {figureRows} from '../../../runs/compare/figure-rows.ts';
import {verdict} from '../../../runs/compare/words.ts';

/** A comparison as text: figures and differing settings side by side, then what is more than chance. */
export function renderComparisonText(
  comparison: Comparison,
  {style, columns}: {style: ChalkInstance; columns: number},
): string {
  const {runs, summaries, settings, tests, untested, notes} = comparison;
  const head = ['', ...runs.map(({name}) => style.bold(printable(name)))];
  const figures = figureRows(summaries).map(({name, values}) => [name, ...values.map(printable)]);
  const differing = settings.map(({name, values}) => [
    printable(name),
    ...values.map((value) => (value === undefined ? '-' : value === null ? 'auto' : printable(String(value)))),
  ]);
  const wrap = (line: string) => wrapWords(line, columns, 2);
  return [
    renderTable([head, ...figures], 'lr'),
    differing.length === 0
      ? 'The settings are the same.'
      : renderTable([[style.dim('settings that differ')], ...differing], 'lr'),
    [
      ...tests.map((test) => `${wrap(`${style.bold(printable(verdict(test)))}:`)}\n${wrap(`  ${counts(test)}`)}`),
      ...untested.map(({runs: [first, second], reason}) => wrap(printable(`${first} and ${second}: ${reason}`))),
    ].join('\n'),
    ...(notes.length > 0 ? [notes.map(wrap).join('\n')] : []),
  ].join('\n\n');
}

function counts({
  runs: [first, second],
  pictures,
  onlyFirst,
  onlySecond,
  bothWrong,
}: Comparison['tests'][number]): string {
  const only = (name: string, number: number) => `only ${printable(name)} is right on ${formatCount(number)}`;
  return `of ${formatAmount(pictures, 'test picture')} that both were tested with, ${only(first, onlyFirst)}, ${only(second, onlySecond)}, neither on ${formatCount(bothWrong)}`;
}
