import {existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, realpathSync, rmdirSync, statSync} from 'node:fs';
import {basename, dirname, join, relative, resolve, sep} from 'node:path';
import {fromFileSystemError, RiceError} from '../common/errors.ts';
import {temporaryName} from '../common/files/temporary-folder.ts';
import {checkDatasetRecord} from '../dataset/dataset-record.ts';

const ELSEWHERE = ['Name another folder with --dest.'];

/**
 * The absolute path of a destination, or of its target if it is a link.
 *
 * @throws RiceError USAGE or PATH_... for a path that can never be a dataset
 */
export function locateDestination(path: string): string {
  const dest = followLink(resolve(path));
  if (dest === dirname(dest))
    throw new RiceError('USAGE', `--dest ${path}: the root of a disk cannot become the dataset`);
  if (/^dataset\.json(\.lock)?$/i.test(basename(dest)))
    throw new RiceError('USAGE', `--dest ${path}: this name is reserved for the record of datasets`);
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
 * Checks before the work begins that its result can be moved to the destination.
 *
 * @throws RiceError PATH_NOT_WRITABLE, PATH_NOT_FOUND or DISK_FULL
 */
export function checkDestination(dest: string): void {
  if (existsSync(dest) && statSync(dest).dev !== statSync(dirname(dest)).dev)
    throw new RiceError('PATH_NOT_WRITABLE', `${dest} is a mount point, so no folder can be renamed to it`, {
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

/** Files that systems create in folders. */
const SYSTEM_FILES = new Set(['.ds_store', 'thumbs.db', 'ehthumbs.db', 'desktop.ini', 'icon\r']);

/**
 * Files in a folder that do not belong to the dataset and would be lost if it were replaced; the first few.
 *
 * @param labels names of the label folders
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
        !(isSystemFile(entry.name) || (top ? companions : []).includes(entry.name) || (!top && isPicture(entry.name)))
      )
        unrelated.push(path);
      if (unrelated.length >= SHOWN) return;
    }
  };
  walk('');
  return unrelated;
}

const SHOWN = 3;

function isSystemFile(name: string): boolean {
  return SYSTEM_FILES.has(name.toLowerCase()) || name.startsWith('._');
}

/** Whether a path is the folder itself or inside it. */
export function isWithin(path: string, folder: string): boolean {
  const below = relative(folder, path);
  return below === '' || (below !== '..' && !below.startsWith(`..${sep}`) && resolve(folder, below) === resolve(path));
}
