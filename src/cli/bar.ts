const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A fraction as a bar of `width` columns, to an eighth of a column; made of `#` without UTF-8. */
export function renderBar(fraction: number, width: number, utf8: boolean): string {
  const length = Math.min(1, Math.max(0, fraction)) * width;
  if (!utf8) return '#'.repeat(Math.round(length)).padEnd(width, '.');
  const eighths = Math.round(length * 8);
  return ('█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]).padEnd(width, ' ');
}
