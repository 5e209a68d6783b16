import type {Audit} from '../../auditing/findings/types.ts';
import {csvRow} from '../../cli/csv-row.ts';
import {CORRECTION_COLUMNS} from '../../dataset/corrections/read-corrections.ts';

/**
 * The suspects as a file of corrections that gives each its suggested label: for a person to look at, and to take out or
 * change what is right as it is.
 */
export function draftCorrections({suspects}: Audit): string {
  const rows = suspects.map(({path, label, suggested}) => [path, suggested, 'relabel', label]);
  return [[...CORRECTION_COLUMNS], ...rows].map(csvRow).join('');
}

/** An audit as lines of comma-separated values: a line for each thing to look at. */
export function auditCsv({suspects, pictures, duplicates, nearDuplicates, errors}: Audit): string {
  const rows: (string | number)[][] = [
    ...suspects.map(({path, label, suggested, probability}) => [
      'label',
      path,
      label,
      suggested,
      Number(probability.suggested.toFixed(6)),
      '',
    ]),
    ...pictures.map(({path, label, problem, detail}) => [problem, path, label, '', '', detail]),
    ...duplicates.flatMap(({paths, labels}) =>
      paths.slice(1).map((path) => ['copy', path, labels.join(' and '), '', '', paths[0]]),
    ),
    ...nearDuplicates.map(({paths, labels}) => ['near copy', paths[1], labels.join(' and '), '', '', paths[0]]),
    ...errors.map(({path, code, message}) => ['unreadable', path, '', '', '', `${code}: ${message}`]),
  ];
  return [['finding', 'path', 'label', 'suggested', 'probability', 'detail'], ...rows].map(csvRow).join('');
}
