import {displayWidth} from './table.ts';

interface Stream {
  isTTY?: boolean;
  columns?: number;
}

/** The columns of a terminal; infinitely many elsewhere, where whoever reads it wants everything on its line. */
export function columnsOf({isTTY, columns}: Stream): number {
  return isTTY === true && columns !== undefined && columns > 0 ? columns : Number.POSITIVE_INFINITY;
}

/**
 * A path of at most `width` columns: what does not fit is left out in the middle, so that the beginning and the name of
 * the file stay.
 */
export function shortenPath(path: string, width: number, utf8: boolean): string {
  if (displayWidth(path) <= width) return path;
  const gap = utf8 ? '…' : '...';
  const room = Math.max(0, width - displayWidth(gap));
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), 0));
  const tail = Math.max(Math.ceil(room / 2), Math.min(displayWidth(name), room - Math.min(4, Math.floor(room / 4))));
  const end = [...takeColumns([...path].reverse(), tail)].reverse();
  return `${takeColumns([...path], room - tail).join('')}${gap}${end.join('')}`;
}

/** As many of the characters as fit into `width` columns. */
function takeColumns(characters: readonly string[], width: number): string[] {
  let used = 0;
  const end = characters.findIndex((character) => {
    used += displayWidth(character);
    return used > width;
  });
  return end < 0 ? [...characters] : characters.slice(0, end);
}

/**
 * Breaks a line that is wider than `width` columns between words, and indents what follows; a word that is wider
 * stays whole. Columns two spaces apart are broken between, not within. Color codes take no width.
 *
 * @param first the column at which the text begins
 */
export function wrapWords(text: string, width: number, indent = 0, first = 0): string {
  if (first + displayWidth(text) <= width) return text;
  let line = '';
  let column = first;
  const between = text.includes('  ') ? /(?<= {2})(?=[^ ])/ : /(?<= )(?=[^ ])/;
  for (const part of text.split(between)) {
    const word = displayWidth(part.trimEnd());
    if (column + word > width && column > indent) {
      line = `${line.trimEnd()}\n${' '.repeat(indent)}`;
      column = indent;
    }
    line += part;
    column += displayWidth(part);
  }
  return line.trimEnd();
}
