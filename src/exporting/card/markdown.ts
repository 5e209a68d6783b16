/** Markdown (GitHub's) of texts that others wrote, such as labels: none of them can be anything but text. */

/** Control characters, ends of lines, and characters that change the writing direction. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
/** What could begin markup within a line. */
const MARKUP = /[\\`*_{}[\]<>#+!|~&$:@"^=]/g;
/** What needs no escape in a span of code, also not in a table. */
const PLAIN_CODE = /^[\w .:/+@,=()[\]-]+$/;

/** A text on one line, within a line: it must not be the first in it. */
export function text(value: string): string {
  return value
    .replace(UNPRINTABLE, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
    .replace(MARKUP, '\\$&')
    .replace(/\b(www)\./gi, '$1\\.');
}

/** A digest, name or number as code; one that code could not hold as text. */
export function code(value: string): string {
  return PLAIN_CODE.test(value) && value.trim() === value ? `\`${value}\`` : text(value);
}

export interface Column {
  title: string;
  /** Numbers stand to the right. */
  right?: boolean;
}

/** @param rows cells are Markdown on one line */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({title}) => title), columns.map(({right}) => (right ? '--:' : '---')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A table of terms and what they are. */
export function factTable(rows: readonly (readonly [term: string, value: string])[]): string {
  return table([{title: ''}, {title: ''}], rows);
}

/** A block of code, fenced by more backticks than it has; what is unprintable in it becomes an escape of JSON. */
export function fence(language: string, content: string): string {
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = '`'.repeat(longest + 1);
  const printable = content
    .trimEnd()
    .replace(UNPRINTABLE, (character) => (character === '\n' ? character : escaped(character.charCodeAt(0))));
  return `${marks}${language}\n${printable}\n${marks}`;
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
