import {join} from 'node:path';
import {RiceError} from '../../common/errors.ts';
import {openPreparedCache, type PreparedCache} from '../../dataset/cache/prepared-cache.ts';
import {IMAGES_FOLDER} from './manifest.ts';

/**
 * The prepared pictures of an artifact, which unlike those of the cache cannot be made anew.
 *
 * @throws RiceError RUN_DAMAGED where they are not those that the run was begun with, also when one is read
 */
export function openImages(artifact: string): PreparedCache {
  return openPreparedCache(join(artifact, IMAGES_FOLDER), damaged);
}

function damaged(folder: string, reason: string): RiceError {
  return new RiceError('RUN_DAMAGED', `the prepared pictures in ${folder} are damaged: ${reason}`);
}
