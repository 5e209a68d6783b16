import {hash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {byCodePoint} from '../code-point-order.ts';
import type {Dataset} from '../dataset.ts';
import {isSettled, manifestPath} from '../manifest.ts';
import {replaceFile} from '../replace-file.ts';
import type {Summary} from './summarize.ts';

interface Seal {
  version: 1;
  /** SHA-256 of the names, sizes and times of all files. */
  stamp: string;
  summary: Summary;
}

/**
 * What a dataset amounted to when all of its files were last hashed; undefined unless every file is as it was then, by
 * name, size and times. Reading the hashes of 75,000 files from their manifest takes a second; this takes no time.
 */
export function readSeal(cacheDir: string, dataset: Dataset): Summary | undefined {
  try {
    const {version, stamp, summary} = JSON.parse(readFileSync(sealPath(cacheDir, dataset), 'utf8')) as Seal;
    return version === 1 && stamp === stampOf(dataset) ? summary : undefined;
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
export function writeSeal(cacheDir: string, dataset: Dataset, summary: Summary, started: number): void {
  if (!dataset.files.every((file) => isSettled(file, started))) return;
  const seal: Seal = {version: 1, stamp: stampOf(dataset), summary};
  try {
    replaceFile(sealPath(cacheDir, dataset), JSON.stringify(seal));
  } catch {
    // The next run hashes instead.
  }
}

function sealPath(cacheDir: string, {root}: Dataset): string {
  return manifestPath(cacheDir, root).replace(/\.json$/, '.seal.json');
}

function stampOf({files}: Dataset): string {
  const rows = [...files].sort((a, b) => byCodePoint(a.path, b.path));
  return hash(
    'sha256',
    rows.map(({path, bytes, modified, changed}) => `${path}\0${bytes} ${modified} ${changed}\n`).join(''),
  );
}
