import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {fromFileSystemError, RiceError} from '../errors.ts';

/**
 * Writes a file whole or not at all: into a temporary file beside it, which then takes its name. A symbolic link stays:
 * the file that it points to is replaced. A device or a pipe stays as well: it is written to directly.
 *
 * @throws RiceError PATH_NOT_WRITABLE, DISK_FULL or PATH_NOT_FOUND
 */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  try {
    const existing = statSync(path, {throwIfNoEntry: false});
    if (existing?.isDirectory()) throw isFolder(path);
    if (existing && !existing.isFile()) writeDirectly(path, content);
    else replace(existing ? realpathSync(path) : followLinks(path), content);
  } catch (error) {
    throw fromFileSystemError(error, path, 'write');
  }
}

/** Says before the work starts that its result could not be written. */
export function checkWritable(path: string): void {
  try {
    const existing = statSync(path, {throwIfNoEntry: false});
    if (existing?.isDirectory()) throw isFolder(path);
    if (existing) return;
    const folder = dirname(followLinks(path));
    if (!statSync(folder, {throwIfNoEntry: false})?.isDirectory())
      throw new RiceError('PATH_NOT_FOUND', `cannot write ${path}: the folder ${folder} does not exist`);
  } catch (error) {
    throw fromFileSystemError(error, path, 'write');
  }
}

function writeDirectly(path: string, content: string | Uint8Array): void {
  const file = openSync(path, constants.O_WRONLY);
  try {
    writeFileSync(file, content);
  } finally {
    closeSync(file);
  }
}

function replace(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, {force: true});
    throw error;
  }
}

/** Where links that lead to nothing yet end; `realpath` fails on those. A circle of links has failed in `stat` before. */
function followLinks(path: string): string {
  return lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink()
    ? followLinks(resolve(dirname(path), readlinkSync(path)))
    : path;
}

function isFolder(path: string): RiceError {
  return new RiceError('PATH_NOT_WRITABLE', `cannot write ${path}: it is a folder`, {
    suggestions: ['Name a file in it.'],
  });
}
