import {hash} from 'node:crypto';
import {byCodePoint} from '../common/code-point-order.ts';

/** The two digests of a file, in lower-case hexadecimal. */
export interface FileHash {
  /** Decides the part of the split, and finds duplicates. */
  sha256: string;
  /** Identifies the file in DVC. */
  md5: string;
}

/** A file of a folder: its path relative to the folder, with forward slashes, and its MD5. */
export interface DigestEntry {
  path: string;
  md5: string;
}

export function hashBytes(bytes: Uint8Array): FileHash {
  return {sha256: hash('sha256', bytes), md5: hash('md5', bytes)};
}

/** DVC's digest of a folder with these files: the MD5 of its tree object and `.dir`. The order does not matter. */
export function directoryDigest(entries: readonly DigestEntry[]): string {
  return `${hash('md5', dvcTree(entries))}.dir`;
}

/**
 * DVC's tree object (format 3.x): the files sorted by path as JSON, byte for byte as Python's
 * `json.dumps(list, sort_keys=True)` writes it: ASCII only, without a final newline.
 */
export function dvcTree(entries: readonly DigestEntry[]): string {
  const items = [...entries]
    .sort((a, b) => byCodePoint(a.path, b.path))
    .map(({path, md5}) => `{"md5": "${md5}", "relpath": ${pythonString(path)}}`);
  return `[${items.join(', ')}]`;
}

/** Text that needs no escapes: printable ASCII without quotes and backslashes. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** Python escapes everything except printable ASCII (DEL as well) as lower-case UTF-16 code units. */
function pythonString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
