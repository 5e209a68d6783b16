import {existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, realpathSync, rmdirSync, statSync} from 'node:fs';
import {basename, dirname, join, relative, resolve, sep} from 'node:path';
import {fromFileSystemError, RiceError} from '../common/errors.ts';
import {temporaryName} from '../common/files/temporary-folder.ts';
import {checkDatasetRecord} from '../dataset/dataset-record.ts';

const ELSEWHERE = ['Name another place with --dest.'];

/**
 * The absolute path of a destination; where a link leads to, if it is one.
 *
 * @throws RiceError USAGE or PATH_... where no dataset can ever be there
 */
export function locateDestination(path: string): string {
  const dest = followLink(resolve(path));
  if (dest === dirname(dest)) throw new RiceError('USAGE', `--dest ${path}: a disk cannot become the dataset`);
  if (/^dataset\.json(\.lock)?$/i.test(basename(dest)))
    throw new RiceError('USAGE', `--dest ${path}: this is the name of the record beside datasets`);
  return dest;
}

function followLink(path: string): string {
  if (!isLink(path)) return path;
  try {
    return realpathSync(path);
  } catch (error) {
    throw new RiceError('PATH_NOT_FOUND', `${path} is a link to ${readlinkSync(path)}, which does not exist`, {
      suggestions: ELSEWHERE,
      cause: error,
    });
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink() ?? false;
  } catch (error) {
    throw fromFileSystemError(error, path, 'write');
  }
}

/**
 * Fails before the work begins where its result could not be put in place at the end.
 *
 * @throws RiceError PATH_NOT_WRITABLE, PATH_NOT_FOUND or DISK_FULL
 */
export function checkDestination(dest: string): void {
  if (existsSync(dest) && statSync(dest).dev !== statSync(dirname(dest)).dev)
    throw new RiceError('PATH_NOT_WRITABLE', `${dest} is a disk of its own: no folder can take its name`, {
      suggestions: [`Name a folder in it: --dest ${join(dest, 'Rice_Image_Dataset')}`],
    });
  checkDatasetRecord(dest);
  const trial = temporaryName(dest);
  try {
    mkdirSync(trial);
    rmdirSync(trial);
  } catch (error) {
    throw fromFileSystemError(error, dest, 'write');
  }
}

/** What systems leave in folders by themselves. */
const DROPPINGS = new Set(['.ds_store', 'thumbs.db', 'ehthumbs.db', 'desktop.ini', 'icon\r']);

/**
 * What in a folder would be lost with it though it belongs to no dataset; the first few.
 *
 * @param labels names of the folders that belong there
 * @param isPicture whether a name is that of a picture
 */
export function findUnrelated(
  folder: string,
  {
    labels,
    companions,
    isPicture,
  }: {labels: readonly string[]; companions: readonly string[]; isPicture(name: string): boolean},
): string[] {
  const unrelated: string[] = [];
  const walk = (below: string) => {
    for (const entry of readdirSync(join(folder, below), {withFileTypes: true})) {
      const path = join(below, entry.name);
      const top = below === '';
      if (entry.isDirectory() && (!top || labels.includes(entry.name))) walk(path);
      else if (
        !entry.isFile() ||
        !(isJunk(entry.name) || (top ? companions : []).includes(entry.name) || (!top && isPicture(entry.name)))
      )
        unrelated.push(path);
      if (unrelated.length >= SHOWN) return;
    }
  };
  walk('');
  return unrelated;
}

const SHOWN = 3;

function isJunk(name: string): boolean {
  return DROPPINGS.has(name.toLowerCase()) || name.startsWith('._');
}

/** Whether a path is a folder or lies in it. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === resolve(path));
}
