import {stripVTControlCharacters} from 'node:util';

/** Characters that take two columns: East Asian Wide and Fullwidth (UAX #11) and emoji. */
const WIDE =
  /[\u{1100}-\u{115F}\u{2E80}-\u{303E}\u{3041}-\u{A4CF}\u{AC00}-\u{D7A3}\u{F900}-\u{FAFF}\u{FE30}-\u{FE6F}\u{FF00}-\u{FF60}\u{FFE0}-\u{FFE6}\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;
const COMBINING = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** The number of terminal columns that a text takes; color codes take none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text))
    width += COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/**
 * Rows as lines of aligned columns, two spaces apart; the first row is the header.
 * @param align `l` or `r` per column; the last letter applies to all further columns
 */
export function renderTable(rows: string[][], align: string): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({length: columns}, (_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))),
  );
  const cell = (text: string, column: number) =>
    (align[Math.min(column, align.length - 1)] === 'r' ? padStart : padEnd)(text, widths[column]);
  return rows.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}
