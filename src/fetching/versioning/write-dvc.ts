import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {basename, join, resolve, sep} from 'node:path';
import {setImmediate} from 'node:timers/promises';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {directoryDigest, dvcTree} from '../../dataset/digest.ts';
import {DvcCache, type Placement} from './dvc-cache.ts';
import {type DvcOutput, dvcFileText, hasOutput} from './dvc-file.ts';
import {locateDvcRepository, makeDvcRepository} from './dvc-repository.ts';
import {addToGitIgnore} from './git.ts';

export interface DvcOptions {
  /** The folder of the dataset. */
  folder: string;
  /** All of its files: path relative to the folder with forward slashes, MD5, size. */
  files: readonly {path: string; md5: string; bytes: number}[];
  signal?: AbortSignal;
  onProgress?: (progress: {done: number; total: number}) => void;
}

export interface DvcResult {
  /** The `.dvc` file. */
  file: string;
  /** The folder of the cache. */
  cache: string;
  /** The folder that contains `.dvc`, and whether it was created now. */
  repository: string;
  created: boolean;
  /** DVC's digest of the folder, `<md5>.dir`. */
  digest: string;
  /** The number of files by placement in the cache. */
  installed: Record<Placement, number>;
  /** The first few other files in the folder, which make DVC report it as modified. */
  others: string[];
}

/** Files between two checks of the signal. */
const BATCH = 128;

/** The largest number of other files to list. */
const MAX_OTHERS = 5;

/**
 * Tracks a folder with DVC like `dvc add`: adds its files to the cache, writes a `.dvc` file beside it, and adds its name to
 * `.gitignore`. Creates a DVC repository if there is none. Can be repeated after a kill.
 *
 * @throws RiceError DVC_UNUSABLE, PATH_NOT_READABLE, PATH_NOT_WRITABLE or DISK_FULL; the reason of the signal
 */
export async function writeDvc(options: DvcOptions): Promise<DvcResult> {
  const {files} = options;
  const folder = resolve(options.folder);
  if (files.length === 0) throw new RiceError('DVC_UNUSABLE', `${folder} has no files to track with DVC`);
  const repository = locateDvcRepository(folder);
  makeDvcRepository(repository);
  const digest = directoryDigest(files);
  const installed = await fillCache(repository.cache, digest, {...options, folder});
  if (repository.git !== undefined) addToGitIgnore(repository.git, folder);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const file = writeDvcFile(folder, {digest, bytes, files: files.length, name: basename(folder)});
  const {root, cache, exists} = repository;
  return {file, cache, repository: root, created: !exists, digest, installed, others: findOthers(folder, files)};
}

async function fillCache(cacheFolder: string, digest: string, options: DvcOptions): Promise<DvcResult['installed']> {
  const {folder, files, signal, onProgress} = options;
  const installed: DvcResult['installed'] = {reflink: 0, hardlink: 0, copy: 0, kept: 0};
  const cache = new DvcCache(cacheFolder);
  try {
    for (let start = 0; start < files.length; start += BATCH) {
      signal?.throwIfAborted();
      const batch = files.slice(start, start + BATCH);
      for (const {path, md5, bytes} of batch) installed[cache.addFile(folder, path, md5, bytes)]++;
      onProgress?.({done: start + batch.length, total: files.length});
      await setImmediate();
    }
    cache.addObject(digest, dvcTree(files));
  } finally {
    cache.close();
  }
  return installed;
}

function writeDvcFile(folder: string, output: DvcOutput): string {
  const file = `${folder}.dvc`;
  let text = '';
  try {
    if (existsSync(file)) text = readFileSync(file, 'utf8');
  } catch (error) {
    throw fromFileSystemError(error, file, 'read');
  }
  if (!hasOutput(text, output)) writeAtomically(file, dvcFileText(output));
  return file;
}

function findOthers(folder: string, files: DvcOptions['files']): string[] {
  const known = new Set(files.map(({path}) => path));
  const others: string[] = [];
  try {
    for (const entry of readdirSync(folder, {recursive: true, withFileTypes: true})) {
      if (entry.isDirectory()) continue;
      const path = join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll(sep, '/');
      if (!known.has(path)) others.push(path);
    }
  } catch (error) {
    throw fromFileSystemError(error, folder, 'read');
  }
  return others.sort().slice(0, MAX_OTHERS);
}
