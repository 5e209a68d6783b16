import {count} from '../../common/report/figures.ts';
import type {CardFacts} from './facts.ts';
import {code, factTable, text} from './markdown.ts';

/** By what the file is known. */
export function fileSection({file, metadata: {version}}: CardFacts): string {
  return `## The file

${factTable([
  ['name', code(file.name)],
  ['version', code(version)],
  ['size', `${count(file.bytes)} bytes`],
  ['SHA-256', code(file.sha256)],
])}`;
}

/** How the file was made of that of the training, as it says; none for that file itself. */
export function exportSections({exported}: CardFacts): string[] {
  if (exported === undefined) return [];
  const rows = entriesOf(exported, '').map(([key, value]) => [text(key), code(value)] as const);
  return [`## How the file was made of another one\n\n${factTable(rows)}`];
}

/** The values of a document, with the keys that lead to them in words: `largestDifference` as `largest difference`. */
function entriesOf(value: unknown, key: string): [key: string, value: string][] {
  if (typeof value !== 'object' || value === null) return [[key, `${value}`]];
  return Object.entries(value).flatMap(([name, inner]) =>
    entriesOf(inner, `${key} ${name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`.trim()),
  );
}
