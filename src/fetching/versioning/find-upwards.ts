import {statSync} from 'node:fs';
import {dirname} from 'node:path';

/**
 * The nearest folder that passes a test, from an absolute path upwards; folders on the way need not exist. Like git and
 * DVC, it does not look beyond the disk that the folder is on.
 */
export function findUpwards(folder: string, test: (place: string) => boolean): string | undefined {
  for (let place = folder; ; place = dirname(place)) {
    if (test(place)) return place;
    if (dirname(place) === place || isMountPoint(place)) return undefined;
  }
}

export function isFolder(path: string): boolean {
  return tryToStat(path)?.isDirectory() ?? false;
}

function isMountPoint(folder: string): boolean {
  const [here, above] = [tryToStat(folder), tryToStat(dirname(folder))];
  return here !== undefined && above !== undefined && here.dev !== above.dev;
}

function tryToStat(path: string): ReturnType<typeof statSync> {
  try {
    return statSync(path, {throwIfNoEntry: false});
  } catch {
    return undefined;
  }
}
