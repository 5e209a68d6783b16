import {realpathSync} from 'node:fs';
import {RiceError} from '../common/errors.ts';
import {readDatasetRecord} from '../dataset/dataset-record.ts';
import {hasImageExtension} from '../dataset/folder-listing.ts';
import {findUnrelated, isWithin} from './destination.ts';
import type {Present} from './inspect.ts';
import type {FetchRequest} from './request.ts';
import {RICE_IMAGE_DATASET} from './verification/published.ts';

/**
 * Only a dataset is replaced, and only by --force: whatever else is there may be somebody's only copy.
 *
 * @throws RiceError DATASET_EXISTS
 */
export function checkOverwrite(present: Present, request: FetchRequest): void {
  const {dest, force} = request;
  if (present.kind === 'nothing') return;
  if (present.kind === 'other')
    throw exists(`${dest} is there already, and is no dataset: ${present.found}`, ['Name another place with --dest.']);
  if (present.kind === 'dataset' && !force)
    throw exists(`${dest} is there already, but ${present.found}`, [
      'Replace it with --force, or name another place with --dest.',
      'See in detail what is different: rice fetch-data --verify.',
    ]);
  refuseStrangers(request);
}

function refuseStrangers({dest, sources}: FetchRequest): void {
  const {companions, labels} = RICE_IMAGE_DATASET;
  const known = Object.keys(readDatasetRecord(dest)?.labels ?? labels);
  const unrelated = findUnrelated(dest, {labels: known, companions, isPicture: hasImageExtension});
  if (unrelated.length > 0)
    throw exists(`${dest} is not replaced: it also holds ${unrelated.join(', ')}, which belongs to no known dataset`, [
      'Move it away first, or name another place with --dest.',
    ]);
  const inside = [process.cwd(), ...sources.map(({address}) => address)].find((path) =>
    isWithin(real(path), real(dest)),
  );
  if (inside !== undefined)
    throw exists(`${dest} is not replaced: ${inside} is in it`, ['Name another place with --dest.']);
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
