import {mkdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {directoryDigest} from '../../dataset/digest.ts';
import type {KnownDigests} from './known-digests.ts';

/** The MD5s of the files of a dataset digest, by path. */
export type FileList = ReadonlyMap<string, string>;

/**
 * Caches the files of a digest, so that the differences of a damaged copy can be listed file by file. A cache that cannot be
 * written is not an error.
 */
export function cacheFileList(cacheDir: string, digest: string, files: readonly {path: string; md5: string}[]): void {
  const path = listPath(cacheDir, digest);
  try {
    mkdirSync(dirname(path), {recursive: true});
    writeAtomically(path, files.map(({path, md5}) => `${md5}  ${path}\0`).join(''));
  } catch {
    // A verification then lists fewer files.
  }
}

/** The files of a digest, if the list is cached and complete. */
export function readFileList(cacheDir: string, digest: string): FileList | undefined {
  try {
    const lines = readFileSync(listPath(cacheDir, digest), 'utf8').split('\0').slice(0, -1);
    const files = lines.map((line) => ({md5: line.slice(0, 32), path: line.slice(34)}));
    return directoryDigest(files) === digest ? new Map(files.map(({path, md5}) => [path, md5])) : undefined;
  } catch {
    return undefined;
  }
}

/** The digests of single files from a list. */
export function digestsOf(list: FileList): KnownDigests {
  return {isOther: (path, md5) => list.has(path) && list.get(path) !== md5};
}

function listPath(cacheDir: string, digest: string): string {
  return join(cacheDir, 'datasets', digest.replace(/\.dir$/, '.md5'));
}
