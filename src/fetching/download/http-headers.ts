/** As they come: several of one name are a list. */
export type Headers = Record<string, string | string[] | undefined>;

/** The value of a header; several of one name are joined, as HTTP allows. */
export function headerText(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** A number of bytes; undefined where the header is missing or makes no sense. */
export function byteCount(headers: Headers, name: string): number | undefined {
  const text = headerText(headers, name);
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  const bytes = Number(text);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

export interface ContentRange {
  /** The first byte; undefined in the answer to a range beyond the end. */
  start: number | undefined;
  total: number | undefined;
}

/** Reads the range and the total that an answer holds: `bytes 10-99/100`; either may be unknown. */
export function contentRange(headers: Headers): ContentRange | undefined {
  const match = /^bytes (?:(\d+)-\d+|\*)\/(?:(\d+)|\*)$/i.exec(headerText(headers, 'content-range')?.trim() ?? '');
  if (!match) return undefined;
  const [, start, total] = match;
  return {
    start: start === undefined ? undefined : Number(start),
    total: total === undefined ? undefined : Number(total),
  };
}

/** Seconds until another try is welcome, whether they are given as such or as a date. */
export function retryAfter(headers: Headers): number | undefined {
  const text = headerText(headers, 'retry-after')?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text);
  const date = Date.parse(text);
  if (Number.isNaN(date)) return undefined;
  // By the server's clock, where it tells: this machine's may be wrong.
  const now = Date.parse(headerText(headers, 'date') ?? '');
  return Math.max(0, (date - (Number.isNaN(now) ? Date.now() : now)) / 1000);
}

/** An entity tag that stands for the very bytes; weak ones do not. */
export function strongTag(headers: Headers): string | undefined {
  const tag = headerText(headers, 'etag')?.trim() ?? '';
  return /^"[\x21\x23-\x7e]+"$/.test(tag) ? tag : undefined;
}
