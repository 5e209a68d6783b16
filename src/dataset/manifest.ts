import {hash} from 'node:crypto';
import {mkdirSync, readFileSync, realpathSync} from 'node:fs';
import {join} from 'node:path';
import {writeAtomically} from '../common/files/atomic-file.ts';
import type {Dataset, DatasetFile} from './dataset.ts';
import type {FileHash} from './digest.ts';

/** The format version; files with another one are ignored. */
const VERSION = 1;

/** Resolution of file times, fine and coarse (FAT): two changes within one step have the same time. */
export const FINE_STEP_MS = 20;
const COARSE_STEP_MS = 2000;

/** Size, modification and change time in ms, SHA-256, MD5. */
type Row = [bytes: number, modified: number, changed: number, sha256: string, md5: string];

interface Manifest {
  version: number;
  root: string;
  files: Record<string, Row>;
}

/**
 * The cached hashes of files whose size and times are unchanged. A missing or damaged manifest, or one of another dataset,
 * counts as empty.
 */
export function readManifest(cacheDir: string, dataset: Dataset): Map<string, FileHash> {
  const known = new Map<string, FileHash>();
  let files: Manifest['files'];
  try {
    const manifest = JSON.parse(readFileSync(manifestPath(cacheDir, dataset.root), 'utf8')) as Manifest;
    if (manifest.version !== VERSION || manifest.root !== realpathSync(dataset.root)) return known;
    files = manifest.files;
  } catch {
    return known;
  }
  for (const file of dataset.files) {
    const row = Object.hasOwn(files, file.path) ? files[file.path] : undefined;
    if (Array.isArray(row) && isUntouched(row, file) && isHex(row[3], 64) && isHex(row[4], 32))
      known.set(file.path, {sha256: row[3], md5: row[4]});
  }
  return known;
}

/**
 * Caches the hashes for the next run. Files that changed just before `started` (the start of reading, in ms since 1970) are
 * left out, because a second change could have the same time. A cache that cannot be written is not an error.
 */
export function writeManifest(cacheDir: string, dataset: Dataset, hashes: readonly FileHash[], started: number): void {
  const rows: string[] = [];
  dataset.files.forEach(({path, bytes, modified, changed}, i) => {
    if (!isSettled({modified, changed}, started)) return;
    const {sha256, md5} = hashes[i];
    rows.push(`${JSON.stringify(path)}:[${bytes},${modified},${changed},"${sha256}","${md5}"]`);
  });
  const root = realpathSync(dataset.root);
  // Written by hand, which takes half the time of building an object with 75,000 rows first.
  const manifest = `{"version":${VERSION},"root":${JSON.stringify(root)},"files":{${rows.join(',')}}}`;
  const target = manifestPath(cacheDir, dataset.root);
  try {
    mkdirSync(join(cacheDir, 'manifests'), {recursive: true});
    writeAtomically(target, manifest);
  } catch {
    // The next run hashes again.
  }
}

/**
 * Whether the last change of a file is so long before `started` (ms since 1970) that a later change has another time. Times
 * in whole seconds indicate a coarse resolution.
 */
export function isSettled({modified, changed}: Pick<DatasetFile, 'modified' | 'changed'>, started: number): boolean {
  const coarse = modified % 1000 === 0 && changed % 1000 === 0;
  return Math.max(modified, changed) <= started - (coarse ? COARSE_STEP_MS : FINE_STEP_MS);
}

/** One file per dataset folder, whichever path leads to it. */
export function manifestPath(cacheDir: string, root: string): string {
  return join(cacheDir, 'manifests', `${hash('sha256', realpathSync(root)).slice(0, 16)}.json`);
}

function isUntouched([bytes, modified, changed]: Row, file: DatasetFile): boolean {
  return bytes === file.bytes && modified === file.modified && changed === file.changed;
}

function isHex(text: unknown, length: number): text is string {
  return typeof text === 'string' && text.length === length && /^[0-9a-f]+$/.test(text);
}
