import {realpathSync} from 'node:fs';
import {currentFolder} from '../common/current-folder.ts';
import {RiceError} from '../common/errors.ts';
import {shellWords} from '../common/shell-words.ts';
import {readDatasetRecord} from '../dataset/dataset-record.ts';
import {hasImageExtension} from '../dataset/folder-listing.ts';
import {findUnrelated, isWithin} from './destination.ts';
import type {Present} from './inspect.ts';
import type {FetchRequest} from './request.ts';
import {RICE_IMAGE_DATASET} from './verification/published.ts';

/**
 * Allows to replace only a dataset, and only with --force: other files may be the only copy.
 *
 * @throws RiceError DATASET_EXISTS
 */
export function checkOverwrite(present: Present, request: FetchRequest): void {
  const {dest, force} = request;
  if (present.kind === 'nothing') return;
  if (present.kind === 'other')
    throw exists(`${dest} already exists and is not a dataset: ${present.found}`, ['Name another folder with --dest.']);
  if (present.kind === 'dataset' && !force)
    throw exists(`${dest} already exists, but ${present.found}`, [
      'Replace it with --force, or name another folder with --dest.',
      `List the differences with: rice fetch-data --verify ${shellWords([dest])}`,
    ]);
  rejectUnrelatedFiles(request);
}

function rejectUnrelatedFiles({dest, sources}: FetchRequest): void {
  const {companions, labels} = RICE_IMAGE_DATASET;
  const known = Object.keys(readDatasetRecord(dest)?.labels ?? labels);
  const unrelated = findUnrelated(dest, {labels: known, companions, isPicture: hasImageExtension});
  if (unrelated.length > 0)
    throw exists(
      `${dest} is not replaced: it also contains ${unrelated.join(', ')}, which does not belong to the dataset`,
      ['Move it away first, or name another folder with --dest.'],
    );
  const here = currentFolder();
  const inUse = [...(here === undefined ? [] : [here]), ...sources.map(({address}) => address)];
  const inside = inUse.find((path) => isWithin(real(path), real(dest)));
  if (inside !== undefined)
    throw exists(`${dest} is not replaced: ${inside} is in it`, ['Name another folder with --dest.']);
}

function exists(message: string, suggestions: string[]): RiceError {
  return new RiceError('DATASET_EXISTS', message, {suggestions});
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
