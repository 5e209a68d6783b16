import {statSync} from 'node:fs';
import {dirname} from 'node:path';

/**
 * The nearest folder that passes a test, from an absolute path upwards; the folders need not exist. Like git and DVC, it
 * does not leave the disk of the folder.
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
  const [stats, parent] = [tryToStat(folder), tryToStat(dirname(folder))];
  return stats !== undefined && parent !== undefined && stats.dev !== parent.dev;
}

function tryToStat(path: string): ReturnType<typeof statSync> {
  try {
    return statSync(path, {throwIfNoEntry: false});
  } catch {
    return undefined;
  }
}
