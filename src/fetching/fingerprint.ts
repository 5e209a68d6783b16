import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {byCodePoint} from '../common/code-point-order.ts';
import {writeAtomically} from '../common/files/atomic-file.ts';
import type {Dataset} from '../dataset/dataset.ts';
import {isSettled, manifestPath} from '../dataset/manifest.ts';
import type {Summary} from './summarize.ts';

interface Fingerprint {
  version: 1;
  /** SHA-256 of the names, sizes and times of all files. */
  stamp: string;
  /** What was wanted when they were proved (see `keyOf`). */
  key: string;
  summary: Summary;
}

/** What a dataset amounts to, and what it was proved to be. */
export type Fingerprinted = Pick<Fingerprint, 'summary' | 'key'>;

/**
 * What a dataset amounted to when all of its files were last hashed; undefined unless every file is as it was then, by
 * name, size and times, and what it was proved to be is what is wanted. Reading the hashes of 75,000 files from their manifest takes a second; this takes no time.
 */
export function readFingerprint(cacheDir: string, dataset: Dataset, wanted: string): Summary | undefined {
  try {
    const {version, stamp, key, summary} = JSON.parse(
      readFileSync(fingerprintPath(cacheDir, dataset), 'utf8'),
    ) as Fingerprint;
    return version === 1 && key === wanted && stamp === stampOf(dataset) ? summary : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps what a dataset amounts to, unless a file was touched so lately that another change would not show. A cache that
 * cannot be written is no error.
 *
 * @param started ms since 1970, when the dataset was scanned
 */
export function writeFingerprint(
  cacheDir: string,
  dataset: Dataset,
  fingerprinted: Fingerprinted,
  started: number,
): void {
  if (!dataset.files.every((file) => isSettled(file, started))) return;
  const fingerprint: Fingerprint = {version: 1, stamp: stampOf(dataset), ...fingerprinted};
  try {
    writeAtomically(fingerprintPath(cacheDir, dataset), JSON.stringify(fingerprint));
  } catch {
    // The next run hashes instead.
  }
}

function fingerprintPath(cacheDir: string, {root}: Dataset): string {
  return manifestPath(cacheDir, root).replace(/\.json$/, '.fingerprint.json');
}

function stampOf({files}: Dataset): string {
  const rows = [...files].sort((a, b) => byCodePoint(a.path, b.path));
  const numbers = new Float64Array(rows.length * 3);
  for (const [row, {bytes, modified, changed}] of rows.entries()) numbers.set([bytes, modified, changed], row * 3);
  const stamp = createHash('sha256').update(rows.map(({path}) => path).join('\0'));
  return stamp.update(numbers).digest('hex');
}
