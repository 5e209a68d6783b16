import type {Applied} from '../../auditing/apply/apply-corrections.ts';
import {formatAmount, formatCount} from '../../cli/format.ts';
import {printable} from '../../cli/printable.ts';
import {shellWords} from '../../common/shell-words.ts';

/** What `--apply` or `--undo` moved, as text. */
export function renderMoved({moved, log}: Applied, dir: string, {undo}: {undo: boolean}): string {
  if (moved.length === 0) return undo ? 'nothing to move back' : 'nothing to move';
  if (undo) return `${formatAmount(moved.length, 'picture')} moved back`;
  const excluded = moved.filter(({to}) => to.startsWith('../')).length;
  const beside = excluded === 0 ? '' : `, ${formatCount(excluded)} of them out of the dataset`;
  return [
    `${formatAmount(moved.length, 'picture')} moved${beside}`,
    `written down in ${printable(log)}; to move them back: ${printable(shellWords(['rice', 'audit', dir, '--undo']))}`,
  ].join('\n');
}
