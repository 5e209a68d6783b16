import {count} from '../../common/report/figures.ts';
import type {CardFacts} from './facts.ts';
import {code, factTable, text} from './markdown.ts';

/** By what the file is known, and how it was made of the model of the training. */
export function fileSection({file, metadata: {version}, exported}: CardFacts): string {
  return `## The file

${factTable([
  ['name', code(file.name)],
  ['version', code(version)],
  ['size', `${count(file.bytes)} bytes`],
  ['SHA-256', code(file.sha256)],
  ...entriesOf(exported, 'export').map(([key, value]) => [text(key), code(value)] as const),
])}`;
}

/** The values of a document, with the keys that lead to them. */
function entriesOf(value: unknown, key: string): [key: string, value: string][] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return [[key, String(value)]];
  return Object.entries(value).flatMap(([name, inner]) => entriesOf(inner, `${key} ${name}`));
}
