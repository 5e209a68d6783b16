/** Headers as received: several with the same name are a list. */
export type Headers = Record<string, string | string[] | undefined>;

/** The value of a header; several with the same name are joined, as HTTP allows. */
export function headerText(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** A number of bytes; undefined if the header is missing or invalid. */
export function byteCount(headers: Headers, name: string): number | undefined {
  const text = headerText(headers, name);
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  const bytes = Number(text);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

export interface ContentRange {
  /** The first byte; undefined in the answer to a range after the end. */
  start: number | undefined;
  total: number | undefined;
}

/** Parses the `content-range` header: `bytes 10-99/100`; range or total may be unknown. */
export function contentRange(headers: Headers): ContentRange | undefined {
  const match = /^bytes (?:(\d+)-\d+|\*)\/(?:(\d+)|\*)$/i.exec(headerText(headers, 'content-range')?.trim() ?? '');
  if (!match) return undefined;
  const [, start, total] = match;
  return {
    start: start === undefined ? undefined : Number(start),
    total: total === undefined ? undefined : Number(total),
  };
}

/** The `retry-after` header in seconds, whether it has seconds or a date. */
export function retryAfter(headers: Headers): number | undefined {
  const text = headerText(headers, 'retry-after')?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text);
  const date = Date.parse(text);
  if (Number.isNaN(date)) return undefined;
  // Uses the clock of the server if it is known, because the clock of this machine may be wrong.
  const now = Date.parse(headerText(headers, 'date') ?? '');
  return Math.max(0, (date - (Number.isNaN(now) ? Date.now() : now)) / 1000);
}

/** A strong entity tag, which identifies the exact bytes; weak ones do not. */
export function strongTag(headers: Headers): string | undefined {
  const tag = headerText(headers, 'etag')?.trim() ?? '';
  return /^"[\x21\x23-\x7e]+"$/.test(tag) ? tag : undefined;
}
