import type {ChalkInstance} from 'chalk';
import type {Audit} from '../../auditing/findings/types.ts';
import {shortenPath, wrapWords} from '../../cli/fit.ts';
import {formatAmount, formatCount, formatDuration, formatPercent} from '../../cli/format.ts';
import {printable} from '../../cli/printable.ts';
import {isUtf8} from '../../cli/style.ts';
import {displayWidth, renderTable} from '../../cli/table.ts';

/** The suspects, pictures and copies of each that are printed; the page and `--json` have more. */
const SHOWN = 10;
const SHORTEST_PATH = 16;

/** An audit as text: how much was found of each kind, and the most certain of it. */
export function renderAudit(audit: Audit, {style, columns}: {style: ChalkInstance; columns: number}): string {
  return [
    headline(audit, style, columns),
    suspects(audit, style, columns),
    pictures(audit, style, columns),
    copies(audit, style),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

function headline({dataset, noise, suspects, seconds, ...audit}: Audit, style: ChalkInstance, columns: number): string {
  const labels = Object.keys(dataset.labels).length;
  const by =
    audit.method === 'network'
      ? `networks in ${audit.folds} folds`
      : audit.model && `${audit.model.name} ${audit.model.version}`;
  const how = audit.method === 'head' ? `, with ${audit.folds} folds` : '';
  const noisy = noise ? `, about ${formatPercent(noise.share, 2)} of all labels` : '';
  const found =
    suspects.length === 0 ? 'no label seems wrong' : `${formatAmount(suspects.length, 'label')} probably wrong`;
  const corrected = audit.corrections;
  return [
    `${style.bold(found)}${suspects.length === 0 ? '' : noisy}: ${formatAmount(dataset.images, 'picture')} of ${formatAmount(labels, 'label')}`,
    corrected
      ? `with ${printable(corrected.file)}: ${formatCount(corrected.relabeled)} relabeled, ${formatCount(corrected.excluded)} left out, ${formatCount(corrected.kept)} kept`
      : '',
    `${by === undefined ? '' : `by ${printable(by)}${how}, `}${formatDuration(seconds)}`,
  ]
    .filter((line) => line !== '')
    .map((line) => wrapWords(line, columns, 2))
    .join('\n');
}

function suspects({suspects}: Audit, style: ChalkInstance, columns: number): string {
  const rows = suspects.map(({path, label, suggested, probability}) => ({
    path,
    cells: [printable(`${label}, rather ${suggested}`), formatPercent(probability.suggested, 1)],
  }));
  return listOf('The most doubtful labels', rows, style, columns);
}

function pictures({pictures}: Audit, style: ChalkInstance, columns: number): string {
  const rows = pictures.map(({path, problem, detail}) => ({path, cells: [problem, printable(detail)]}));
  return listOf('Pictures to look at', rows, style, columns);
}

function copies({duplicates, nearDuplicates}: Audit, style: ChalkInstance): string {
  const surplus = duplicates.reduce((sum, {paths}) => sum + paths.length - 1, 0);
  const crossing = duplicates.filter(({labels}) => labels.length > 1);
  const leaking = duplicates.filter(({parts}) => (parts?.length ?? 0) > 1);
  const lines = [
    surplus > 0 ? `${formatAmount(surplus, 'picture')} that are exact copies of others` : '',
    ...crossing.slice(0, SHOWN).map(({paths}) => `  with different labels: ${printable(paths.join(', '))}`),
    ...leaking.slice(0, SHOWN).map(({paths}) => `  in different parts: ${printable(paths.join(', '))}`),
    nearDuplicates.length > 0 ? `${formatAmount(nearDuplicates.length, 'pair')} of pictures of the same grain` : '',
    ...nearDuplicates.slice(0, SHOWN).map(({paths}) => `  ${printable(paths.join(' and '))}`),
  ].filter((line) => line !== '');
  return lines.length === 0 ? '' : [style.bold('Copies'), ...lines].join('\n');
}

function listOf(
  title: string,
  rows: readonly {path: string; cells: string[]}[],
  style: ChalkInstance,
  columns: number,
) {
  if (rows.length === 0) return '';
  const shown = rows.slice(0, SHOWN);
  const beside = Math.max(...shown.map(({cells}) => displayWidth(cells.join('  ')))) + 4;
  const room = Math.max(SHORTEST_PATH, columns - beside);
  const lines = shown.map(({path, cells}) => [`  ${shortenPath(printable(path), room, isUtf8())}`, ...cells]);
  const rest = rows.length - shown.length;
  return `${style.bold(title)}\n${renderTable(lines, 'llr')}${rest > 0 ? `\n  and ${formatCount(rest)} more` : ''}`;
}
