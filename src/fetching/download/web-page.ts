/** The number of bytes of a page to search for its title. */
export const PAGE_BYTES = 65_536;

const MAX_TITLE_LENGTH = 100;

/** Whether bytes are the beginning of HTML. */
export function looksLikeWebPage(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, 1024)).toString('utf8');
  return /^\ufeff?\s*<(!doctype\s+html|html|head|body|script|!--)/i.test(text);
}

/** The title of a page, on one line; undefined if it has none. */
export function pageTitle(page: Uint8Array): string | undefined {
  const [, title = ''] = /<title[^>]*>([^<]*)</i.exec(Buffer.from(page).toString('utf8')) ?? [];
  const line = title.replace(/[\p{C}\s]+/gu, ' ').trim();
  if (line === '') return undefined;
  return line.length > MAX_TITLE_LENGTH ? `${line.slice(0, MAX_TITLE_LENGTH)}…` : line;
}
