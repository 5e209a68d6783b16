import type {DatasetFile} from '../dataset.ts';
import {writeManifest} from '../manifest.ts';
import {scanDataset} from '../scan.ts';
import type {LabelledFile} from './inspect.ts';
import {writeSeal} from './seal.ts';
import type {Summary} from './summarize.ts';

/**
 * Keeps the hashes of a dataset's files for the next run, so that it need not read those that are untouched. Files that
 * were written since they were hashed are left out.
 *
 * @param files with the time of their last change as it was when they were hashed
 * @param summary what they amount to
 */
export function rememberHashes(
  cacheDir: string,
  folder: string,
  files: readonly LabelledFile[],
  summary: Summary,
): void {
  const started = Date.now();
  const scanned = scanDataset(folder, {minimumLabels: 1});
  const hashed = new Map(files.map((file) => [file.path, file]));
  const same = scanned.files.filter((file) => isSame(file, hashed.get(file.path)));
  const hashes = same.map(({path}) => hashed.get(path)!);
  writeManifest(cacheDir, {...scanned, files: same}, hashes, started);
  if (same.length === files.length && same.length === scanned.files.length)
    writeSeal(cacheDir, scanned, summary, started);
}

function isSame({bytes, modified}: DatasetFile, file: LabelledFile | undefined): boolean {
  return file !== undefined && file.bytes === bytes && file.modified === modified;
}
