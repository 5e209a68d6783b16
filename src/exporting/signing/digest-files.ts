import {createHash} from 'node:crypto';
import {closeSync, type Dirent, openSync, readdirSync, readSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {byCodePoint} from '../../common/code-point-order.ts';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';

export interface FileDigest {
  /** Relative to the model's folder, with `/`; `.` for a model that is a file. */
  name: string;
  /** In hexadecimal. */
  sha256: string;
}

const CHUNK_BYTES = 1 << 20;

/**
 * Every file of a model with its SHA-256, in the order of their names, part by part: a model is a file, or a folder with
 * all that is in it.
 *
 * @param ignored files and folders to leave out, relative to the model's folder, with `/`
 * @throws RiceError NOT_SIGNABLE where there is a link or something else that is no file; PATH_NOT_FOUND or PATH_NOT_READABLE
 */
export function digestFiles(model: string, ignored: readonly string[]): FileDigest[] {
  return reading(model, () => {
    const stats = statSync(model);
    if (stats.isFile()) return [{name: '.', sha256: digestFile(model)}];
    if (!stats.isDirectory()) throw new RiceError('NOT_SIGNABLE', `${model} is neither a file nor a folder`);
    const leftOut = new Set(ignored);
    const names = [...filesIn(model, '', leftOut)].sort((a, b) => byParts(a.split('/'), b.split('/')));
    return names.map((name) => ({name, sha256: digestFile(join(model, name))}));
  });
}

function* filesIn(root: string, below: string, ignored: ReadonlySet<string>): Generator<string> {
  const folder = join(root, below);
  const entries = reading(folder, () => readdirSync(folder, {withFileTypes: true}));
  for (const entry of entries) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (ignored.has(name)) continue;
    if (entry.isFile()) yield name;
    else if (entry.isDirectory()) yield* filesIn(root, name, ignored);
    else throw new RiceError('NOT_SIGNABLE', `${join(root, name)} is ${kindOf(entry)}: a signature covers files only`);
  }
}

function kindOf(entry: Dirent): string {
  return entry.isSymbolicLink() ? 'a link' : 'neither a file nor a folder';
}

/** As Python's `pathlib` sorts, by which the digest of all files is the same in every program. */
function byParts(a: readonly string[], b: readonly string[]): number {
  const differing = a.findIndex((part, i) => part !== b[i]);
  return differing === -1 || b[differing] === undefined ? a.length - b.length : byCodePoint(a[differing], b[differing]);
}

/** In pieces, since a file may be larger than the memory. */
function digestFile(path: string): string {
  return reading(path, () => {
    const file = openSync(path, 'r');
    try {
      const sum = createHash('sha256');
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      for (let bytes = readSync(file, chunk); bytes > 0; bytes = readSync(file, chunk))
        sum.update(chunk.subarray(0, bytes));
      return sum.digest('hex');
    } finally {
      closeSync(file);
    }
  });
}

function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
}
