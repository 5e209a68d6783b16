import {type Headers, headerText, strongTag} from './http-headers.ts';
import type {RemoteContent} from './remote-file.ts';

/** The kinds of identity, the most reliable first; each is written as `kind:value`. */
const TAG = 'tag:';
const MD5 = 'md5:';
const MODIFIED = 'modified:';

/** Identifies the content, to detect that it was replaced. @param total bytes of the whole content */
export function identityOf(headers: Headers, total: number | undefined): string | undefined {
  const tag = strongTag(headers);
  if (tag !== undefined) return TAG + tag;
  const md5 = googleMd5(headers);
  if (md5 !== undefined) return MD5 + md5;
  const modified = headerText(headers, 'last-modified');
  if (modified === undefined || total === undefined || Number.isNaN(Date.parse(modified))) return undefined;
  return `${MODIFIED}${modified};${total}`;
}

/** The `If-Range` header that requests a range only of this content; undefined if the identity has no such header. */
export function conditionFor(identity: string): string | undefined {
  if (identity.startsWith(TAG)) return identity.slice(TAG.length);
  if (identity.startsWith(MODIFIED)) return identity.slice(MODIFIED.length, identity.lastIndexOf(';'));
  return undefined;
}

/** The digests of the whole content that a server and its redirects state. @param answers the last one first */
export function statedDigests(answers: Headers[]): RemoteContent['digests'] {
  return {md5: first(answers, googleMd5), sha256: first(answers, linkedSha256)};
}

/** Google Cloud Storage: `crc32c=AAAAAA==,md5=1B2M2Y8AsgTpgAmY7PhCfg==`, in one header or several. */
function googleMd5(headers: Headers): string | undefined {
  const [, base64] = /(?:^|[,\s])md5=([A-Za-z0-9+/]{22}==)/.exec(headerText(headers, 'x-goog-hash') ?? '') ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('hex');
}

/** Hugging Face: the entity tag of a large file is its SHA-256. */
function linkedSha256(headers: Headers): string | undefined {
  const [, sha256] = /^"?([0-9a-f]{64})"?$/i.exec(headerText(headers, 'x-linked-etag')?.trim() ?? '') ?? [];
  return sha256?.toLowerCase();
}

function first<T>(answers: Headers[], read: (headers: Headers) => T | undefined): T | undefined {
  for (const headers of answers) {
    const value = read(headers);
    if (value !== undefined) return value;
  }
  return undefined;
}
