import {statSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {RiceError} from '../common/errors.ts';
import type {Dataset} from './dataset.ts';
import {listFolder} from './folder-listing.ts';
import {checkRootIsFolder} from './layout.ts';

/**
 * Pictures of one label: those directly in a folder, and in the folders in it.
 *
 * @throws RiceError PATH_NOT_FOUND, PATH_NOT_READABLE, NO_IMAGES
 */
export function labeledPictures(path: string, label: string): Dataset {
  checkRootIsFolder(path);
  const root = resolve(path);
  const dataset: Dataset = {root, labels: [label], files: [], ignored: [], notes: []};
  collect(dataset, '');
  if (dataset.files.length === 0) {
    throw new RiceError('NO_IMAGES', `there is no picture in ${path}`, {
      suggestions: ['Cut grains out of a photograph: rice scan PHOTO --crops DIR'],
    });
  }
  return dataset;
}

function collect(dataset: Dataset, folder: string): void {
  const {images, others, folders} = listFolder(join(dataset.root, folder));
  const within = (name: string) => (folder === '' ? name : `${folder}/${name}`);
  for (const name of images) {
    const {size, mtimeMs, ctimeMs} = statSync(join(dataset.root, within(name)));
    dataset.files.push({path: within(name), label: 0, bytes: size, modified: mtimeMs, changed: ctimeMs});
  }
  dataset.ignored.push(...others.map(within));
  for (const name of folders) collect(dataset, within(name));
}
