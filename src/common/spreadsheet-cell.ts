/**
 * What makes a spreadsheet take a text for a formula, also in its East Asian full width, behind any apostrophes:
 * https://owasp.org/www-community/attacks/CSV_Injection.
 */
const FORMULA = /^'*[=+\-@＝＋－＠]/u;
const DEFUSED = /^'(?='*[=+\-@＝＋－＠])/u;

/**
 * A text that no spreadsheet computes: one apostrophe before whatever begins like a formula. Spreadsheets hide it or
 * show it, and `restoreCell` takes it away again. Numbers need none of this: a column of them must stay one.
 */
export function defuseCell(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** What `defuseCell` was given. */
export function restoreCell(text: string): string {
  return text.replace(DEFUSED, '');
}
