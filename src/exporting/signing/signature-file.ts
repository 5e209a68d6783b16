import {realpathSync, statSync} from 'node:fs';
import {basename, dirname, isAbsolute, join, relative, sep} from 'node:path';
import {fromFileSystemError} from '../../common/errors.ts';
import {unreadable} from './hostile-json.ts';
import {readBounded} from './read-bounded.ts';

/** 64 MiB: a signature takes about 200 bytes a file. */
const MAX_BYTES = 64 << 20;

/** Where the signature of a model is unless it is said: `model.sig` in a folder, `FILE.sig` beside a file. */
export function signaturePath(model: string): string {
  return statSync(model, {throwIfNoEntry: false})?.isDirectory() ? join(model, 'model.sig') : `${model}.sig`;
}

/** @throws RiceError PATH_NOT_FOUND, PATH_NOT_READABLE or SIGNATURE_UNREADABLE */
export function readSignature(path: string): string {
  try {
    const bytes = readBounded(path, MAX_BYTES);
    if (!bytes) throw unreadable(path, 'it is too large for one');
    return bytes.toString('utf8');
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
}

/**
 * The name of a signature's file in the folder that it signs, with `/`; undefined where it lies elsewhere.
 *
 * @param signature need not exist, but its folder must
 * @throws RiceError PATH_NOT_FOUND
 */
export function nameInside(model: string, signature: string): string | undefined {
  const name = relative(realPath(model), join(realPath(dirname(signature)), basename(signature)));
  const outside = name === '..' || name.startsWith(`..${sep}`) || isAbsolute(name);
  return outside ? undefined : name.split(sep).join('/');
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
}
