import type {ChalkInstance} from 'chalk';
import {displayPath, fromHere} from '../../cli/display-path.ts';
import {formatAmount, formatBytes, formatCount, formatDuration} from '../../cli/format.ts';
import {printable} from '../../cli/printable.ts';
import {renderTable} from '../../cli/table.ts';
import {shellWords} from '../../common/shell-words.ts';
import type {FetchedDataset} from '../../fetching/fetched.ts';

/** The number of differences of each kind to print; the JSON document has all of them. */
const SHOWN = 10;

interface ReportOptions {
  style: ChalkInstance;
  seconds: number;
  citations: readonly string[];
  /** Whether `rice train` finds the dataset without an argument. */
  isDefaultPlace: boolean;
}

/** Why the verification failed, on one line; undefined if it succeeded. */
export function verificationFailure(fetched: FetchedDataset): string | undefined {
  if (fetched.verified) return undefined;
  const counts = Object.entries(fetched.differences)
    .filter(([, paths]) => paths.length > 0)
    .map(([what, paths]) => `${formatCount(paths.length)} ${what}`);
  return `DATASET_UNPROVED: ${headline(fetched)}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`;
}

/** The result of fetching or verifying as text. */
export function renderFetched(
  fetched: FetchedDataset,
  {style, seconds, citations, isDefaultPlace}: ReportOptions,
): string {
  const {state, path, files, bytes, labels, digest, verified, title, errors} = fetched;
  const counts = Object.entries(labels).map(([label, count]) => `${printable(label)} ${formatCount(count)}`);
  const rows = [
    [HEADS[state], style.bold(headline(fetched))],
    ['pictures', `${formatCount(files)}, ${formatBytes(bytes)}: ${counts.join(', ')}`],
    ['digest', printable(verified ? `${digest}: ${title}` : digest)],
    ...duplicateRows(fetched),
    ...(errors.length > 0 ? [['unreadable', formatAmount(errors.length, 'picture')]] : []),
    ...dvcRows(fetched),
    ['time', formatDuration(seconds)],
  ];
  const sections = [renderTable(rows, 'l'), ...differences(fetched, style)];
  if (state === 'unproved' && path === null && errors.length === 0)
    sections.push(`If this is the dataset that you want, expect it with --digest ${digest}.`);
  if (state === 'fetched') {
    sections.push(`${style.dim('The authors ask you to cite:')}\n${citations.join('\n')}`);
    sections.push(
      `Train on it: ${style.bold(printable(shellWords(['rice', 'train', ...(isDefaultPlace ? [] : [fromHere(path!)])])))}`,
    );
  }
  return sections.join('\n\n');
}

const HEADS: Record<FetchedDataset['state'], string> = {
  fetched: 'fetched',
  complete: 'complete',
  verified: 'verified',
  unproved: 'not verified',
};

function headline({state, path, source, address, title}: FetchedDataset): string {
  const place = printable(displayPath(path ?? address ?? source));
  if (state === 'unproved') return `${place} is not ${printable(title)}`;
  if (state === 'complete') return `${place} already exists`;
  return place;
}

function duplicateRows({duplicates}: FetchedDataset): string[][] {
  const surplus = duplicates.reduce((total, {paths}) => total + paths.length - 1, 0);
  if (surplus === 0) return [];
  const labels = [...new Set(duplicates.flatMap(({labels}) => labels))].map(printable);
  const where = labels.length === 1 ? `all in ${labels[0]}` : `in ${labels.join(', ')}`;
  return [
    [
      'duplicates',
      `${formatAmount(surplus, 'exact copy', 'exact copies')} of other pictures, ${where} (--json lists them)`,
    ],
  ];
}

function dvcRows({dvc}: FetchedDataset): string[][] {
  if (!dvc) return [];
  return [['dvc', `${printable(displayPath(dvc.file))}, cache ${printable(displayPath(dvc.cache))}`]];
}

function differences({differences, errors}: FetchedDataset, style: ChalkInstance): string[] {
  const unreadable = errors.map(({path, code, message}) => `${path}: ${code}: ${message}`);
  return Object.entries({...differences, unreadable})
    .filter(([, lines]) => lines.length > 0)
    .map(([what, lines]) => {
      const rest = lines.length - SHOWN;
      const more = rest > 0 ? `\n  and ${formatCount(rest)} more (--json lists all)` : '';
      const shown = lines.slice(0, SHOWN).map((line) => `\n  ${printable(line)}`);
      return `${style.bold(`${formatCount(lines.length)} ${what}`)}${shown.join('')}${more}`;
    });
}
