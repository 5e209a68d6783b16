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
  /** The key of the request that the files were verified for (see `keyOf`). */
  key: string;
  summary: Summary;
}

/** The summary of a dataset, and the key of the request that it was verified for. */
export type Fingerprinted = Pick<Fingerprint, 'summary' | 'key'>;

/**
 * The summary of a dataset when all files were last hashed; undefined unless names, sizes and times of all files are
 * unchanged, and the dataset was verified for the same request. Faster than the manifest: reading the hashes of 75,000
 * files takes a second.
 */
export function readFingerprint(cacheDir: string, dataset: Dataset, requestKey: string): Summary | undefined {
  try {
    const {version, stamp, key, summary} = JSON.parse(
      readFileSync(fingerprintPath(cacheDir, dataset), 'utf8'),
    ) as Fingerprint;
    return version === 1 && key === requestKey && stamp === stampOf(dataset) ? summary : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Caches the summary of a dataset, unless a file changed so recently that another change would not be noticed. A cache that
 * cannot be written is not an error.
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
